"""DEPTHWISE_CONV_2D of 3x3: three rows are turned to columns of lanes, of four channels at a time or one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Scratch, Struct
from depthwise.codegen.kernels.weighted import (
    Scaling,
    folded_bias,
    multiplier_refusal,
    parameters_of,
    taps_of,
    weights_of,
)
from depthwise.codegen.operators import DepthwiseConv2D

from .scaling import form_of, scales_of, scaling_refusal

# Bytes of a column of one channel, and of four channels in each of two planes.
COLUMN_BYTES: Final = 8
PLANE_BYTES: Final = 12
TAPS: Final = 3
FOUR: Final = 4
# What the compiler is told of a pixel that is read by words.
WORDS: Final = "__attribute__((aligned(4)))"
HEADERS: Final = (
    *("dw_asm.h", "dw_mac16.h", "dw_mac16_scale_asm.h"),
    *("dw_mac16_depthwise.h", "dw_mac16_depthwise_asm.h", "dw_mac16_depthwise_twin.h"),
    *("dw_mac16_fours_asm.h", "dw_mac16_fours_twin.h"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mac16Depthwise:
    """Columns of a row inside of the image and with those around it; bytes from a window to the next.

    `fours`: four channels at a time, whose windows are `advance4` bytes apart, where rows are whole words.
    """

    form: Scaling
    in_w: int
    out_w: int
    pad_left: int
    outside: int
    columns: int
    advance: int
    fours: bool
    advance4: int


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, DepthwiseConv2D)
    height, width = taps_of(graph, node)
    if (height, width) != (TAPS, TAPS) or node.op.dilation[1] != 1:
        return f"its kernel is {height}x{width} with dilation {node.op.dilation}, 3x3 without is supported"
    return multiplier_refusal(node) or scaling_refusal(graph, node)


def _columns(graph: Graph, node: Node) -> int:
    """Columns that lie in scratch: those of the image and of all windows."""
    assert isinstance(node.op, DepthwiseConv2D)
    inside, outputs = (t.shape[2] for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    stride, pad = node.op.stride[1], node.op.pads.left
    return max(pad + inside, (outputs - 1) * stride + TAPS)


def _shape(layer: Layer) -> Mac16Depthwise:
    op = layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    return Mac16Depthwise(
        form=form_of(layer),
        in_w=layer.input.shape[2],
        out_w=layer.output.shape[2],
        pad_left=op.pads.left,
        outside=parameters_of(layer).input_zero_point,
        columns=_columns(layer.graph, layer.node),
        advance=COLUMN_BYTES * op.stride[1],
        fours=_is_by_fours(layer.graph, layer.node),
        advance4=PLANE_BYTES * op.stride[1],
    )


def _is_by_fours(graph: Graph, node: Node) -> bool:
    """Tell whether pixels are whole words, each of four channels."""
    return graph.output_of(node).shape[3] % FOUR == 0


def _scratch_bytes(graph: Graph, node: Node) -> int:
    column = 2 * PLANE_BYTES if _is_by_fours(graph, node) else COLUMN_BYTES
    return column * _columns(graph, node)


def _constants(layer: Layer) -> Constants:
    p = parameters_of(layer)
    channels = len(p.multipliers)
    fields = {"channels": channels, "minimum": p.minimum, "maximum": p.maximum}
    border = array("int8_t", "border", "a pixel outside of the image", (p.input_zero_point,) * channels)
    arrays = (
        array("uint32_t", "stream", "see dw_mac16_depthwise.h", _stream(layer)),
        replace(border, attribute=WORDS) if _is_by_fours(layer.graph, layer.node) else border,
    )
    return Constants(arrays, number_fields(fields))


def _stream(layer: Layer) -> Iterator[int]:
    """Scale of each channel, then its weights by columns, two lanes a word."""
    bias = folded_bias(layer)
    lanes = np.zeros((len(bias), TAPS * TAPS + 1), "<i2")
    lanes[:, :-1] = weights_of(layer.graph, layer.node)[0].transpose(2, 1, 0).reshape(len(bias), -1)
    for scale, words in zip(scales_of(layer, bias), lanes.view("<u4").tolist(), strict=True):
        yield from scale
        yield from words


DEPTHWISE_CONV_2D_MAC16: Final = Kernel(
    name="depthwise_conv_2d_mac16",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_mac16_depthwise", template=None), _constants),
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=None,
    traffic=None,
)
