"""What CONV_2D and FULLY_CONNECTED share: dot products of rows of pixels (dw_dsp_dot.h), their constants and time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import ArrayView, FieldView, array, number_fields
from depthwise.codegen.kernels.kernel import Events, Int16, Layer, Struct
from depthwise.codegen.kernels.weighted import (
    folded_bias,
    form_refusal,
    offset_refusal,
    parameters_of,
    patch_inputs,
    scaling_of,
)
from depthwise.codegen.operators.parameters import conv_parameters

from .cycles import GROUP, KEPT_LOOP, LANES_GROUP, LOOP
from .joint import is_steep, joint_bias, joint_refusal, lanes_of_two
from .lines import KINDS, LineKind, kind_of, moved_lines_of
from .scaling import doublings_of, scaled_channels, steepest_refusal

Form = LineKind | Literal["scaled", "signed", "clamped"]
LINES: Final[tuple[Form, ...]] = KINDS
# How loops read weights: two of them as one lane (joint.py), as bytes, as int16; or what was copied once for a row: the
# same, where flash waits, and bytes that became lanes.
Weights = Literal["joint", "joint_copied", "narrow", "copied", "wide"]
JOINT: Final[tuple[Weights, ...]] = ("joint", "joint_copied")
COPIED: Final[tuple[Weights, ...]] = ("joint_copied", "copied")
BLOCK: Final = 3
LANE_BYTES: Final = 2
# What lanes of a row may take of the scratch: weights are read once for so many pixels.
SCRATCH_BYTES: Final = 1536
# Groups that loops of dw_row_… hold: of blocks of three, and of what is left, by the pixels that are left.
UNROLLED: Final = {0: 8, 1: 4, 2: 4}
UNROLLED_REST: Final = {0: 8, 1: 8, 2: 4}
# What the compiler is told of arrays of bytes that are read by words.
WORDS: Final = "__attribute__((aligned(4)))"
DOT: Final = Struct("dw_dot", template=None)
HEADERS: Final = (
    *("dw_asm.h", "dw_dsp.h"),
    *("dw_dsp_dot.h", "dw_dsp_dot_asm.h", "dw_dsp_dot_known_asm.h", "dw_dsp_dot_twin.h"),
)


@dataclass(frozen=True, slots=True)
class Blocks:
    """So many blocks of so many pixels in one inference, by loops that hold `unrolled` groups."""

    pixels: int
    count: int
    unrolled: int


def dot_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer cannot be computed by dot products of blocks."""
    return form_refusal(graph, node) or steepest_refusal(graph, node)


def int16_gain(graph: Graph, node: Node) -> Int16:
    """What weights have of being stored as int16: nothing where two of them are read as one lane."""
    if offset_refusal(node) is not None or is_steep(graph, node):
        return Int16.ONLY
    return Int16.SAME if joint_refusal(graph, node) is None else Int16.FASTER


def form_of(graph: Graph, node: Node) -> Form:
    """How sums become outputs: on a line where there is one."""
    return kind_of(graph, node) or scaling_of(conv_parameters(graph, node))


def suffix_of(form: Form) -> str:
    """Ending of the names of functions of a form."""
    return "" if form == "scaled" else f"_{form}"


def stored_as(layer: Layer) -> Weights:
    """How a layer's weights are stored, and so read."""
    if layer.int16_weights:
        return "wide"
    return "joint" if joint_refusal(layer.graph, layer.node) is None else "narrow"


def row_suffix(layer: Layer, read: Weights | None = None) -> str:
    """Ending of the names of `dw_row_…` for a layer's weights, as they are stored or `read`, and form."""
    stored = read or stored_as(layer)
    return ("" if stored == "narrow" else f"_{stored}") + suffix_of(form_of(layer.graph, layer.node))


def lanes_of(layer: Layer, weights: Weights) -> str:
    """What lanes of inputs are: name of `DW_LANES_…`."""
    if weights in JOINT:
        return "DW_LANES_JOINT"
    if weights == "wide":
        return "DW_LANES_DOUBLED" if _doublings(layer) else "DW_LANES_PLAIN"
    return "DW_LANES_UPPER" if form_of(layer.graph, layer.node) in LINES else "DW_LANES_DOUBLED"


def stream(layer: Layer, weights: Array, read: Weights) -> ArrayView:
    """Biases, weights [O, …] in the order of a patch, and scales, in the order in which the loops read them."""
    biases, scales = ends(layer, FACTOR if read in JOINT else 2)
    if read in JOINT:
        biases = [bias - more for bias, more in zip(biases, joint_bias(weights).tolist(), strict=True)]
        words = packed(lanes_of_two(weights).astype("<i2", order="C").view(np.int8), None)
    else:
        words = packed(weights, lane_factors(layer) if read == "wide" else None)
    return array("uint32_t", "stream", "see dw_dsp_dot.h", stream_words(biases, words, scales))


def ends(layer: Layer, factor: int) -> tuple[Sequence[int], list[tuple[int, ...]]]:
    """Biases, for `factor` times the sums where there are no lines, and scales of all channels."""
    lines = moved_lines_of(layer.graph, layer.node)
    if lines is not None:
        return lines[0], [(m,) for m in lines[1]]
    found = scaled_channels(layer.graph, layer.node, folded_bias(layer), factor, _doublings(layer))
    return [channel.bias for channel in found], [channel.scale for channel in found]


