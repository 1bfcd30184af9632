"""DEPTHWISE_CONV_2D of 3x3 by strips of outputs that share the inputs they see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import COUNTED_CYCLE, WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData
from depthwise.codegen.kernels.offset import is_on_line
from depthwise.codegen.kernels.plain.scaling import scaling_refusal, sums_refusal
from depthwise.codegen.kernels.weighted import multiplier_refusal, taps_of, weights_of, without_offset
from depthwise.codegen.operators import DepthwiseConv2D, Pads

from .scales import SCALING, STREAMED, Form, bytes_of, form_of, scales_of, streamed
from .tiles import Tile, tiles_of

KERNEL: Final = (3, 3)
# Instructions for a channel of so many outputs side by side, by the columns from one to the next; in the last row of
# outputs that share no inputs.
APART: Final = 3
COSTS: Final = {
    1: {1: 44, 2: 60, 3: 76, 4: 95, 5: 114},
    2: {1: 44, 2: 63, 3: 85, 4: 107},
    APART: {1: 44, 2: 69, 3: 94, 4: 120, 5: 145},
}
# The same in cycles of a Cortex-M4; those that an output takes more where it is not on a line, and a pixel's address.
CYCLES: Final = {
    1: {1: 69, 2: 88, 3: 107, 4: 132, 5: 157},
    2: {1: 69, 2: 94, 3: 125, 4: 156},
    APART: {1: 69, 2: 106, 3: 143, 4: 178, 5: 215},
}
MORE: Final[Mapping[Form, float]] = {"line": 0.0, "signed": 5.0, "clamped": 12.0, "fitted": 7.0, "fitted_clamped": 14.0}
ADDRESS: Final = 5.0
HEADERS: Final = (*SCALING, "dw_strips.h", "dw_strips_asm.h", "dw_strips_twin.h")
WIDE: Final = ("dw_strips_wide.h", "dw_strips_wide_asm.h", "dw_strips_wide_twin.h")


@dataclass(frozen=True, slots=True)
class Interleaved:
    """Outputs at columns from `begin` to `end`, and every so many on: tiles of each."""

    begin: int
    end: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """Sizes of rows. Outputs of a strip are `distance` columns apart, and share inputs as by a stride of `shared`."""

    form: Form
    in_w: int
    channels: int
    stride_w: int
    dilation_w: int
    pad_left: int
    padded: bool
    shared: int
    distance: int
    interleaved: tuple[Interleaved, ...]

    @property
    def apart(self) -> bool:
        """Tell whether outputs share no inputs."""
        return self.shared == APART

    @property
    def most_columns(self) -> int:
        """Columns that the widest strip sees."""
        return (max(part.tiles[0].outputs for part in self.interleaved) - 1) * self.shared + KERNEL[1]


def _refusal(graph: Graph, node: Node) -> str | None:
    return _size_refusal(graph, node) or scaling_refusal(graph, node)


def _wide_refusal(graph: Graph, node: Node) -> str | None:
    return without_offset(graph, node) or _size_refusal(graph, node) or sums_refusal(graph, node)


def _size_refusal(graph: Graph, node: Node) -> str | None:
    height, width = taps_of(graph, node)
    if (height, width) != KERNEL:
        return f"its kernel is {height}x{width}, 3x3 is supported"
    return multiplier_refusal(node)


def _shape(layer: Layer) -> Strips:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    shared, distance = _sharing(op)
    return Strips(
        form=form_of(graph, node),
        in_w=layer.input.shape[2],
        channels=layer.input.shape[3],
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        padded=op.pads != Pads(),
        shared=shared,
        distance=distance,
        interleaved=_interleaved(layer.output.shape[2], distance, COSTS[shared]),
    )


def _sharing(op: DepthwiseConv2D) -> tuple[int, int]:
    """How outputs share inputs, and how many columns apart those are that do."""
    stride, dilation = op.stride[1], op.dilation[1]
    if stride == 1:
        return 1, dilation
    return (stride, 1) if dilation == 1 and stride < APART else (APART, 1)


def _interleaved(width: int, distance: int, costs: Mapping[int, int]) -> tuple[Interleaved, ...]:
    """Tiles of columns 0, `distance` … and of those that begin behind; the first ones may have an output more."""
    most, longer = -(-width // distance), (width - 1) % distance + 1
    parts = [Interleaved(0, min(longer, width), tiles_of(most, costs))]
    if longer < distance and most > 1:
        parts.append(Interleaved(longer, distance, tiles_of(most - 1, costs)))
    return tuple(parts)


def _constants(layer: Layer) -> Constants:
    weights = weights_of(layer.graph, layer.node)
    op, channels = layer.node.op, np.ascontiguousarray(weights.reshape(9, -1).T)
    assert isinstance(op, DepthwiseConv2D)
    return streamed(layer, _stream(layer, channels), len(channels) if op.pads != Pads() else 0)


def _stream(layer: Layer, channels: Array) -> Iterator[int]:
    """Nine weights of each channel, as bytes or as two bytes each, the lower one first, and its scale."""
    weights = channels.view(np.int8).reshape(len(channels), -1)
    for row, scale in zip(weights.tolist(), scales_of(layer), strict=True):
        yield from row
        yield from bytes_of((scale.multiplier, scale.bias, *scale.more))


def _events(layer: Layer) -> Events:
    """Cycles of each strip's channels, and of finding its pixels."""
    shape = _shape(layer)
    strips = [outputs for part in shape.interleaved for outputs in _outputs(part)]
    each = layer.output.shape[3] * layer.output.shape[1]
    cycles = each * sum(CYCLES[shape.shared][n] + MORE[shape.form] * n for n in strips)
    found = layer.output.shape[1] * sum(40.0 + 3 * ADDRESS * ((n - 1) * shape.shared + KERNEL[1]) for n in strips)
    return with_calls(layer, WINDOW_CALL, {COUNTED_CYCLE: cycles + found})


def _outputs(part: Interleaved) -> Iterator[int]:
    """Outputs of each strip."""
    begin = 0
    for tile in part.tiles:
        yield from (tile.outputs,) * ((part.end - part.begin) * ((tile.end - begin) // tile.outputs))
        begin = tile.end


DEPTHWISE_CONV_2D_STRIPS: Final = Kernel(
    name="depthwise_conv_2d_strips",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(STREAMED, _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=is_on_line,
    traffic=None,
)
# Weights with a zero point, as int16: a product of 32 bits takes them as fast.
DEPTHWISE_CONV_2D_STRIPS_WIDE: Final = replace(
    DEPTHWISE_CONV_2D_STRIPS,
    name="depthwise_conv_2d_strips_wide",
    refusal=_wide_refusal,
    headers=(*HEADERS, *WIDE),
)
