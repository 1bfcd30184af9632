"""CONV_2D by dot products of blocks of three pixels and two channels, along a row."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import ArrayView, Constants
from depthwise.codegen.kernels.flash import FlashTraffic
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import parameters_of, patch_inputs, taps_of
from depthwise.codegen.operators import Conv2D

from .dot_traffic import dot_traffic, known_traffic
from .dots import (
    BLOCK,
    DOT,
    HEADERS,
    LANE_BYTES,
    WORDS,
    dot_events,
    dot_fields,
    dot_refusal,
    int16_gain,
    lanes_of,
    most_pixels,
    row_blocks,
    row_suffix,
    stored_as,
    stream,
)
from .gather import edge_pixels, gather_of
from .joint import patch_weights
from .known_rows import GivenRow, KnownRow, known_events, known_refusal, known_row
from .lines import is_on_moved_line
from .planar import is_planar, output_steps

# Blocks from which on a row has code of its own: about 1 KB, and 15 cycles less for each.
LEAST_BLOCKS: Final = 700
# Inputs of a pixel from which on making their lanes takes so long that a call's cycles do not matter.
LEAST_INPUTS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """Element (x, c) is written to x * pixel_step + c * channel_step; `row` computes it if its sizes are known.

    `gather` names the way inputs are brought together, as `lanes`; a function of the library, `expand`, does it where
    pixels are read as they lie. `suffix` ends the function's name. `most` pixels, a multiple of three, are gathered at
    once; `patch_at` is where bytes lie in the scratch behind their lanes.
    """

    gather: str
    expand: str | None
    suffix: str
    lanes: str
    in_w: int
    in_c: int
    out_w: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    pixel_step: int
    channel_step: int
    inputs: int
    most: int
    patch_at: int
    row: KnownRow | None

    @property
    def rest_words(self) -> tuple[str, ...]:
        """What is left of each row's run behind its whole words, as words in C of `rows` and a pixel's place `at`."""
        run = self.kernel_w * self.in_c
        left = [(ky, at) for ky in range(self.kernel_h) for at in range(run // 4 * 4, run)]
        return tuple(_word(left[i : i + 4]) for i in range(0, len(left), 4))

    @property
    def rest(self) -> int:
        """Pixels of a row behind the last whole block."""
        return self.out_w % BLOCK

    @property
    def has_whole(self) -> bool:
        """Tell whether pixels are gathered that are not the end of a row with a rest."""
        return self.out_w > self.most or not self.rest


def _word(places: list[tuple[int, int]]) -> str:
    """Bytes of rows' runs as one word, two of them on a line."""
    found = list(map(_byte_in_word, range(4), places))
    return " |\n                   ".join(" | ".join(found[i : i + 2]) for i in range(0, len(found), 2))


def _byte_in_word(number: int, at: tuple[int, int]) -> str:
    """One byte of a row's run, moved to byte `number` of a word."""
    return f"dw_placed(rows[{at[0]}][at + {at[1]}], {number})"


def _shape(waits: bool, layer: Layer) -> Dot:
    graph, node, op = layer.graph, layer.node, layer.node.op
    assert isinstance(op, Conv2D)
    out_w = layer.output.shape[2]
    kernel_h, kernel_w = taps_of(graph, node)
    inputs = patch_inputs(graph, node)
    pixel_step, channel_step = output_steps(graph, node)
    row = _row(waits, layer)
    return Dot(
        gather=gather_of(graph, node),
        expand=_expand(layer) if _is_shared(graph, node, known=row is not None) else None,
        suffix=row_suffix(layer),
        lanes=lanes_of(layer, stored_as(layer)),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_w=out_w,
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        pixel_step=pixel_step,
        channel_step=channel_step,
        inputs=inputs,
        most=_most_pixels(graph, node),
        patch_at=_lane_bytes(graph, node),
        row=row,
    )


