"""DEPTHWISE_CONV_2D 3x3 over rows [C][W], or turned to that: nine weights stay in five registers along a row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import ArrayView, Constants
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch, Struct
from depthwise.codegen.kernels.weighted import FULL, folded_bias, is_signed, parameters_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D

from .dots import WORDS
from .planar import columns_refusal, input_refusal
from .row_walk import walk_of
from .scaling import channel_scale, with_silent

CHANNEL: Final = "{ %s, { %s, %s, %s }, { %s, %s, %s }, %s, %s }"
MOST_TURNED: Final = 16  # channels whose rows are turned at once
HEADERS: Final = (
    *("dw_asm.h", "dw_dsp.h"),
    *("dw_dsp_depthwise.h", "dw_dsp_depthwise_asm.h", "dw_dsp_depthwise_twin.h"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Sizes of a row and how it is walked: see `DW_COLUMNS`; so many channels at a time are a `block`."""

    in_w: int
    out_w: int
    channels: int
    block: int
    stride_w: int
    pad_left: int
    middle: int
    tail: str
    zero_point: int
    signed: int
    minimum: int
    maximum: int

    @property
    def full(self) -> bool:
        """Tell whether the clamp is all of int8."""
        return (self.minimum, self.maximum) == FULL


def _refusal(graph: Graph, node: Node) -> str | None:
    return columns_refusal(graph, node) or input_refusal(graph, node)


def _block(graph: Graph, node: Node) -> int:
    channels = graph.inputs_of(node)[0].shape[3]
    return -(-channels // -(-channels // MOST_TURNED))


def _turned_bytes(graph: Graph, node: Node) -> int:
    """Bytes of three rows of a block, in whole words."""
    return -(-3 * _block(graph, node) * graph.inputs_of(node)[0].shape[2] // 4) * 4


def _walk(layer: Layer) -> tuple[int, str]:
    found = walk_of(layer.graph, layer.node)
    assert found is not None
    return found


def _shape(layer: Layer) -> Columns:
    op, p = layer.node.op, parameters_of(layer)
    assert isinstance(op, DepthwiseConv2D)
    middle, tail = _walk(layer)
    return Columns(
        in_w=layer.input.shape[2],
        out_w=layer.output.shape[2],
        channels=layer.input.shape[3],
        block=_block(layer.graph, layer.node),
        stride_w=op.stride[1],
        pad_left=op.pads.left,
        middle=middle,
        tail=tail,
        zero_point=p.input_zero_point,
        signed=int(is_signed(p)),
        minimum=p.minimum,
        maximum=p.maximum,
    )


def _constants(layer: Layer) -> Constants:
    zeros = (parameters_of(layer).input_zero_point,) * layer.input.shape[2]
    channels = tuple(_channels(layer))
    arrays = (
        ArrayView("struct dw_channel", "channels", "weights and scaling", values=channels, pattern=CHANNEL),
        ArrayView("int8_t", "border", "a row outside of the image", values=zeros, attribute=WORDS),
    )
    return Constants(arrays)


def _channels(layer: Layer) -> Iterator[int]:
    """Numbers of each channel's `struct dw_channel`."""
    p, bias = with_silent(layer.graph, layer.node), folded_bias(layer)
    data = 2 * weights_of(layer.graph, layer.node)[0].astype(np.int64)
    for c in range(data.shape[2]):
        taps = data[:, :, c].tolist()
        yield _wrapped(2 * bias[c])
        yield from channel_scale(p, c)
        yield from (_lanes(row[0], row[2]) for row in taps)
        yield _lanes(taps[0][1], taps[1][1])
        yield _lanes(taps[2][1], 0)


def _lanes(low: int, high: int) -> int:
    """Two int16 in a word."""
    return (low & 0xFFFF) | (high & 0xFFFF) << 16


def _wrapped(value: int) -> int:
    """An integer as the int32 that holds its lowest 32 bits."""
    return (value + 2**31) % 2**32 - 2**31


def _turned_events(layer: Layer) -> Events:
    """The same, and every element of three rows is turned; channels of the last block that were done before too."""
    channels, rows = layer.input.shape[3], layer.output.shape[1]
    block = _block(layer.graph, layer.node)
    blocks = -(-channels // block)
    again = blocks * block / channels
    found = {event: count * again for event, count in _events(layer).items() if event != WINDOW_CALL}
    elements = 3 * rows * blocks * block * layer.input.shape[2]
    return with_calls(layer, WINDOW_CALL, {**found, "turned element": elements, "turned block": rows * blocks})


def _events(layer: Layer) -> Events:
    op, out = layer.node.op, layer.output
    assert isinstance(op, DepthwiseConv2D)
    middle, tail = _walk(layer)
    rows = out.shape[1] * out.shape[3]
    each = "two" if op.stride[1] == 1 else "one"
    found: Events = {"channel row": rows, f"middle {each}": rows * middle}
    p = parameters_of(layer)
    if (p.minimum, p.maximum) != FULL:
        found["clamped output"] = float(layer.output.elements)
    if op.pads.left:
        found[f"edge {each}"] = float(rows)
    if tail != "NONE":
        edge = "edge two" if tail == "TWO" else "edge one"
        found[edge] = found.get(edge, 0.0) + rows
    return with_calls(layer, WINDOW_CALL, found)


DEPTHWISE_CONV_2D_DSP: Final = Kernel(
    name="depthwise_conv_2d_dsp",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_columns", template=None), _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=_events,
)
DEPTHWISE_CONV_2D_TURNED_DSP: Final = replace(
    DEPTHWISE_CONV_2D_DSP,
    name="depthwise_conv_2d_turned_dsp",
    refusal=columns_refusal,
    scratch=Scratch("bytes", _turned_bytes),
    events=_turned_events,
)
