"""CONV_2D of larger kernels, of which blocks of three pixels would leave one: two pixels by three channels."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants
from depthwise.codegen.kernels.flash import FlashTraffic
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.operators import Conv2D

from .conv_2d_columns import (
    Columns,
    columns_shape,
    expanded_inputs,
    groups_of,
    in_columns,
    input_bytes,
    lane_step,
    overlap_refusal,
    row_of,
    weights_read,
)
from .dot_traffic import known_traffic
from .dots import BLOCK, COPIED, DOT, HEADERS, JOINT, dot_fields, form_of
from .known_rows import known_events
from .lines import is_on_moved_line
from .planar import LARGEST_IMMEDIATE, is_planar, output_steps
from .threes_rows import (
    CHANNELS,
    PIXELS,
    ThreesRow,
    threes_bytes,
    threes_events,
    threes_row,
    threes_stream,
    threes_traffic,
)

# Blocks from which on a row has code of its own: 1.5 KB, with that of channels that are left.
LEAST_BLOCKS: Final = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Threes:
    """How a row is computed: `columns` become lanes, `row` reads them.

    One or two channels that are `left` have constants from word `left_at` on, and are computed by the row of `columns`,
    from byte `left_out` of the output on.
    """

    columns: Columns
    row: ThreesRow
    left: int
    left_at: int
    left_out: int


def _refusal(waits: bool, graph: Graph, node: Node) -> str | None:
    reason = overlap_refusal(graph, node)
    if reason is not None:
        return reason
    if weights_read(waits, Layer(graph, node)) not in JOINT:
        return "its weights are not two in a lane"
    _, rows, width, channels = graph.output_of(node).shape
    if width % (PIXELS * BLOCK) != BLOCK + 1:
        return f"of its rows of {width} pixels blocks of three leave not one, or two do"
    if channels < CHANNELS:
        return f"it has {channels} channels, {CHANNELS} are computed at a time"
    if rows * (width // PIXELS) * (channels // CHANNELS) < LEAST_BLOCKS:
        return f"it has fewer than {LEAST_BLOCKS} blocks of two pixels and three channels, code of its own does not pay"
    return _reach_refusal(graph, node)


def _reach_refusal(graph: Graph, node: Node) -> str | None:
    """Why a block's outputs cannot be reached from where the first is stored."""
    pixel, channel = output_steps(graph, node)
    reach = max(2 * channel + pixel, PIXELS * pixel)
    return (
        f"its outputs reach {reach:,} bytes, {LARGEST_IMMEDIATE:,} are supported" if reach > LARGEST_IMMEDIATE else None
    )


def _row(waits: bool, layer: Layer) -> ThreesRow:
    graph, node = layer.graph, layer.node
    return threes_row(
        layer,
        weights_read(waits, layer),
        groups_of(graph, node),
        lane_step(graph, node),
        input_bytes(graph, node),
        waits=waits,
    )


def _left(layer: Layer) -> int:
    """Channels that are left of whole threes."""
    return layer.output.shape[3] % CHANNELS


def _shape(waits: bool, layer: Layer) -> Threes:
    left = _left(layer)
    return Threes(
        columns=columns_shape(waits, layer, row_of(waits, layer, left)),
        row=_row(waits, layer),
        left=left,
        left_at=threes_stream(layer, in_columns(layer.graph, layer.node))[1],
        left_out=(layer.output.shape[3] - left) * output_steps(layer.graph, layer.node)[1],
    )


def _constants(layer: Layer) -> Constants:
    words, _ = threes_stream(layer, in_columns(layer.graph, layer.node))
    return Constants((words,), dot_fields(layer, groups_of(layer.graph, layer.node)))


def _scratch_bytes(waits: bool, graph: Graph, node: Node) -> int:
    """Bytes of lanes of inputs, and of what three channels read where it is copied."""
    layer = Layer(graph, node)
    copied = weights_read(waits, layer) in COPIED
    return input_bytes(graph, node) + (threes_bytes(form_of(graph, node), groups_of(graph, node)) if copied else 0)


def _events(waits: bool, layer: Layer) -> Events:
    rows, left = layer.output.shape[1], _left(layer)
    found = dict(threes_events(_row(waits, layer), rows))
    known = known_events(row_of(waits, layer, left), rows, 1) if left else {}
    if left and weights_read(waits, layer) in COPIED:
        known |= {"joint_copied group": float(rows * groups_of(layer.graph, layer.node))}
    for event, count in (*known.items(), *expanded_inputs(layer.graph, layer.node).items()):
        found[event] = found.get(event, 0.0) + count
    return with_calls(layer, WINDOW_CALL, found)


def _traffic(waits: bool, layer: Layer) -> FlashTraffic:
    rows, left = layer.output.shape[1], _left(layer)
    found = threes_traffic(layer, _row(waits, layer), rows)
    if not left:
        return found
    more = known_traffic(layer, row_of(waits, layer, left), rows, left)
    return FlashTraffic(constants=found.constants + more.constants, code=found.code + more.code)


def conv_2d_threes_dsp(*, waits: bool) -> Kernel:
    """The kernel, for flash that waits or does not."""
    return Kernel(
        name="conv_2d_threes_dsp",
        operators=(Conv2D,),
        refusal=partial(_refusal, waits),
        shape=partial(_shape, waits),
        data=LayerData(DOT, _constants),
        headers=(*HEADERS, "dw_dsp_threes.h", "dw_dsp_threes_asm.h", "dw_dsp_threes_twin.h"),
        scratch=Scratch("lanes", partial(_scratch_bytes, waits)),
        position=False,
        planar=is_planar,
        int16_weights=None,
        events=partial(_events, waits),
        proves=is_on_moved_line,
        traffic=partial(_traffic, waits),
    )
