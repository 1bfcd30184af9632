"""Layers that are left to plain kernels on a core with Helium."""

from dataclasses import replace

import pytest

from tests.support.mve_networks import kinds
from tests.support.network_builder import Builder
from tests.support.networks import dense_network, depthwise_network
from tests.support.offset_networks import with_offset_weights


def test_channel_multipliers_are_left_to_plain_kernels_but_no_shift_to_the_left() -> None:
    assert kinds(depthwise_network(multiplier=2)) == {"depthwise_conv_2d"}
    graph = dense_network()
    last = graph.outputs[0]
    quantization = graph.tensors[last].quantization
    assert quantization is not None
    tiny = replace(quantization, scales=tuple(s / 2**20 for s in quantization.scales))
    tensors = tuple(replace(t, quantization=tiny) if t.index == last else t for t in graph.tensors)
    assert kinds(replace(graph, tensors=tensors)) == {"fully_connected_mve"}


@pytest.mark.parametrize(("size", "fast"), [(11, True), (12, False), (32, False)])
def test_kernels_whose_taps_would_fill_the_stack_are_left_to_one_that_keeps_none(size: int, fast: bool) -> None:
    """Of 32x32 taps they took 4,096 bytes, all that most boards leave for the stack."""
    build = Builder(size)
    x = build.input(1, size, size, 4)
    graph = build.finish("global", build.depthwise(x, (size, size), same=False))
    assert kinds(graph) == {"depthwise_conv_2d_mve" if fast else "depthwise_conv_2d"}
    offset = {"depthwise_conv_2d_wide_mve" if fast else "depthwise_conv_2d_offset"}
    assert kinds(with_offset_weights(graph)) == offset
