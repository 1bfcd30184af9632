"""CONV_2D 1x1 for Helium: pixels are read as they lie, any stride."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.kernels.offset import is_on_line
from depthwise.codegen.kernels.weighted import larger_refusal
from depthwise.codegen.operators import Conv2D

from .dots import DOT_DATA, HEADERS, OFFSET, conv_shape, dot_refusal, offset_dot_refusal


def _refusal(graph: Graph, node: Node) -> str | None:
    return larger_refusal(graph, node) or dot_refusal(graph, node)


def _offset_refusal(graph: Graph, node: Node) -> str | None:
    return offset_dot_refusal(graph, node) or larger_refusal(graph, node)


CONV_2D_POINTWISE_MVE: Final = Kernel(
    name="conv_2d_pointwise_mve",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=conv_shape,
    data=DOT_DATA,
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=is_on_line,
    traffic=None,
)
CONV_2D_POINTWISE_MVE_OFFSET: Final = replace(
    CONV_2D_POINTWISE_MVE,
    name="conv_2d_pointwise_mve_offset",
    refusal=_offset_refusal,
    headers=(*HEADERS, *OFFSET),
)
