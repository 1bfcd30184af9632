"""DEPTHWISE_CONV_2D with the address of each tap found once for a pixel."""

from dataclasses import replace
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import multiplier_refusal, taps_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D, Pads

from .constants import Stored, lined_constants, plain_constants
from .lines import is_on_lines, lines_refusal
from .pixels import lined_pixels, pixels_of
from .scaling import scaling_refusal

HEADERS: Final = (
    *("dw_asm.h", "dw_fitted.h", "dw_plain.h", "dw_plain_scale_asm.h", "dw_plain_thumb2.h", "dw_plain_depthwise.h"),
    *("dw_plain_fitted_asm.h", "dw_plain_depthwise_asm.h", "dw_plain_depthwise_thumb2.h", "dw_plain_depthwise_twin.h"),
)

LINES: Final = (
    *("dw_asm.h", "dw_plain.h", "dw_plain_lines.h"),
    *("dw_plain_depthwise_lines.h", "dw_plain_depthwise_lines_asm.h"),
)


def _refusal(graph: Graph, node: Node) -> str | None:
    return multiplier_refusal(node) or scaling_refusal(graph, node)


def _stored(layer: Layer) -> Stored:
    op, weights = layer.node.op, weights_of(layer.graph, layer.node)
    assert isinstance(op, DepthwiseConv2D)
    outside = weights.shape[3] if op.pads != Pads() else 0
    return Stored(weights=tuple(weights.ravel().tolist()), outside=outside, inputs=None)


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
    data=LayerData(Struct("dw_depthwise", template=None), lambda layer: plain_constants(layer, _stored(layer))),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
    traffic=None,
)
# Sums scaled by lines, for Armv6-M.
DEPTHWISE_CONV_2D_LINES: Final = replace(
    DEPTHWISE_CONV_2D_TAPS,
    name="depthwise_conv_2d_lines",
    refusal=lambda graph, node: _refusal(graph, node) or lines_refusal(graph, node),
    shape=lined_pixels,
    data=LayerData(Struct("dw_lined", template=None), lambda layer: lined_constants(layer, _stored(layer))),
    headers=(
        "dw_asm.h",
        "dw_plain.h",
        "dw_plain_lines.h",
        "dw_plain_depthwise_lines.h",
        "dw_plain_depthwise_lines_asm.h",
    ),
    proves=is_on_lines,
)
