"""DEPTHWISE_CONV_2D of kernels up to eight columns wide, rows of any width, any channel multiplier: padded rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import COUNTED_CYCLE, WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.flash import FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch, Struct
from depthwise.codegen.kernels.weighted import FULL, folded_bias, is_signed, parameters_of, taps_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D

from .joint import is_steep
from .lines import KINDS, is_on_moved_line, kind_of, moved_lines_of
from .padded_rows import PaddedRows, padded_bytes, padded_rows_of
from .planar import input_refusal, padded_refusal
from .scaling import doublings_of, scaled_channels

FACTOR: Final = 256  # of sums on a line
HEADERS: Final = ("dw_asm.h", "dw_dsp.h", "dw_dsp_padded.h", "dw_dsp_padded_asm.h", "dw_dsp_padded_twin.h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded:
    """Sizes of a row, and of `DW_PADDED`: `on_line` is 1 where there are lines, 2 if they are moved, 3 if held.

    Of a channel's rows `columns` are copied, which lie `apart` bytes apart, the next channel's `next` bytes on.
    """

    rows: PaddedRows
    stride_w: int
    pad_left: int
    kernel_h: int
    columns: int
    apart: int
    next: int
    in_c: int
    multiplier: int
    zero_point: int
    on_line: int
    steep: int
    signed: int
    minimum: int
    maximum: int

    @property
    def channels(self) -> int:
        """Output channels."""
        return self.in_c * self.multiplier

    @property
    def words(self) -> int:
        """Words of an output channel."""
        return (2 if self.on_line else 4 + self.steep) + self.kernel_h * self.rows.words


def _reads_planar(graph: Graph, node: Node) -> bool:
    return input_refusal(graph, node) is None


def _shape(layer: Layer) -> Padded:
    op, p = layer.node.op, parameters_of(layer)
    assert isinstance(op, DepthwiseConv2D)
    _, _, width, channels = layer.input.shape
    rows = padded_rows_of(layer.graph, layer.node)
    planar = _reads_planar(layer.graph, layer.node)
    return Padded(
        rows=rows,
        stride_w=op.stride[1],
        pad_left=op.pads.left,
        kernel_h=taps_of(layer.graph, layer.node)[0],
        columns=min(width, rows.pitch - op.pads.left),
        apart=1 if planar else channels,
        next=width if planar else 1,
        in_c=channels,
        multiplier=op.depth_multiplier,
        zero_point=p.input_zero_point,
        on_line=1 + KINDS.index(kind) if (kind := kind_of(layer.graph, layer.node)) else 0,
        steep=int(is_steep(layer.graph, layer.node)),
        signed=int(is_signed(p)),
        minimum=p.minimum,
        maximum=p.maximum,
    )


def _constants(layer: Layer) -> Constants:
    words = (number % 2**32 for number in _channels(layer))
    return Constants((array("uint32_t", "channels", "see dw_dsp_padded.h", words),))


def _channels(layer: Layer) -> Iterator[int]:
    """Words of each output channel: how its sums of w·(x − zero point) are scaled, weights."""
    graph, node = layer.graph, layer.node
    weights, zero = weights_of(graph, node)[0].astype(np.int64), parameters_of(layer).input_zero_point
    sums = weights.sum(axis=(0, 1)).tolist()
    lines, steep = moved_lines_of(graph, node), is_steep(graph, node)
    channels = scaled_channels(graph, node, folded_bias(layer), doublings=doublings_of(graph, node))
    for c, total in enumerate(sums):
        if lines is None:
            yield channels[c].bias + channels[c].factor * zero * total
            yield from channels[c].scale
            yield from (channels[c].factor,) * steep
        else:
            yield lines[1][c]
            yield lines[0][c] + FACTOR * zero * total
        for row in weights[:, :, c]:
            yield from _row_words(row)


def _row_words(row: Array) -> Iterator[int]:
    """Bytes of a row's weights by fours; a fifth one alone is a word."""
    taps: list[int] = row.tolist()
    yield _bytes(taps[:4])
    if len(taps) == PaddedRows.FIVE:
        yield taps[4]
    elif len(taps) > PaddedRows.FOUR:
        yield _bytes(taps[4:])


def _bytes(values: list[int]) -> int:
    """Up to four int8 in a word."""
    return sum((value & 0xFF) << 8 * at for at, value in enumerate(values))


def _events(layer: Layer) -> Events:
    """Cycles of the instructions of each block, and what is copied for it."""
    shape, op = _shape(layer), layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    _, height, _, channels = layer.input.shape
    inside = _rows_inside(height, layer.output.shape[1], shape.kernel_h, op)
    outputs = layer.output.shape[1] * layer.output.shape[3]
    clamped = (shape.minimum, shape.maximum) != FULL
    each = 4.0 + shape.on_line if shape.on_line else 7.0 + 2.0 * clamped
    scaled = outputs * (each * layer.output.shape[2] + 40.0 + 24.0 * shape.rows.blocks)
    moved = shape.columns * (5.0 if shape.apart > 1 else 0.9) + 14.0
    cycles = inside * (channels * moved + layer.output.shape[3] * shape.rows.cycles) + scaled
    return with_calls(layer, WINDOW_CALL, {COUNTED_CYCLE: cycles + 20.0 * layer.output.shape[1] * channels})


def _rows_inside(height: int, rows: int, kernel_h: int, op: DepthwiseConv2D) -> int:
    """Rows of the kernel inside of the image, for all output rows."""
    tops = (y * op.stride[0] - op.pads.top for y in range(rows))
    return sum(min(top + kernel_h, height) - max(top, 0) for top in tops)


def _traffic(layer: Layer) -> FlashTraffic:
    """Words of each channel once for each block of a row's outputs."""
    shape, rows = _shape(layer), layer.output.shape[1]
    return FlashTraffic(constants=(swept(4 * shape.words, rows * shape.channels, shape.rows.blocks),))


DEPTHWISE_CONV_2D_PADDED_DSP: Final = Kernel(
    name="depthwise_conv_2d_padded_dsp",
    operators=(DepthwiseConv2D,),
    refusal=padded_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_padded", template=None), _constants),
    headers=HEADERS,
    scratch=Scratch("bytes", padded_bytes, always=_reads_planar),
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=is_on_moved_line,
    traffic=_traffic,
)
