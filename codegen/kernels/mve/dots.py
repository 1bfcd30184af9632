"""What CONV_2D and FULLY_CONNECTED for Helium share: dot products of one or two pixels (dw_mve_dot.h)."""

from dataclasses import dataclass
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Layer, LayerData, Struct
from depthwise.codegen.kernels.offset import parted, parted_refusal
from depthwise.codegen.kernels.weighted import form_refusal, offset_refusal, parameters_of, taps_of
from depthwise.codegen.operators import Conv2D

from .scales import FOUR, clamp_fields, scales, suffix_of

BLOCK_PIXELS: Final = 2
# Channels in the order in which sums of two channels at a time are begun (dw_mve_dot.h).
BY_TWO: Final = (0, 2, 1, 3)
HEADERS: Final = ("dw_asm.h", "dw_mve.h", "dw_mve_dot.h", "dw_mve_dot_asm.h", "dw_mve_dot_twin.h")
OFFSET: Final = ("dw_mve_dot_offset.h", "dw_mve_dot_offset_asm.h", "dw_mve_dot_offset_twin.h")


@dataclass(frozen=True, slots=True, kw_only=True)
class MveDot:
    """CONV_2D, a pair of pixels at a time, or FULLY_CONNECTED, where sizes of the image are 1.

    `suffix` names how sums become outputs ("", "_signed", "_left" or "_line"); `pairs` are pairs of pixels in a row,
    `rest` is 1 where a single one is left; `common` is what all weights have in common.
    """

    suffix: str
    in_w: int
    in_c: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    inputs: int
    pairs: int
    rest: int
    common: int = 0


def dot_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer cannot be computed by dot products of vectors."""
    return offset_refusal(node) or form_refusal(graph, node)


def offset_dot_refusal(graph: Graph, node: Node) -> str | None:
    """The same where weights have a zero point: what they have in common is added to all sums of a pixel at once."""
    return parted_refusal(graph, node) or form_refusal(graph, node)


def inputs_of(graph: Graph, node: Node) -> int:
    """Products in one output."""
    return prod(graph.tensors[node.inputs[1]].shape[1:])


def conv_shape(layer: Layer) -> MveDot:
    """Shape of a CONV_2D."""
    op, out = layer.node.op, layer.output
    assert isinstance(op, Conv2D)
    kernel_h, kernel_w = taps_of(layer.graph, layer.node)
    return MveDot(
        suffix=suffix_of(layer),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_c=out.shape[3],
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        inputs=inputs_of(layer.graph, layer.node),
        pairs=out.shape[2] // BLOCK_PIXELS,
        rest=out.shape[2] % BLOCK_PIXELS,
        common=parted(layer.graph, layer.node).common,
    )


def _constants(layer: Layer) -> Constants:
    p = parameters_of(layer)
    arrays = (
        array("int8_t", "weights", "weights [O][KH][KW][I]", parted(layer.graph, layer.node).weights),
        scales("groups", layer, BY_TWO, FOUR),
    )
    sizes = {
        "inputs": inputs_of(layer.graph, layer.node),
        "channels": len(p.multipliers),
        "outside": p.input_zero_point,
    }
    return Constants(arrays, clamp_fields(p, sizes))


DOT_DATA: Final = LayerData(Struct("dw_mve_dot", template=None), _constants)
