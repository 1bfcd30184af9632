"""CONV_2D of larger kernels: a row's columns become lanes once, and windows that overlap read the same ones."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.flash import FlashTraffic
from depthwise.codegen.kernels.kernel import Events, Int16, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import is_pointwise, parameters_of, taps_of, weights_of
from depthwise.codegen.operators import Conv2D

from .dot_traffic import known_traffic
from .dots import (
    BLOCK,
    COPIED,
    DOT,
    HEADERS,
    LANE_BYTES,
    Weights,
    dot_fields,
    dot_refusal,
    int16_gain,
    lanes_of,
    stream,
)
from .joint import joint_refusal
from .known_rows import GivenRow, KnownRow, known_events, known_refusal, known_row
from .lines import is_on_moved_line
from .planar import LARGEST_IMMEDIATE, is_planar, output_steps

WORD: Final = 4
COPIED_WIDTH: Final = 12  # pixels of a row for which weights that are copied once pay
GROUP_BYTES: Final = 8  # of joint weights of two channels
DATA_CACHE_BYTES: Final = 256  # of what is read from flash that waits
OTHER_PAIR_BYTES: Final = 32  # biases and scales of two channels
SCRATCH_BYTES: Final = 1536  # of lanes, from which on a row is computed in parts
MOST_UNEVEN_BYTES: Final = 2048  # of lanes, where they are made one by one
IN_ORDER: Final = (0, 2, 1, 3)  # which of four inputs each byte of a word of weights meets where lanes lie in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Sizes of a row: `columns` are expanded from `pad_left` in front of the image on, `kernel_h` rows of each.

    `outside` are four zero points, `expand` brings lanes there, `column` bytes for each. A row is
    computed in so many `parts`, `next_part` columns and `part_bytes` bytes of output apart.
    """

    row: KnownRow
    lanes: str
    in_w: int
    in_c: int
    kernel_h: int
    columns: int
    pad_left: int
    outside: int
    expand: str
    column: int
    parts: int
    next_part: int
    part_bytes: int


def overlap_refusal(graph: Graph, node: Node) -> str | None:
    """Why windows of a row do not read the same lanes."""
    reason = dot_refusal(graph, node)
    if reason is not None:
        return reason
    assert isinstance(node.op, Conv2D)
    if is_pointwise(graph, node):
        return "its kernel is 1x1 without padding: windows do not overlap"
    if node.op.dilation[1] != 1:
        return f"its taps are {node.op.dilation[1]} columns apart, 1 is supported"
    if _is_uneven(graph, node):
        return _uneven_refusal(graph, node) or known_refusal(graph, node)
    return known_refusal(graph, node) or (
        f"its pixels lie {_reach(graph, node):,} bytes apart, {LARGEST_IMMEDIATE:,} are supported"
        if _reach(graph, node) > LARGEST_IMMEDIATE
        else None
    )


def _is_uneven(graph: Graph, node: Node) -> bool:
    """Tell whether a pixel's channels are not whole words: then lanes are made one by one, and lie in order."""
    return graph.inputs_of(node)[0].shape[3] % 4 != 0


def _uneven_refusal(graph: Graph, node: Node) -> str | None:
    """Why lanes that are made one by one do not help."""
    assert isinstance(node.op, Conv2D)
    stride, width = node.op.stride[1], taps_of(graph, node)[1]
    if width <= stride:
        return f"its windows are {width} columns wide and {stride} apart: they do not overlap"
    if _reach(graph, node) > LARGEST_IMMEDIATE or input_bytes(graph, node) > MOST_UNEVEN_BYTES:
        return f"its columns take {input_bytes(graph, node):,} bytes of lanes, {MOST_UNEVEN_BYTES:,} are supported"
    return None


