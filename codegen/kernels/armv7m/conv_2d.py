"""CONV_2D by dot products of up to five pixels side by side, two of them in one product."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.offset import is_on_line, parted, parted_refusal
from depthwise.codegen.kernels.plain.scaling import scaling_refusal, sums_refusal
from depthwise.codegen.kernels.weighted import patch_inputs, taps_of
from depthwise.codegen.operators import Conv2D, Pads

from .groups import HALF, LARGEST, fits, runs_of
from .scales import SCALING, STREAMED, Form, Scale, bytes_of, form_of, scales_of, streamed
from .tiles import Tile, tiles_of

# Instructions of four inputs and a channel, by pixels side by side.
COSTS: Final = {1: 12, 2: 14, 3: 18, 4: 20, 5: 26}
# And between the inputs of two channels.
BETWEEN: Final = {1: 21, 2: 26, 3: 31, 4: 40, 5: 45}
WORD: Final = 4
# Inputs whose counts of groups fit into 17 bits, which they have where sums are not on a line.
MOST_COUNTED: Final = 8192
HEADERS: Final = (*SCALING, "dw_paired.h", "dw_paired_asm.h", "dw_paired_twin.h")
OFFSET: Final = ("dw_paired_offset.h", "dw_paired_offset_asm.h", "dw_paired_offset_twin.h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Sizes of a layer, the pixels of a row that are computed together, and what all weights have in common."""

    form: Form
    in_w: int
    in_c: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    padded: bool
    tiles: tuple[Tile, ...]
    common: int

    @property
    def inputs(self) -> int:
        """Inputs of an output."""
        return self.in_c * self.kernel_h * self.kernel_w

    @property
    def pointwise(self) -> bool:
        """Tell whether a pixel is all that an output sees."""
        return self.kernel_h * self.kernel_w == 1 and not self.padded


def _refusal(graph: Graph, node: Node) -> str | None:
    return scaling_refusal(graph, node) or _pairs_refusal(graph, node)


def _offset_refusal(graph: Graph, node: Node) -> str | None:
    return parted_refusal(graph, node) or sums_refusal(graph, node) or _pairs_refusal(graph, node)


def _pairs_refusal(graph: Graph, node: Node) -> str | None:
    if not fits(_rows(graph, node)):
        return f"two weights side by side are more than {LARGEST} in sum"
    inputs = patch_inputs(graph, node)
    if inputs > MOST_COUNTED and form_of(graph, node) != "line":
        return f"an output sees {inputs:,} inputs, {MOST_COUNTED:,} are counted"
    return None


def _rows(graph: Graph, node: Node) -> Array:
    """Weights [O, K] without what they have in common, padded with zeros."""
    weights = parted(graph, node).weights
    rows = np.zeros((len(weights), patch_inputs(graph, node)), np.int8)
    rows[:, : prod(weights.shape[1:])] = weights.reshape(len(weights), -1)
    return rows


def _tiles(graph: Graph, node: Node) -> tuple[Tile, ...]:
    fours = patch_inputs(graph, node) // 4
    costs = {pixels: fours * cost + BETWEEN[pixels] for pixels, cost in COSTS.items()}
    return tiles_of(graph.output_of(node).shape[2], costs)


def _shape(layer: Layer) -> Paired:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    height, width = taps_of(graph, node)
    return Paired(
        form=form_of(graph, node),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_c=layer.output.shape[3],
        kernel_h=height,
        kernel_w=width,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        padded=op.pads != Pads(),
        tiles=_tiles(graph, node),
        common=parted(graph, node).common,
    )


def _constants(layer: Layer) -> Constants:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    rows = zip(_rows(graph, node), scales_of(layer), strict=True)
    stream = (byte for row, scale in rows for byte in _channel(row, scale))
    run = layer.input.shape[3] * taps_of(graph, node)[1]
    return streamed(layer, stream, run if op.pads != Pads() else 0, patch_inputs(graph, node))


def _channel(row: Array, scale: Scale) -> Iterator[int]:
    """Runs of weights; multiplier, bias, what sums have too much as one word, shift."""
    runs = runs_of(row)
    bits = 32 - (scale.factor * HALF).bit_length() + 1
    yield from runs.bytes_
    yield from bytes_of((scale.multiplier, scale.bias, runs.groups % 2**bits | runs.counted << bits, *scale.more))


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Words of the inputs of the widest tile."""
    return WORD * patch_inputs(graph, node) * -(-_tiles(graph, node)[0].outputs // 2)


def _begun_bytes(graph: Graph, node: Node) -> int:
    """The same, and what sums begin with."""
    return _scratch_bytes(graph, node) + WORD * _tiles(graph, node)[0].outputs


CONV_2D_PAIRED: Final = Kernel(
    name="conv_2d_paired",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(STREAMED, _constants),
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=is_on_line,
    traffic=None,
)
# Weights with a zero point: what they have in common is added to all sums of a pixel at once.
CONV_2D_PAIRED_OFFSET: Final = replace(
    CONV_2D_PAIRED,
    name="conv_2d_paired_offset",
    refusal=_offset_refusal,
    headers=(*HEADERS, *OFFSET),
    scratch=Scratch("lanes", _begun_bytes),
)
