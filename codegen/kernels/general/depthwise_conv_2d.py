"""DEPTHWISE_CONV_2D: one loop for each dimension, any channel multiplier, weights [1][KH][KW][C]."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.kernels.weighted import offset_refusal, taps_of
from depthwise.codegen.operators import DepthwiseConv2D

from .rendered import rendered
from .weights import conv_constants
from .window import WindowShape, window_of


def _refusal(_graph: Graph, node: Node) -> str | None:
    return offset_refusal(node)


def _shape(layer: Layer) -> WindowShape:
    op = layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    return window_of(
        layer,
        taps=taps_of(layer.graph, layer.node),
        stride=op.stride,
        pads=op.pads,
        dilation=op.dilation,
        multiplier=op.depth_multiplier,
    )


def _constants(layer: Layer) -> Constants:
    return conv_constants(layer, "[1][KH][KW][C]")


DEPTHWISE_CONV_2D: Final = Kernel(
    name="depthwise_conv_2d",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(rendered("dw_conv"), _constants),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("depthwise_conv_2d", WINDOW_CALL),
    proves=None,
    traffic=None,
)
