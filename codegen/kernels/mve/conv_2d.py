"""CONV_2D for Helium: the inputs of two pixels are gathered, any kernel, stride, dilation."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Kernel, Scratch
from depthwise.codegen.kernels.offset import is_on_line
from depthwise.codegen.operators import Conv2D

from .dots import BLOCK_PIXELS, DOT_DATA, HEADERS, OFFSET, conv_shape, dot_refusal, inputs_of, offset_dot_refusal


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the patches that are gathered at once, in whole words."""
    pixels = min(BLOCK_PIXELS, graph.output_of(node).shape[2])
    return -(-pixels * inputs_of(graph, node) // 4) * 4


CONV_2D_MVE: Final = Kernel(
    name="conv_2d_mve",
    operators=(Conv2D,),
    refusal=dot_refusal,
    shape=conv_shape,
    data=DOT_DATA,
    headers=HEADERS,
    scratch=Scratch("bytes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=is_on_line,
    traffic=None,
)
CONV_2D_MVE_OFFSET: Final = replace(
    CONV_2D_MVE, name="conv_2d_mve_offset", refusal=offset_dot_refusal, headers=(*HEADERS, *OFFSET)
)
