"""DEPTHWISE_CONV_2D 3x3 over rows [C][W], or turned to that: nine weights stay in five registers along a row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, Literal

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import ArrayView, Constants, array
from depthwise.codegen.kernels.flash import FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch, Struct
from depthwise.codegen.kernels.weighted import FULL, folded_bias, is_signed, parameters_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D

from .dots import WORDS
from .lines import KINDS, LineKind, kind_of, kinds_of, moved_by, moved_lines_of, room_above
from .planar import columns_refusal, input_refusal
from .row_walk import walk_of
from .scaling import scaled_channels
from .two_roundings import is_rounded, rounding_of

LONG: Final = 4  # steps of a row in which unaligned loads take longer than one more step
MOST_OUTSIDE: Final = 2  # rows that a window's padding may have, so that one is inside
# Columns, outputs and padding of a row that is computed at once, and how it is called.
WHOLE: Final = {(5, 5, 1): "FIVE", (6, 6, 1): "SIX"}
# DW_COLUMNS_ON_LINE, DW_COLUMNS_ROUNDED, DW_COLUMN_BLOCK; words of a channel of each.
Form = Literal["ON_LINE", "ROUNDED", "BLOCK"]
WORDS_OF: Final[dict[Form, int]] = {"ON_LINE": 5, "ROUNDED": 7, "BLOCK": 9}
MOST_TURNED: Final = 16  # channels whose rows are turned at once
HEADERS: Final = (
    *("dw_asm.h", "dw_dsp.h"),
    *("dw_dsp_depthwise.h", "dw_dsp_depthwise_asm.h", "dw_dsp_depthwise_line_asm.h", "dw_dsp_depthwise_twin.h"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Sizes of a row and how it is walked: see `DW_COLUMNS`; so many channels at a time are a `block`.

    Sums become outputs as `form` says, which `moved` (1) or holds (2) them first; `shared` tells that layers of other
    channels call the function too, which finds in their constants how many there are: `channels` is 0.
    """

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
    form: Form
    moved: int
    shared: bool = False

    @property
    def words(self) -> int:
        """Words of a channel."""
        return WORDS_OF[self.form]

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
    """Steps in the middle of a row and how it ends; at even columns where that saves unaligned loads.

    A row of five or six is done at once. Blocks do neither.
    """
    op = layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    found = walk_of(layer.graph, layer.node)
    assert found is not None
    middle, tail = found
    if _form(layer) == "BLOCK":
        return found
    if whole := WHOLE.get((layer.input.shape[2], layer.output.shape[2], op.pads.left)):
        return 0, whole
    return (middle + 1, "EVEN") if tail == "TWO" and middle >= LONG and op.pads.left else found


def _shape(layer: Layer) -> Columns:
    sizes = _sizes(layer)
    return replace(sizes, channels=0, block=0, shared=True) if _is_shared(layer) else sizes


def _is_shared(layer: Layer) -> bool:
    """Tell whether rows are computed at once, and another layer's rows too that has other channels."""
    graph, tail, as_this = layer.graph, _walk(layer)[1], (_form(layer), _moved(layer))
    if tail not in WHOLE.values():
        return False
    others = (Layer(graph, n) for n in graph.nodes if isinstance(n.op, DepthwiseConv2D) and _refusal(graph, n) is None)
    alike = (o for o in others if _walk(o)[1] == tail and (_form(o), _moved(o)) == as_this)
    return any(o.input.shape[3] != layer.input.shape[3] for o in alike)


def _sizes(layer: Layer) -> Columns:
    op, p, form = layer.node.op, parameters_of(layer), _form(layer)
    assert isinstance(op, DepthwiseConv2D)
    middle, tail = _walk(layer)
    minimum, maximum = (p.minimum, p.maximum) if form == "BLOCK" else FULL
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
        signed=int(is_signed(p) and form == "BLOCK"),
        minimum=minimum,
        maximum=maximum,
        form=form,
        moved=_moved(layer),
    )


def _form(layer: Layer) -> Form:
    """How sums of all channels become outputs: all but blocks need a row inside of the image in every window."""
    op, graph, node = layer.node.op, layer.graph, layer.node
    assert isinstance(op, DepthwiseConv2D)
    if max(op.pads.top, op.pads.bottom) > MOST_OUTSIDE:
        return "BLOCK"
    if moved_lines_of(graph, node) is not None:
        return "ON_LINE"
    return "ROUNDED" if is_rounded(graph, node) else "BLOCK"


def _kind(layer: Layer) -> LineKind:
    """How the sums of all but blocks find the clamp's ends."""
    return kind_of(layer.graph, layer.node) or kinds_of(parameters_of(layer))[0]


def _moved(layer: Layer) -> int:
    """1 if outputs are moved, 2 if they are held; by how much is among the constants."""
    return 0 if _form(layer) == "BLOCK" else KINDS.index(_kind(layer))


