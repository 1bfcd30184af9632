"""RAM of networks of one layer: what a layer could keep as whole tensors it keeps by rows, or once."""

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import BatchMatmul
from depthwise.codegen.operators.parts.rows import SameRow, Whole
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose, state_bytes
from depthwise.codegen.schedule.reads import access_of
from depthwise.codegen.targets.cores import core
from tests.support.network_builder import Builder
from tests.support.operator_networks import operator_network
from tests.support.stateful import lstm

Shape = tuple[int, ...]


def ram_of(graph: Graph) -> int:
    lowered = lower(graph)
    return state_bytes(choose(lowered, "rows", variant(lowered, core("cortex-m4"))))


def products(one: Shape, other: Shape, *, constant: bool) -> Graph:
    build = Builder(3)
    x, given = build.input(*one), build.activation()
    if constant:
        y = build.constant(build.rng.integers(-127, 128, other).astype(np.int8), given)
    else:
        y = build.tensor(other, given)
        build.inputs.append(y)
    shape = (*np.broadcast_shapes(one[:-2], other[:-2]), one[-2], other[-1])
    return build.finish("products", build.node(BatchMatmul(False, False), (x, y), build.tensor(shape, given)))


@pytest.mark.parametrize(("steps", "inputs", "units"), [(15, 23, 20), (14, 14, 10), (10, 20, 26), (3, 8, 9)])
def test_an_lstm_keeps_its_input_its_output_both_states_and_the_cells_of_a_step(
    steps: int, inputs: int, units: int
) -> None:
    build = Builder(0)
    graph = build.finish("lstm", lstm(build, build.input(1, steps, inputs), units))
    padded = inputs + 3 if inputs % 4 else 0
    tensors = steps * (inputs + units) + (1 + 2 + 2) * units
    assert ram_of(graph) <= tensors + padded + 4 * 4  # each a whole word


def test_an_lstm_of_the_page_of_speeds_takes_less_ram_than_its_tensors_and_buffers_of_cmsis_nn() -> None:
    assert ram_of(operator_network("UNIDIRECTIONAL_SEQUENCE_LSTM", 0)) < 785


@pytest.mark.parametrize(
    ("one", "other", "constant", "by_rows"),
    [
        ((1, 6, 5, 4), (1, 6, 4, 3), False, True),
        ((1, 6, 5, 4), (1, 1, 4, 3), False, True),
        ((1, 1, 5, 4), (1, 6, 4, 3), False, True),
        ((1, 6, 5, 4), (1, 6, 4, 3), True, True),
        ((1, 6, 5, 4), (6, 4, 3), True, True),
        ((1, 1, 5, 4), (6, 4, 3), True, True),
        ((1, 6, 5, 4), (4, 3), True, True),
        ((1, 6, 5, 4), (1, 4, 3), False, True),
        ((1, 5, 4), (1, 4, 3), False, False),
        ((1, 1, 5, 4), (4, 3), True, False),
    ],
)
def test_matrices_are_multiplied_row_by_row_where_each_row_has_its_own(
    one: Shape, other: Shape, *, constant: bool, by_rows: bool
) -> None:
    graph = products(one, other, constant=constant)
    assert isinstance(access_of(graph, graph.nodes[0]), SameRow if by_rows else Whole)
