"""Which layers get kernels for the DSP extension."""

from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.passes import optimize
from tests.support.dsp_networks import M4, WIDTHS, separable_chain
from tests.support.models import read


def test_chains_reach_the_fast_kernels() -> None:
    kinds: set[str] = set()
    for activation in (Activation.RELU, Activation.NONE):
        for width in WIDTHS:
            kinds |= set(choose_kernels(optimize(separable_chain(width, activation)).graph, M4.families).names.values())
    assert {"conv_2d_dsp", "depthwise_conv_2d_dsp", "fully_connected_dsp", "add_dsp"} <= kinds


def test_vww_is_computed_by_fast_kernels_but_for_its_narrowest_rows() -> None:
    graph = optimize(read("vww_96_int8")).graph
    kinds = choose_kernels(graph, M4.families)
    weighted = [n for n in graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D | FullyConnected)]
    slow = [n.layer for n in weighted if not kinds.name(n).endswith("_dsp")]
    assert slow == [25]
