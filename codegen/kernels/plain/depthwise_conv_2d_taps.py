"""DEPTHWISE_CONV_2D with the address of each tap found once for a pixel."""

from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import taps_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D, Pads

from .constants import plain_constants
from .pixels import pixels_of
from .scaling import scaling_refusal

HEADERS: Final = (
    *("dw_asm.h", "dw_plain.h", "dw_plain_scale_asm.h", "dw_plain_thumb2.h", "dw_plain_depthwise.h"),
    *("dw_plain_depthwise_asm.h", "dw_plain_depthwise_thumb2.h", "dw_plain_depthwise_twin.h"),
)


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, DepthwiseConv2D)
    if node.op.depth_multiplier != 1:
        return f"its channel multiplier is {node.op.depth_multiplier}, 1 is supported"
    return scaling_refusal(graph, node)


def _constants(layer: Layer) -> Constants:
    op, weights = layer.node.op, weights_of(layer.graph, layer.node)
    assert isinstance(op, DepthwiseConv2D)
    outside = weights.shape[3] if op.pads != Pads() else 0
    return plain_constants(layer, weights=tuple(weights.ravel().tolist()), outside=outside, inputs=None)


def _events(layer: Layer) -> Events:
    """Pixel by pixel, tap by tap, four channels at a time; the last ones by themselves."""
    _, rows, columns, channels = layer.output.shape
    taps = rows * columns * prod(taps_of(layer.graph, layer.node))
    fours, single = divmod(channels, 4)
    found: Events = {"tap": taps, "tap of 4 channels": taps * fours, "tap of 1 channel": taps * single}
    return with_calls(layer, WINDOW_CALL, found)


DEPTHWISE_CONV_2D_TAPS: Final = Kernel(
    name="depthwise_conv_2d_taps",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=pixels_of,
    data=LayerData(Struct("dw_depthwise", template=None), _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=_events,
)
