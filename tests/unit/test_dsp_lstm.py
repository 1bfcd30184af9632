"""Which LSTM layers the DSP extension's kernel computes, and why it leaves others."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.graph import Array, Graph, Quantization, Tensor
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.operators import UnidirectionalSequenceLstmState
from tests.support.dsp_networks import M4
from tests.support.network_builder import Builder
from tests.support.stateful import lstm

WEIGHTS, RECURRENT, BIASES = 3, 7, 11  # places of the first gate's among the inputs of a layer
Change = Callable[[Tensor], Tensor]


def network(inputs: int = 5, units: int = 3) -> Graph:
    build = Builder(4)
    return build.finish("lstm", lstm(build, build.input(1, 2, inputs), units))


def changed(graph: Graph, place: int, change: Change) -> Graph:
    node = next(n for n in graph.nodes if isinstance(n.op, UnidirectionalSequenceLstmState))
    tensors = list(graph.tensors)
    tensors[node.inputs[place]] = change(tensors[node.inputs[place]])
    return replace(graph, tensors=tuple(tensors))


def holding(make: Callable[[Array], Array]) -> Change:
    def change(tensor: Tensor) -> Tensor:
        assert tensor.data is not None
        return replace(tensor, data=make(tensor.data.copy()))

    return change


def chosen(graph: Graph) -> Chosen:
    node = next(n for n in graph.nodes if isinstance(n.op, UnidirectionalSequenceLstmState))
    return choose_kernels(graph, M4.families).of(node)


def least(place: int) -> Change:
    """Weights with -128 at a place, all others -1."""

    def make(data: Array) -> Array:
        data[:] = -1
        data[place] = -128
        return data

    return holding(make)


@pytest.mark.parametrize("kind", [WEIGHTS, RECURRENT])
def test_a_weight_of_minus_128_is_left_where_it_is_the_upper_one_beside_a_negative_one(kind: int) -> None:
    below = changed(changed(network(), kind, least(1)), kind + 1, least(2))
    assert [r.reason for r in chosen(below).refusals] == [
        "a weight of -128 does not fit into a lane beside a negative one"
    ]
    above = changed(network(), kind, least(1))
    upper = changed(above, kind + 1, holding(np.abs))
    assert chosen(upper).kernel.name == "lstm_steps_dsp"


def test_sums_that_256_times_do_not_fit_int32_are_left_to_the_general_kernel() -> None:
    for inputs, fast in ((516, True), (517, False)):
        wide = changed(network(inputs), WEIGHTS + 2, holding(lambda data: np.full_like(data, 127)))
        assert (chosen(wide).kernel.name == "lstm_steps_dsp") == fast
    assert chosen(wide).refusals[0].reason == "its sums can reach 8,404,352, less than 8,388,608 is supported"


def test_sums_that_do_not_fit_int32_where_they_are_shifted_are_left() -> None:
    large = changed(network(), BIASES, holding(lambda data: np.full_like(data, 2**30)))
    assert "doubled sums" in chosen(large).refusals[0].reason


def test_cells_of_a_scale_whose_products_grow_are_left() -> None:
    fine = changed(network(), 2, lambda tensor: replace(tensor, quantization=Quantization((2.0**-30,), (0,))))
    assert chosen(fine).refusals[0].reason == "a product of its functions is scaled by 1 or more"
