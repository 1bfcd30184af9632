"""CONV_2D of larger kernels: a row's columns become lanes once, and windows that overlap read the same ones."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import is_pointwise, parameters_of, patch_inputs, taps_of, weights_of
from depthwise.codegen.operators import Conv2D

from .dots import (
    BLOCK,
    DOT,
    HEADERS,
    LANE_BYTES,
    LANE_FACTORS,
    dot_fields,
    dot_refusal,
    lanes_of,
    stream,
)
from .known_rows import KnownRow, Weights, known_events, known_refusal, known_row
from .planar import LARGEST_IMMEDIATE, is_planar

WORD: Final = 4
COPIED_WIDTH: Final = 12  # pixels of a row for which lanes that are made once pay
OTHER_PAIR_BYTES: Final = 32  # biases and scales of two channels
MOST_UNEVEN_BYTES: Final = 2048  # of lanes, where they are made one by one
IN_ORDER: Final = (0, 2, 1, 3)  # which of four inputs each byte of a word of weights meets where lanes lie in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Sizes of a row: `columns` are expanded from `pad_left` in front of the image on, `kernel_h` rows of each.

    `outside` are the lanes of two zero points, `expand` brings lanes there.
    """

    row: KnownRow
    lanes: str
    in_w: int
    in_c: int
    out_w: int
    kernel_h: int
    columns: int
    pad_left: int
    outside: int
    expand: str


def _refusal(graph: Graph, node: Node) -> str | None:
    reason = dot_refusal(graph, node)
    if reason is not None:
        return reason
    assert isinstance(node.op, Conv2D)
    if is_pointwise(graph, node):
        return "its kernel is 1x1 without padding: windows do not overlap"
    if node.op.dilation[1] != 1:
        return f"its taps are {node.op.dilation[1]} columns apart, 1 is supported"
    step, following = _steps(graph, node)
    reach = max(2 * step, abs(following))
    if _is_uneven(graph, node):
        return _uneven_refusal(graph, node) or known_refusal(graph, node)
    return known_refusal(graph, node) or (
        f"its pixels lie {reach:,} bytes apart, {LARGEST_IMMEDIATE:,} are supported"
        if reach > LARGEST_IMMEDIATE
        else None
    )


def _is_uneven(graph: Graph, node: Node) -> bool:
    """Tell whether a pixel's channels are not whole words: then lanes are made one by one, and lie in order."""
    return graph.inputs_of(node)[0].shape[3] % 4 != 0


def _uneven_refusal(graph: Graph, node: Node) -> str | None:
    """Why lanes that are made one by one do not help."""
    assert isinstance(node.op, Conv2D)
    step, following = _steps(graph, node)
    stride, width = node.op.stride[1], taps_of(graph, node)[1]
    if step % WORD:
        return f"its pixels lie {step} bytes of lanes apart, whole words are supported"
    if width <= stride:
        return f"its windows are {width} columns wide and {stride} apart: they do not overlap"
    if max(2 * step, abs(following)) > LARGEST_IMMEDIATE or _input_bytes(graph, node) > MOST_UNEVEN_BYTES:
        return f"its columns take {_input_bytes(graph, node):,} bytes of lanes, {MOST_UNEVEN_BYTES:,} are supported"
    return None


def _columns(graph: Graph, node: Node) -> int:
    """Columns that the windows of a row see."""
    assert isinstance(node.op, Conv2D)
    return (graph.output_of(node).shape[2] - 1) * node.op.stride[1] + taps_of(graph, node)[1]


def _column_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes of a column."""
    return taps_of(graph, node)[0] * graph.inputs_of(node)[0].shape[3] * LANE_BYTES


def _steps(graph: Graph, node: Node) -> tuple[int, int]:
    """Bytes from pixel to pixel, and from the end of a pixel's lanes to the third pixel behind it."""
    assert isinstance(node.op, Conv2D)
    step = node.op.stride[1] * _column_bytes(graph, node)
    return step, BLOCK * step - patch_inputs(graph, node) * LANE_BYTES


