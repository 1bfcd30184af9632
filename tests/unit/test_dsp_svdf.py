"""Which SVDF layers the DSP extension's kernels compute, and the words of their time filters."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.data import ArrayView
from depthwise.codegen.operators import Svdf, SvdfState
from depthwise.codegen.schedule import steps
from tests.support.dsp_networks import M4
from tests.support.network_builder import Builder
from tests.support.stateful import svdf
from tests.support.svdf_networks import ordered_network, svdf_network


def network(rank: int, length: int, *, wide: bool = False, inputs: int = 5) -> Graph:
    build = Builder(rank + length)
    return build.finish("svdf", svdf(build, build.input(1, inputs), 3, rank, length, wide=wide))


def chosen(graph: Graph) -> list[Chosen]:
    """Both halves."""
    kernels = choose_kernels(graph, M4.families)
    return [kernels.of(node) for node in steps(graph) if isinstance(node.op, SvdfState | Svdf)]


def array_of(half: Chosen, name: str) -> ArrayView:
    assert half.kernel.data is not None
    return next(a for a in half.kernel.data.constants(half.layer).arrays if a.name == name)


@pytest.mark.parametrize("wide", [False, True])
def test_outputs_of_at_least_a_word_of_the_memory_are_computed_by_words(wide: bool) -> None:
    name, least = ("svdf_int16", 2) if wide else ("svdf", 4)
    for rank, length in ((1, 1), (1, 2), (1, 3), (3, 1), (2, 2), (1, 7), (3, 3)):
        state, output = chosen(network(rank, length, wide=wide))
        assert state.kernel.name == "svdf_state_dsp"
        assert output.kernel.name == (name + "_dsp" if rank * length >= least else name)


@pytest.mark.parametrize("wide", [False, True])
def test_every_element_of_the_memory_meets_its_weight_once(wide: bool) -> None:
    for rank, length in ((1, 4), (1, 5), (2, 3), (1, 7), (2, 4), (3, 3)):
        _, output = chosen(network(rank, length, wide=wide))
        node, inputs, word = output.layer.node, rank * length, 2 if wide else 4
        weights = output.layer.graph.tensors[node.inputs[1]].data
        assert weights is not None
        stored = np.array(array_of(output, "weights").values).reshape(3, -1)
        assert stored.shape[1] == -(-inputs // word) * word
        met = np.zeros((3, inputs), np.int64)
        for first in range(0, stored.shape[1], word):
            at = min(first, inputs - word)
            met[:, at : at + word] += stored[:, first : first + word]
        assert (met == weights.reshape(3, inputs)).all()


@pytest.mark.parametrize("inputs", [1, 2, 3, 4, 5, 7, 9, 29])
def test_weights_of_filters_are_stored_once_with_nothing_beside_them(inputs: int) -> None:
    """Of 3 · 4 filters, and of 3 · 3: the last four of these begin one in front of the third four."""
    for rank, quads in ((4, 3), (3, 3)):
        state, _ = chosen(network(rank, 4, inputs=inputs))
        assert len(array_of(state, "stream").values) == quads * inputs
        filters = state.layer.graph.tensors[state.layer.node.inputs[2]].data
        assert filters is not None
        stored = np.array(array_of(state, "stream").values, np.uint32).reshape(quads, inputs)
        left = stored[:, inputs // 4 * 4 :].astype("<u4").view(np.int8).reshape(quads, -1, 4)
        for quad, first in zip(left, (0, 4, 3 * rank - 4), strict=True):
            assert (filters[first : first + 4, inputs // 4 * 4 :] == quad.T).all()


def test_sums_of_any_number_of_inputs_are_computed() -> None:
    for inputs in (255, 257, 1027):
        state, _ = chosen(svdf_network(inputs, 6, wide=False, zero_point=-128, full=True))
        assert state.kernel.name == "svdf_state_dsp"


def test_a_filter_that_two_weights_in_a_lane_cannot_hold_is_left_to_the_general_kernel() -> None:
    graph = network(1, 4)
    feature = next(n for n in graph.nodes if isinstance(n.op, SvdfState)).inputs[2]
    tensors = list(graph.tensors)
    data = tensors[feature].data
    assert data is not None
    below = data.copy()
    below[:2, 0] = (-1, -128)
    tensors[feature] = replace(tensors[feature], data=below)
    state, _ = chosen(replace(graph, tensors=tuple(tensors)))
    assert state.kernel.name == "svdf_state"
    assert state.refusals[0].reason == "a weight of -128 does not fit into a lane beside a negative one"


def test_a_quad_is_turned_so_that_no_weight_of_minus_128_is_second_beside_a_negative_one() -> None:
    state, _ = chosen(ordered_network(6, 8, wide=False))
    assert state.kernel.name == "svdf_state_dsp"
    words = np.array(array_of(state, "stream").values, np.uint32).reshape(-1, 1 + 4 + 2)
    orders = words[:, :1].view(np.uint8)
    assert (np.sort(orders) == np.arange(4)).all()
    assert (orders != np.arange(4)).any()
