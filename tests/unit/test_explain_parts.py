"""Layers with weights are taken apart into what each weight multiplies, whatever their form."""

import pytest

from depthwise.codegen.golden import run
from depthwise.host.verify.explain.weighted_layers import parts_of
from depthwise.host.verify.explain.wrong_layer import WrongLayer
from tests.support.networks import NAMED_NETWORKS, image

NAMES = ("conv", "conv_groups", "conv_group_for_each", "depthwise_multiplier_3", "dense", "dense_vectors", "dense_map")
SPREAD = ("transpose_conv", "transpose_conv_valid")


@pytest.mark.parametrize("name", [*NAMES, *SPREAD])
def test_products_and_bias_add_up_to_the_sums(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    (node,) = graph.nodes
    values = run(graph, image(graph))
    parts = parts_of(WrongLayer(graph, node, values=values, crc=0, kept_in=(), kept_out=()))
    assert parts is not None
    bias = graph.tensors[node.inputs[2]].data
    assert bias is not None
    for channel in range(graph.output_of(node).shape[-1]):
        inputs, weights = parts.taps(channel)
        assert (inputs @ weights + int(bias[channel]) == parts.accumulators[:, channel]).all()
