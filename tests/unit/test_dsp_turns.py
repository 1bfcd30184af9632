"""TRANSPOSE as matrices whose rows become columns: what is found moves each element to its place."""

import numpy as np
import pytest

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.turns import Turn, merged, turn_of
from depthwise.codegen.operators import Transpose
from depthwise.codegen.operators.parts.rows import ScatteredRows, Whole
from depthwise.codegen.schedule.reads import access_of
from tests.support.dsp_networks import M4
from tests.support.network_builder import Builder
from tests.support.turned_networks import SEEDS, turned


def move(turn: Turn, values: Array, out: Array) -> None:
    """What the kernel writes, element by element."""
    for i in range(turn.matrices):
        for row in range(turn.rows):
            for column in range(turn.columns):
                to = i * turn.turned_step + column * turn.turned_pitch + row
                assert out[to] == -1
                out[to] = values[i * turn.step + row * turn.pitch + column]


def of(graph: Graph) -> tuple[Node, Turn | None]:
    (node,) = graph.nodes
    return node, turn_of(graph, node)


@pytest.mark.parametrize("seed", SEEDS)
def test_matrices_move_every_element_to_its_place(seed: int) -> None:
    graph = turned(seed)
    node, turn = of(graph)
    if turn is None:
        return
    assert isinstance(node.op, Transpose)
    shape, permutation = graph.inputs_of(node)[0].shape, node.op.permutation
    access = access_of(graph, node)
    values, out = np.arange(np.prod(shape)), np.full(np.prod(shape), -1)
    if isinstance(access, ScatteredRows):
        for y, row in enumerate(values.reshape(shape[1], -1)):
            move(turn, row, out[access.start.at(y) :])
    elif isinstance(access, Whole):
        move(turn, values, out)
    else:
        for row, to in zip(values.reshape(shape[1], -1), out.reshape(shape[1], -1), strict=True):
            move(turn, row, to)
    assert out.tolist() == values.reshape(shape).transpose(permutation).ravel().tolist()


def test_most_of_the_random_networks_are_made_of_matrices() -> None:
    names = [next(iter(choose_kernels(turned(seed), M4.families).names.values())) for seed in SEEDS]
    assert names.count("transpose_dsp") > len(SEEDS) // 3
    assert set(names) == {"transpose_dsp", "move", "move_by_kind"}


@pytest.mark.parametrize(
    ("shape", "permutation", "found"),
    [
        ((1, 22, 18, 28), (0, 3, 1, 2), ((396, 28), (1, 0))),
        ((1, 22, 18, 28), (0, 3, 2, 1), ((22, 18, 28), (2, 1, 0))),
        ((2, 3, 1, 5), (0, 3, 2, 1), ((2, 3, 5), (0, 2, 1))),
        ((1, 1, 7), (2, 1, 0), ((7,), (0,))),
        ((1, 1), (1, 0), ((), ())),
        ((4, 5, 6, 7), (2, 3, 0, 1), ((20, 42), (1, 0))),
        ((4, 5, 6, 7), (1, 0, 3, 2), ((4, 5, 6, 7), (1, 0, 3, 2))),
    ],
)
def test_axes_that_stay_side_by_side_are_one(
    shape: tuple[int, ...], permutation: tuple[int, ...], found: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    assert merged(shape, permutation) == found


@pytest.mark.parametrize(
    ("shape", "permutation", "reason"),
    [
        ((1, 22, 8, 3), (0, 3, 1, 2), "it turns rows of 3 elements, less than 4"),
        ((1, 22, 18, 7), (0, 2, 1, 3), "its last axis does not go in front of the one that becomes the last"),
    ],
)
def test_what_is_left_to_the_general_kernel_says_why(
    shape: tuple[int, ...], permutation: tuple[int, ...], reason: str
) -> None:
    build = Builder(1)
    graph = build.finish("left", build.transpose(build.input(*shape), *permutation))
    (chosen,) = choose_kernels(graph, M4.families).chosen.values()
    assert chosen.kernel.name == "move"
    assert [r.reason for r in chosen.refusals if r.kernel == "transpose_dsp"] == [reason]
