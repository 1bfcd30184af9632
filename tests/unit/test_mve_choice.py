"""Layers that are left to plain kernels on a core with Helium."""

from dataclasses import replace

from tests.support.mve_networks import kinds
from tests.support.networks import dense_network, depthwise_network


def test_channel_multipliers_are_left_to_plain_kernels_but_no_shift_to_the_left() -> None:
    assert kinds(depthwise_network(multiplier=2)) == {"depthwise_conv_2d"}
    graph = dense_network()
    last = graph.outputs[0]
    quantization = graph.tensors[last].quantization
    assert quantization is not None
    tiny = replace(quantization, scales=tuple(s / 2**20 for s in quantization.scales))
    tensors = tuple(replace(t, quantization=tiny) if t.index == last else t for t in graph.tensors)
    assert kinds(replace(graph, tensors=tensors)) == {"fully_connected_mve"}
