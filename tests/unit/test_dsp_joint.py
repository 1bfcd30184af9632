"""Two int8 weights in a lane: the sums that they give, and the layers that cannot have them."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.joint import ADDED, joint_bias, joint_refusal, lanes_of_two
from depthwise.codegen.operators import Activation
from tests.support.dsp_networks import M4, M4_WAITING, columns_chain, with_least_weights
from tests.support.network_builder import Builder


def test_lanes_and_their_lower_bytes_give_256_times_the_sum_for_every_pair_of_extremes() -> None:
    inputs = np.array([-128, -127, -1, 0, 1, 127])
    x, y = (a.ravel() for a in np.meshgrid(inputs, inputs))
    lane = FACTOR * y - x + ADDED
    assert lane.min() == -(2**15)
    assert lane.max() == 2**15 - 1
    weights = np.array([(b, a) for a in range(-128, 128) for b in range(-128, 128) if a > -128 or b >= 0], np.int8)
    both, bias = lanes_of_two(weights)[:, 0, 0, None], joint_bias(weights)[:, None]
    assert (both == both.astype(np.int16)).all()
    lower = both.astype(np.int8).astype(np.int64)
    b, a = weights.astype(np.int64).T[..., None]
    assert (x * both + lane * lower - bias == FACTOR * (x * a + y * b)).all()


def dense(inputs: int, weight: int) -> Graph:
    build = Builder(0)
    graph = build.finish("large", build.conv(build.input(1, 1, 3, inputs), 2, (1, 1), activation=Activation.NONE))
    index = graph.nodes[0].inputs[1]
    data: Array = np.full(graph.tensors[index].shape, weight, np.int8)
    return replace(graph, tensors=tuple(replace(t, data=data) if t.index == index else t for t in graph.tensors))


def test_layers_whose_sums_or_weights_do_not_fit_are_left_to_bytes() -> None:
    small, large, least = dense(400, 127), dense(600, 127), with_least_weights(dense(4, 1))
    assert joint_refusal(small, small.nodes[0]) is None
    assert "less than 8,388,608 is supported" in str(joint_refusal(large, large.nodes[0]))
    assert "-128" in str(joint_refusal(least, least.nodes[0]))
    chosen = [choose_kernels(g, M4.families, 0).of(g.nodes[0]).layer.int16_weights for g in (small, large, least)]
    assert chosen == [False, True, True]


def test_weights_that_a_cache_does_not_hold_are_copied_once_for_a_row_where_flash_waits() -> None:
    graph = columns_chain(13, channels=16)
    first = graph.nodes[0]
    here, there = (choose_kernels(graph, core.families).of(first) for core in (M4, M4_WAITING))
    assert "weights='joint'" in repr(here.kernel.shape(here.layer))
    assert "weights='joint_copied'" in repr(there.kernel.shape(there.layer))
