"""CONV_2D by dot products of several pixels of a row, whose inputs are gathered as lanes."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Kernel, Layer, Scratch
from depthwise.codegen.kernels.weighted import (
    Scaling,
    faster_as_int16,
    is_pointwise,
    parameters_of,
    patch_inputs,
    taps_of,
)
from depthwise.codegen.operators import Conv2D

from .dots import BEHIND, DOT, HEADERS, LANE_BYTES, dot_refusal, is_turned
from .scaling import form_of

# Inputs that are lanes at a time, and the least number of pixels.
BLOCK_INPUTS: Final = 1024
BLOCK_PIXELS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mac16Conv:
    """`block` pixels are gathered at a time, `inputs` lanes each.

    `narrow`: weights are bytes; `kept`: those of a channel become lanes in front of the pixels, for all of them.

    `gather` is "pixels" for a 1x1 kernel whose pixels are whole words, "turned" for any other with such pixels,
    "bytes" for all else; `apart` is True where pixels of a 1x1 kernel do not lie side by side.
    """

    gather: str
    form: Scaling
    narrow: bool
    kept: bool
    apart: bool
    in_w: int
    in_c: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    outside: int
    inputs: int
    block: int


def _gather(graph: Graph, node: Node) -> str:
    if not is_turned(graph, node):
        return "bytes"
    return "pixels" if is_pointwise(graph, node) else "turned"


def _block(graph: Graph, node: Node) -> int:
    """Pixels that are gathered at a time."""
    return min(graph.output_of(node).shape[2], max(BLOCK_PIXELS, BLOCK_INPUTS // patch_inputs(graph, node)))


def _kept_block(graph: Graph, node: Node) -> int:
    """The same where one pixel's place holds the lanes of weights: parts of a row that are as equal as can be."""
    width = graph.output_of(node).shape[2]
    parts = -(-width // max(1, _block(graph, node) - 1))
    return -(-width // parts)


def _shape(layer: Layer) -> Mac16Conv:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    kernel_h, kernel_w = taps_of(graph, node)
    narrow, kept = not layer.int16_weights, not layer.int16_weights and _kept_block(graph, node) > 1
    return Mac16Conv(
        gather=_gather(graph, node),
        form=form_of(layer),
        narrow=narrow,
        kept=kept,
        apart=op.stride[1] > 1,
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_w=layer.output.shape[2],
        out_c=layer.output.shape[3],
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        outside=parameters_of(layer).input_zero_point,
        inputs=patch_inputs(graph, node),
        block=_kept_block(graph, node) if narrow else _block(graph, node),
    )


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return _block(graph, node) * patch_inputs(graph, node) * LANE_BYTES + 4 * BEHIND


CONV_2D_MAC16: Final = Kernel(
    name="conv_2d_mac16",
    operators=(Conv2D,),
    refusal=dot_refusal,
    shape=_shape,
    data=DOT,
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=faster_as_int16,
    events=None,
    proves=None,
    traffic=None,
)
