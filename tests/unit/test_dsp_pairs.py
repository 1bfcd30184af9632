"""FULLY_CONNECTED with the weights of two channels in a lane: what its stream holds."""

import pytest

from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from tests.support.dsp_networks import M4
from tests.support.network_builder import Builder


def dense(channels: int, *, per_channel: bool) -> Chosen:
    build = Builder(channels)
    build.dense(build.input(1, 1, 1, 10), channels, per_channel=per_channel)
    graph = build.finish("dense")
    return choose_kernels(graph, M4.families).of(graph.nodes[0])


@pytest.mark.parametrize("channels", [2, 4, 10])
@pytest.mark.parametrize("per_channel", [False, True])
def test_channels_of_one_scale_have_it_once_and_others_each_its_own(channels: int, per_channel: bool) -> None:
    kernel, layer = (chosen := dense(channels, per_channel=per_channel)).kernel, chosen.layer
    assert kernel.name == "fully_connected_pairs_dsp"
    assert kernel.data is not None
    assert kernel.events is not None
    data = kernel.data.constants(layer)
    words = channels + channels // 2 * 6  # biases; ten inputs are three groups of two words for a pair
    assert len(data.arrays[0].values) == words + (3 * channels if per_channel else 0)
    assert (data.fields[0].value == "{ 0, 0, 0 }") == per_channel
    assert {"channel of a pair", "channel at one scale"} & set(kernel.events(layer)) == {
        "channel of a pair" if per_channel else "channel at one scale"
    }