def _constants(layer: Layer) -> Constants:
    if _is_shared(layer):
        words = chain((layer.input.shape[3],), _channels_of_bytes(layer))
        return Constants((array("uint32_t", "channels", "see dw_dsp_depthwise.h", words),))
    return _own_constants(layer)


def _own_constants(layer: Layer) -> Constants:
    if _form(layer) != "BLOCK":
        return Constants((array("uint32_t", "channels", "see dw_dsp_depthwise.h", _channels_of_bytes(layer)),))
    zeros = (parameters_of(layer).input_zero_point,) * layer.input.shape[2]
    arrays = (
        array("uint32_t", "channels", "see dw_dsp_depthwise.h", (n % 2**32 for n in _channels(layer))),
        ArrayView("int8_t", "border", "a row outside of the image", values=zeros, attribute=WORDS),
    )
    return Constants(arrays)


def _channels_of_bytes(layer: Layer) -> Iterator[int]:
    """Words of each channel whose weights are bytes: numbers of its line, or of its roundings, weights."""
    lines, data = moved_lines_of(layer.graph, layer.node), weights_of(layer.graph, layer.node)[0].astype(np.int64)
    numbers = rounding_of(layer) if lines is None else zip(*lines, strict=True)
    p, kind = parameters_of(layer), _kind(layer)
    moved, above = (room_above(p), p.maximum + 1) if kind == "held" else (moved_by(p, kind), 0)
    for c, of_channel in enumerate(numbers):
        (a0, a1, a2), (b0, b1, b2), (c0, c1, c2) = data[:, :, c].tolist()
        yield from (number % 2**32 for number in of_channel)
        yield from map(_four, ((a1, a0, b1, a2), (c1, b0, moved, b2), (above, c0, 0, c2)))


def _four(values: tuple[int, ...]) -> int:
    """Four int8 in a word."""
    return sum((value & 0xFF) << 8 * at for at, value in enumerate(values))


def _channels(layer: Layer) -> Iterator[int]:
    """Words of each channel: bias, scale, weights."""
    data = weights_of(layer.graph, layer.node)[0].astype(np.int64)
    for c, channel in enumerate(scaled_channels(layer.graph, layer.node, folded_bias(layer))):
        taps = (channel.factor * data[:, :, c]).tolist()
        yield channel.bias
        yield from channel.scale
        yield from (_lanes(row[0], row[2]) for row in taps)
        yield _lanes(taps[0][1], taps[1][1])
        yield _lanes(taps[2][1], 0)


def _lanes(low: int, high: int) -> int:
    """Two int16 in a word."""
    return (low & 0xFFFF) | (high & 0xFFFF) << 16


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
    more: Events = {"moved output": float(_moved(layer) * out.elements + rows)} if _moved(layer) else {}
    more |= {"rounded output": float(out.elements), "rounded row": rows} if _form(layer) == "ROUNDED" else {}
    found: Events
    form = "" if _form(layer) == "BLOCK" else "line "
    each = "two" if op.stride[1] == 1 else "one"
    if tail in WHOLE.values():
        found = {f"line row of {tail.lower()}": rows, "shared output": out.elements if _is_shared(layer) else 0.0}
        return with_calls(layer, WINDOW_CALL, found | more)
    found = {f"{form}channel row": rows, f"{form}middle {each}": rows * middle}
    if form and each == "one":
        found |= {"line middle pair": rows * (middle // 2), "line middle one": rows * (middle % 2)}
    p = parameters_of(layer)
    if not form and (p.minimum, p.maximum) != FULL:
        found["clamped output"] = float(layer.output.elements)
    if op.pads.left:
        found[f"{form}edge {each if tail != 'EVEN' else 'one'}"] = float(rows)
    if tail != "NONE":
        edge = f"{form}edge two" if tail == "TWO" else f"{form}edge one"
        found[edge] = found.get(edge, 0.0) + rows
    return with_calls(layer, WINDOW_CALL, found | more)


def _traffic(layer: Layer) -> FlashTraffic:
    """Words of all channels once for a row."""
    channels, rows = layer.output.shape[3], layer.output.shape[1]
    return FlashTraffic(constants=(swept(4 * channels * WORDS_OF[_form(layer)], rows),))


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
    int16_weights=None,
    events=_events,
    proves=lambda graph, node: _form(Layer(graph, node)) == "ON_LINE",
    traffic=_traffic,
)
DEPTHWISE_CONV_2D_TURNED_DSP: Final = replace(
    DEPTHWISE_CONV_2D_DSP,
    name="depthwise_conv_2d_turned_dsp",
    refusal=columns_refusal,
    shape=_sizes,
    data=LayerData(Struct("dw_columns", template=None), _own_constants),
    scratch=Scratch("bytes", _turned_bytes),
    events=_turned_events,
)