def _is_shared(graph: Graph, node: Node, *, known: bool) -> bool:
    """Tell whether a function of the library makes lanes of pixels: not where there are many, with few inputs each."""
    return gather_of(graph, node) == "pointwise" and (not known or patch_inputs(graph, node) >= LEAST_INPUTS)


def _expand(layer: Layer) -> str:
    """Function that makes lanes of pixels as they lie."""
    return f"dw_expand_row_{lanes_of(layer, stored_as(layer)).removeprefix('DW_LANES_').lower()}"


def _row(waits: bool, layer: Layer) -> KnownRow | None:
    """A row whose sizes are known, where it is gathered at once and saves enough time for its code."""
    graph, node = layer.graph, layer.node
    _, rows, width, channels = layer.output.shape
    if rows * (width // BLOCK) * (channels // 2) < LEAST_BLOCKS or width > _most_pixels(graph, node):
        return None
    if known_refusal(graph, node) is not None:
        return None
    groups = patch_inputs(graph, node) // 4
    return known_row(layer, GivenRow(weights=stored_as(layer), groups=groups, waits=waits, channels=channels))


def _constants(layer: Layer) -> Constants:
    graph, node = layer.graph, layer.node
    arrays = [stream(layer, patch_weights(graph, node), stored_as(layer))]
    if gather_of(graph, node) != "pointwise":
        zeros = (parameters_of(layer).input_zero_point,) * layer.input.shape[3]
        arrays.append(ArrayView("int8_t", "border", "a pixel outside of the image", values=zeros, attribute=WORDS))
    return Constants(tuple(arrays), dot_fields(layer))


def _most_pixels(graph: Graph, node: Node) -> int:
    """Pixels that are gathered at once."""
    return most_pixels(patch_inputs(graph, node), graph.output_of(node).shape[2])


def _lane_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes that are gathered at once."""
    pixels = min(_most_pixels(graph, node), graph.output_of(node).shape[2])
    return pixels * patch_inputs(graph, node) * LANE_BYTES


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes of lanes, and of a block of pixels where it is gathered as bytes first."""
    block = min(BLOCK, graph.output_of(node).shape[2]) * patch_inputs(graph, node)
    return _lane_bytes(graph, node) + (block if gather_of(graph, node) == "runs" else 0)


def _events(waits: bool, layer: Layer) -> Events:
    graph, node = layer.graph, layer.node
    _, rows, width, _ = layer.output.shape
    groups, gather = patch_inputs(graph, node) // 4, gather_of(graph, node)
    edges = edge_pixels(graph, node) if gather == "runs" else 0
    gathered: Events = {f"{gather} group": (rows * width - edges) * groups, "edge group": edges * groups}
    most = _most_pixels(graph, node)
    row, passes = _row(waits, layer), rows * -(-width // most)
    if row is None:
        dots = dot_events(layer, passes, row_blocks(rows, width, most))
    else:
        dots = known_events(row, passes, -(-layer.output.shape[-1] // 2))
    return with_calls(layer, WINDOW_CALL, dots | gathered)


def _traffic(waits: bool, layer: Layer) -> FlashTraffic:
    graph, node, row = layer.graph, layer.node, _row(waits, layer)
    _, rows, width, channels = layer.output.shape
    if row is not None:
        return known_traffic(layer, row, rows, channels)
    read, groups = stored_as(layer), patch_inputs(graph, node) // 4
    return dot_traffic(layer, groups, read, rows=rows, width=width, most=_most_pixels(graph, node))


def conv_2d_dsp(*, waits: bool) -> Kernel:
    """The kernel, for flash that waits or does not."""
    return Kernel(
        name="conv_2d_dsp",
        operators=(Conv2D,),
        refusal=dot_refusal,
        shape=partial(_shape, waits),
        data=LayerData(DOT, _constants),
        headers=HEADERS,
        scratch=Scratch("lanes", _scratch_bytes),
        position=False,
        planar=is_planar,
        int16_weights=int16_gain,
        events=partial(_events, waits),
        proves=is_on_moved_line,
        traffic=partial(_traffic, waits),
    )