def _columns(graph: Graph, node: Node, parts: int = 1) -> int:
    """Columns that the windows of a row see, or those of one of its parts."""
    assert isinstance(node.op, Conv2D)
    return (graph.output_of(node).shape[2] // parts - 1) * node.op.stride[1] + taps_of(graph, node)[1]


def _column_lanes(graph: Graph, node: Node) -> int:
    """Lanes of a column: one more than inputs where pixels would not lie at whole words, which meets weights of 0."""
    assert isinstance(node.op, Conv2D)
    inputs = taps_of(graph, node)[0] * graph.inputs_of(node)[0].shape[3]
    return inputs + inputs * node.op.stride[1] % 2


def lane_step(graph: Graph, node: Node) -> int:
    """Bytes of lanes from pixel to pixel."""
    assert isinstance(node.op, Conv2D)
    return node.op.stride[1] * _column_lanes(graph, node) * LANE_BYTES


def groups_of(graph: Graph, node: Node) -> int:
    """Groups of four lanes that an output sees."""
    return -(-taps_of(graph, node)[1] * _column_lanes(graph, node) // 4)


def _reach(graph: Graph, node: Node) -> int:
    """Bytes that instructions reach over, from pixel to pixel and from a block's lanes to the next ones."""
    step = lane_step(graph, node)
    return max(2 * step, abs(BLOCK * step - 4 * LANE_BYTES * groups_of(graph, node)))


def _shape(waits: bool, layer: Layer) -> Columns:
    return columns_shape(waits, layer, _row(waits, layer))


def columns_shape(waits: bool, layer: Layer, row: KnownRow) -> Columns:
    """How a row's columns become lanes, which `row` reads."""
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    parts = parts_of(graph, node, waits=waits)
    return Columns(
        row=row,
        lanes=lanes_of(layer, weights_read(waits, layer)),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        kernel_h=taps_of(graph, node)[0],
        columns=_columns(graph, node, parts),
        pad_left=op.pads.left,
        outside=0x01010101 * (parameters_of(layer).input_zero_point & 0xFF),
        expand="dw_expand_uneven_columns" if _is_uneven(graph, node) else "dw_expand_columns",
        column=_column_lanes(graph, node) * LANE_BYTES,
        parts=parts,
        next_part=layer.output.shape[2] // parts * op.stride[1],
        part_bytes=layer.output.shape[2] // parts * output_steps(graph, node)[0],
    )


def _row(waits: bool, layer: Layer) -> KnownRow:
    return row_of(waits, layer, layer.output.shape[3])


def row_of(waits: bool, layer: Layer, channels: int) -> KnownRow:
    """Row of blocks of three pixels, of so many channels."""
    graph, node = layer.graph, layer.node
    parts = parts_of(graph, node, waits=waits)
    given = GivenRow(
        weights=weights_read(waits, layer),
        groups=groups_of(graph, node),
        waits=waits,
        step=lane_step(graph, node),
        copy=input_bytes(graph, node, parts),
        parts=parts,
        channels=channels,
    )
    return known_row(layer, given)


def parts_of(graph: Graph, node: Node, *, waits: bool) -> int:
    """Equal parts of a row: two where all of it takes more memory than blocks of other layers do."""
    fits = input_bytes(graph, node) <= SCRATCH_BYTES or graph.output_of(node).shape[2] % (2 * BLOCK)
    return 1 if fits or _is_copied(graph, node, waits=waits) else 2


def _constants(waits: bool, layer: Layer) -> Constants:
    graph, node = layer.graph, layer.node
    given = in_columns(graph, node)
    if _is_uneven(graph, node):
        given = _in_order(given, _column_lanes(graph, node))
    return Constants((stream(layer, given, weights_read(waits, layer)),), dot_fields(layer, groups_of(graph, node)))


def in_columns(graph: Graph, node: Node) -> Array:
    """Weights [O, KW, KH, I]: column after column."""
    return np.ascontiguousarray(weights_of(graph, node).transpose(0, 2, 1, 3))


def _in_order(weights: Array, lanes: int) -> Array:
    """Weights [O, KW, KH, I] as [O, K], for columns of so many lanes, neighbouring inputs side by side."""
    columns = weights.reshape(*weights.shape[:2], -1)
    patch = -(-columns.shape[1] * lanes // 4) * 4
    padded = np.zeros((len(weights), patch), weights.dtype)
    for x in range(columns.shape[1]):
        padded[:, x * lanes : x * lanes + columns.shape[2]] = columns[:, x]
    return padded.reshape(len(weights), -1, len(IN_ORDER))[:, :, IN_ORDER].reshape(len(weights), patch)


def weights_read(waits: bool, layer: Layer) -> Weights:
    """How weights are read; where lanes lie in order, each is the first of its four for some pixels: none are joint."""
    copied = _is_copied(layer.graph, layer.node, waits=waits)
    if not _gains(layer.graph, layer.node):
        return "joint_copied" if copied else "joint"
    if layer.int16_weights:
        return "wide"
    return "copied" if copied else "narrow"


def _gains(graph: Graph, node: Node) -> bool:
    """Tell whether weights cannot be joint, and so are read faster if they are int16."""
    return _is_uneven(graph, node) or joint_refusal(graph, node) is not None


def _int16(graph: Graph, node: Node) -> Int16:
    """What weights have of being stored as int16."""
    gain = int16_gain(graph, node)
    return Int16.FASTER if gain is Int16.SAME and _is_uneven(graph, node) else gain


def _is_copied(graph: Graph, node: Node, *, waits: bool) -> bool:
    """Tell whether weights are copied once for a row that is long enough, two groups at a time.

    int8 weights become lanes so; joint ones are read from flash once where it waits and its cache does not hold them.
    """
    groups = groups_of(graph, node)
    if graph.output_of(node).shape[2] < COPIED_WIDTH or groups % 2:
        return False
    return _gains(graph, node) or (waits and groups * GROUP_BYTES > DATA_CACHE_BYTES)


def input_bytes(graph: Graph, node: Node, parts: int = 1) -> int:
    """Bytes of lanes of a part's inputs, and of those behind them that meet weights of 0."""
    last = (graph.output_of(node).shape[2] // parts - 1) * lane_step(graph, node) + 4 * groups_of(
        graph, node
    ) * LANE_BYTES
    columns = _columns(graph, node, parts) * _column_lanes(graph, node) * LANE_BYTES
    return -(-max(columns, last) // WORD) * WORD


def _scratch_bytes(waits: bool, graph: Graph, node: Node) -> int:
    """Bytes of lanes of inputs, and of what a pair of channels reads where it is copied."""
    lane = LANE_BYTES if _gains(graph, node) else 1
    pair = 8 * groups_of(graph, node) * lane + OTHER_PAIR_BYTES
    inputs = input_bytes(graph, node, parts_of(graph, node, waits=waits))
    return inputs + (pair if _is_copied(graph, node, waits=waits) else 0)


def _events(waits: bool, layer: Layer) -> Events:
    graph, node, row = layer.graph, layer.node, _row(waits, layer)
    rows, pairs = layer.output.shape[1], -(-layer.output.shape[-1] // 2)
    dots = known_events(row, rows * parts_of(graph, node, waits=waits), pairs)
    moved: Events = expanded_inputs(graph, node)
    if row.weights in COPIED:
        moved[f"{row.weights} group"] = float(rows * pairs * row.groups)
    return with_calls(layer, WINDOW_CALL, dots | moved)


def expanded_inputs(graph: Graph, node: Node) -> Events:
    """Inputs that become lanes: by fours or one by one."""
    inputs = graph.output_of(node).shape[1] * _columns(graph, node) * _column_lanes(graph, node)
    return {"column input": float(inputs)} if _is_uneven(graph, node) else {"column group": float(inputs // 4)}


def _traffic(waits: bool, layer: Layer) -> FlashTraffic:
    passes = layer.output.shape[1] * parts_of(layer.graph, layer.node, waits=waits)
    return known_traffic(layer, _row(waits, layer), passes, layer.output.shape[-1])


def conv_2d_columns_dsp(*, waits: bool) -> Kernel:
    """The kernel, for flash that waits or does not."""
    return Kernel(
        name="conv_2d_columns_dsp",
        operators=(Conv2D,),
        refusal=overlap_refusal,
        shape=partial(_shape, waits),
        data=LayerData(DOT, partial(_constants, waits)),
        headers=HEADERS,
        scratch=Scratch("lanes", partial(_scratch_bytes, waits)),
        position=False,
        planar=is_planar,
        int16_weights=_int16,
        events=partial(_events, waits),
        proves=is_on_moved_line,
        traffic=partial(_traffic, waits),
    )
