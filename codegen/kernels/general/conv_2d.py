"""CONV_2D: one loop for each dimension, weights [O][KH][KW][I]."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.kernels.weighted import form_refusal, offset_refusal, taps_of
from depthwise.codegen.operators import Conv2D

from .weights import BY_OUTPUT
from .window import WindowShape, window_of


def shape(layer: Layer) -> WindowShape:
    """Shape of the function."""
    op = layer.node.op
    assert isinstance(op, Conv2D)
    taps = taps_of(layer.graph, layer.node)
    return window_of(layer, taps=taps, stride=op.stride, pads=op.pads, dilation=op.dilation)


def _refusal(graph: Graph, node: Node) -> str | None:
    return offset_refusal(node) or form_refusal(graph, node)


CONV_2D: Final = Kernel(
    name="conv_2d",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=shape,
    data=BY_OUTPUT,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("conv_2d", WINDOW_CALL),
    proves=None,
    traffic=None,
)