def factors_of(layer: Layer) -> list[int]:
    """What sums of all channels are multiplied by where weights are int16."""
    folded = folded_bias(layer)
    if moved_lines_of(layer.graph, layer.node) is not None:
        return [FACTOR] * len(folded)
    found = scaled_channels(layer.graph, layer.node, folded, doublings=_doublings(layer))
    return [channel.factor for channel in found]


def lane_factors(layer: Layer) -> list[int]:
    """What these weights are multiplied by: not by what inputs are."""
    doublings = _doublings(layer)
    return [factor >> doublings for factor in factors_of(layer)]


def _doublings(layer: Layer) -> int:
    """How often int16 weights meet inputs that are doubled: where sums are not on lines."""
    return 0 if moved_lines_of(layer.graph, layer.node) is not None else doublings_of(layer.graph, layer.node)


def dot_fields(layer: Layer, groups: int | None = None, channels: int | None = None) -> tuple[FieldView, ...]:
    """Numbers of `struct dw_dot`; `groups` of four inputs and `channels`, where they are not those of the layer."""
    p = parameters_of(layer)
    groups = groups or patch_inputs(layer.graph, layer.node) // 4
    numbers = {"channels": channels or len(p.multipliers), "groups": groups, "minimum": p.minimum, "maximum": p.maximum}
    return number_fields(numbers)


def group_cycles(read: Weights, pixels: int) -> float:
    """Cycles of four inputs of so many pixels and two channels."""
    return (GROUP if read == "narrow" else LANES_GROUP)[pixels]


def round_cycles(read: Weights, pixels: int) -> int:
    """Cycles from one round of a loop to the next: where lanes of weights take no register, its end is kept."""
    return KEPT_LOOP if read in JOINT or (read != "narrow" and pixels != 2) else LOOP


def dot_events(layer: Layer, passes: int, blocks: Iterable[Blocks]) -> Events:
    """Inner loops, in cycles already, and what comes between two of them.

    All pairs of channels are gone through `passes` times.
    """
    groups, pairs = patch_inputs(layer.graph, layer.node) // 4, -(-layer.output.shape[-1] // 2)
    read, form = stored_as(layer), form_of(layer.graph, layer.node)
    found: Events = {"inner": 0.0, "pair of channels": pairs * passes}
    for block in blocks:
        if block.pixels:
            name = f"block of {block.pixels} {timed_as(form)}"
            each, rounds = pairs * block.count, -(-groups // block.unrolled) - 1
            again = round_cycles(read, block.pixels) * rounds
            found["inner"] += each * (groups * group_cycles(read, block.pixels) + again)
            found[name] = found.get(name, 0.0) + each
            found["moved output"] = found.get("moved output", 0.0) + each * moved_outputs(form, block.pixels)
    return found


def timed_as(form: Form) -> Form:
    """Form whose blocks take as long, but for the outputs that are moved."""
    return "line" if form in LINES else form


def moved_outputs(form: Form, pixels: int) -> int:
    """Outputs of a block that are moved, twice if they are held, and one more for what they are moved by."""
    return (2 * pixels * KINDS.index(form) + 1) if form in {"moved", "held"} else 0


def most_pixels(inputs: int, width: int) -> int:
    """Pixels that are gathered at once: blocks that fit into the scratch, a row at most, one block at least."""
    blocks = SCRATCH_BYTES // (BLOCK * inputs * LANE_BYTES)
    return BLOCK * max(1, min(blocks, -(-width // BLOCK)))


def row_blocks(rows: int, width: int, most: int) -> tuple[Blocks, ...]:
    """Blocks of rows, of which `most` pixels are gathered at once: where a rest follows, loops are shorter."""
    rest = width % BLOCK
    whole = (width - (width - 1) % most - 1) // BLOCK if rest else width // BLOCK
    return (
        Blocks(BLOCK, rows * whole, UNROLLED[0]),
        Blocks(BLOCK, rows * (width // BLOCK - whole), UNROLLED[rest]),
        Blocks(rest, rows, UNROLLED_REST[rest]),
    )


def packed(weights: Array, factors: Sequence[int] | None) -> list[list[int]]:
    """Weights [O, …], padded with zeros, as words [O/2][K/4 * 2] of four bytes, or lanes of `factors` times them."""
    rows = weights.reshape(len(weights), -1)
    if factors is not None:
        rows = (rows * np.array(factors)[:, None]).astype("<i2")
    padded = np.zeros((-(-len(rows) // 2) * 2, -(-rows.shape[1] // 4) * 4), rows.dtype)
    padded[: len(rows), : rows.shape[1]] = rows
    grouped = padded.reshape(len(padded) // 2, 2, -1, 4).transpose(0, 2, 1, 3)
    if factors is not None:
        grouped = grouped.reshape(*grouped.shape[:3], 2, 2).transpose(0, 1, 4, 2, 3)
    words: list[list[int]] = np.ascontiguousarray(grouped).view("<u4").reshape(len(grouped), -1).tolist()
    return words


def stream_words(biases: Sequence[int], packed: list[list[int]], scales: Sequence[tuple[int, ...]]) -> Iterator[int]:
    """Biases, weights and scales of each pair of channels; the last channel stands for one that is missing."""
    for pair, words in enumerate(packed):
        both = [2 * pair, min(2 * pair + 1, len(biases) - 1)]
        yield from (biases[i] % 2**32 for i in both)
        yield from words
        for i in both:
            yield from (number % 2**32 for number in scales[i])
