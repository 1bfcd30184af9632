"""Which larger kernels are computed by blocks of two pixels and three channels, and how their constants lie."""

import numpy as np
import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp.conv_2d_columns import groups_of, in_columns
from depthwise.codegen.kernels.dsp.joint import lanes_of_two
from depthwise.codegen.kernels.dsp.threes_rows import threes_bytes, threes_stream
from depthwise.codegen.kernels.predict import layer_cycles
from depthwise.codegen.passes import optimize
from tests.support.dsp_networks import M4, M4_WAITING, with_least_weights
from tests.support.models import read
from tests.support.threes_networks import NAME, take_threes, threes_chain, threes_in


def reason(graph: Graph) -> str:
    """Why the first layer is not."""
    chosen = choose_kernels(graph, M4.families).of(graph.nodes[0])
    return next(r.reason for r in chosen.refusals if r.kernel == NAME)


def test_rows_of_sixteen_of_resnet_are_whether_flash_waits_or_not() -> None:
    graph = optimize(read("ic_resnet8_int8")).graph
    for core, weights in ((M4, "joint"), (M4_WAITING, "joint_copied")):
        names = choose_kernels(graph, core.families).names
        assert [n.layer for n in graph.nodes if names.get(n.output) == NAME] == [4, 5]
        assert {shape.row.weights for shape in threes_in(graph, core)} == {weights}


def test_predicted_cycles_are_those_that_were_counted() -> None:
    graph = optimize(read("ic_resnet8_int8")).graph
    chosen = [c for c in choose_kernels(graph, M4.families).chosen.values() if c.kernel.name == NAME]
    for counted, kernel in zip((1_305_880, 2_560_651), chosen, strict=True):
        assert layer_cycles(kernel) == pytest.approx(counted, rel=0.02)


def test_layers_that_others_compute_as_fast_say_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fewer than 700 blocks" in reason(threes_chain(16, 6))
    assert "rows of 12 pixels" in reason(threes_chain(12, 6))
    assert "rows of 8 pixels" in reason(threes_chain(8, 6))
    assert "two in a lane" in reason(with_least_weights(threes_chain(16, 6)))
    take_threes(monkeypatch)
    assert "2 channels" in reason(threes_chain(16, 2))
    assert "4,095 are supported" in reason(threes_chain(2050, 3))


@pytest.mark.parametrize("channels", [3, 4, 5])
def test_constants_are_those_of_three_channels_then_a_pair_of_what_is_left(
    channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_threes(monkeypatch)
    graph = threes_chain(10, channels)
    layer = choose_kernels(graph, M4.families).of(graph.nodes[0]).layer
    weights, groups = in_columns(graph, layer.node), groups_of(graph, layer.node)
    words, at = threes_stream(layer, weights)
    assert 4 * at == threes_bytes("line", groups)
    lanes = np.array(words.values[3 : 3 + 3 * groups], "<u4").reshape(groups, 3).T.copy().view("<i2")
    assert np.array_equal(lanes.reshape(3, groups, 2), lanes_of_two(weights)[:3])
    left = np.array(words.values[at + 2 : at + 2 + 2 * groups], "<u4").reshape(-1, 2).T.copy().view("<i2")
    assert len(words.values) == at + (4 + 2 * groups if channels > 3 else 0)
    assert channels == 3 or np.array_equal(left[0].reshape(groups, 2), lanes_of_two(weights)[3])