def _shape(layer: Layer) -> Columns:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    lane = LANE_FACTORS[lanes_of(layer)] * parameters_of(layer).input_zero_point & 0xFFFF
    return Columns(
        row=_row(layer),
        lanes=lanes_of(layer),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_w=layer.output.shape[2],
        kernel_h=taps_of(graph, node)[0],
        columns=_columns(graph, node),
        pad_left=op.pads.left,
        outside=lane << 16 | lane,
        expand="dw_expand_uneven_columns" if _is_uneven(graph, node) else "dw_expand_columns",
    )


def _row(layer: Layer) -> KnownRow:
    step, following = _steps(layer.graph, layer.node)
    return known_row(layer, _weights(layer), step, following, _input_bytes(layer.graph, layer.node))


def _constants(layer: Layer) -> Constants:
    weights = weights_of(layer.graph, layer.node).transpose(0, 2, 1, 3)
    given = np.ascontiguousarray(weights)
    if _is_uneven(layer.graph, layer.node):
        given = _in_order(given, patch_inputs(layer.graph, layer.node))
    return Constants((stream(layer, given),), dot_fields(layer))


def _in_order(weights: Array, patch: int) -> Array:
    """Weights [O, …] as [O, patch], for lanes of neighbouring inputs."""
    rows = weights.reshape(len(weights), -1)
    padded = np.zeros((len(weights), patch), weights.dtype)
    padded[:, : rows.shape[1]] = rows
    return padded.reshape(len(weights), -1, len(IN_ORDER))[:, :, IN_ORDER].reshape(len(weights), patch)


def _weights(layer: Layer) -> Weights:
    """How weights are read: as lanes, as bytes, or as bytes that become lanes once for a row."""
    if layer.int16_weights:
        return "wide"
    return "copied" if _is_copied(layer.graph, layer.node) else "narrow"


def _is_copied(graph: Graph, node: Node) -> bool:
    """Tell whether int8 weights become lanes once for a row: where it is long enough, two groups at a time."""
    return graph.output_of(node).shape[2] >= COPIED_WIDTH and patch_inputs(graph, node) % 8 == 0


def _input_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes of a row's inputs, and of those behind them that meet weights of 0."""
    step, _ = _steps(graph, node)
    last = (graph.output_of(node).shape[2] - 1) * step + patch_inputs(graph, node) * LANE_BYTES
    return -(-max(_columns(graph, node) * _column_bytes(graph, node), last) // WORD) * WORD


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes of inputs, and of what a pair of channels reads where it is copied."""
    pair = 2 * patch_inputs(graph, node) * LANE_BYTES + OTHER_PAIR_BYTES
    return _input_bytes(graph, node) + (pair if _is_copied(graph, node) else 0)


def _events(layer: Layer) -> Events:
    graph, node, row = layer.graph, layer.node, _row(layer)
    rows, pairs = layer.output.shape[1], -(-layer.output.shape[-1] // 2)
    dots = known_events(layer, rows, row)
    moved: Events = _moved(graph, node)
    if row.weights == "copied":
        moved["copied group"] = float(rows * pairs * row.groups)
    return with_calls(layer, WINDOW_CALL, dots | moved)


def _moved(graph: Graph, node: Node) -> Events:
    """Inputs that become lanes: by fours or one by one."""
    inputs = graph.output_of(node).shape[1] * _columns(graph, node) * _column_bytes(graph, node) // LANE_BYTES
    return {"column input": float(inputs)} if _is_uneven(graph, node) else {"column group": float(inputs // 4)}


CONV_2D_COLUMNS_DSP: Final = Kernel(
    name="conv_2d_columns_dsp",
    operators=(Conv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(DOT, _constants),
    headers=HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=False,
    planar=is_planar,
    int16_weights=True,
    events=_events,
)
