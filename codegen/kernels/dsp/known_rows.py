"""Rows of dot products whose sizes are known, `DW_ROW_KNOWN` in dw_dsp_dot.h: how many groups of inputs loops hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Events, Layer

from .dots import (
    BLOCK,
    COPIED,
    JOINT,
    LINES,
    Form,
    Weights,
    form_of,
    group_cycles,
    moved_outputs,
    round_cycles,
    timed_as,
)
from .planar import LARGEST_IMMEDIATE, output_steps

# Bytes that a row's code may take: those of a cache where flash waits, or where weights are kept small.
CACHED_BYTES: Final = 1024
CODE_BYTES: Final[dict[Weights, int]] = {
    "joint": 3072,
    "joint_copied": 1024,
    "narrow": 1024,
    "copied": 1024,
    "wide": 3072,
}
INSTRUCTION: Final = 4  # bytes
GROUP_BYTES: Final = 8  # of lanes of a pixel
MOST_GROUPS: Final = 24  # that such a loop may hold
CYCLES_OF_BYTE: Final = 20  # that code has to save
OTHER_BYTES: Final = (184, 256, 280)  # of a row's code without its groups, by pixels that are left
# More of that than lines take, by forms: for each output, and for loading scales; sums of joint weights are halved too.
MORE_BYTES: Final[dict[Form, tuple[int, int]]] = {
    "line": (0, 0),
    "moved": (0, 0),
    "held": (0, 0),
    "scaled": (4, 16),
    "signed": (11, 16),
    "clamped": (19, 20),
}
PLACE: Final = 3  # cycles to keep in memory where outputs are stored, beside a loop
BIASES: Final = {0: 0, 1: 0, 2: 2, 3: 4}  # cycles to bring biases to all sums, by pixels


@dataclass(frozen=True, slots=True)
class Loop:
    """The first `head` groups without a loop, the others in rounds of `unrolled`."""

    head: int
    unrolled: int

    def cycles(self, groups: int, pixels: int, again: int) -> int:
        """Cycles of a block that its groups do not take."""
        rounds = (groups - self.head) // self.unrolled if self.unrolled else 0
        return again * rounds + (0 if self.head else BIASES[pixels]) + (PLACE if self.unrolled else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """Arguments of `DW_ROW_KNOWN`: bytes of lanes from pixel to pixel, 0 if they are interleaved, and of a copy."""

    blocks: int
    rest: int
    weights: Weights
    form: Form
    step: int
    next: int
    groups: int
    loop: Loop
    loop_of_rest: Loop
    copy: int
    pixel: int
    channel: int
    odd: int


@lru_cache(maxsize=1024)
def known_loops(groups: int, row: tuple[int, int], times: int, weights: Weights, most: int) -> tuple[Loop, Loop]:
    """Loops of blocks of three and of what is left of a `row`, for so many rows and pairs of channels.

    Their code takes `most` bytes.
    """
    (blocks, rest), lanes = row, weights != "narrow"
    left = most - OTHER_BYTES[rest]
    again = {n: round_cycles(weights, n) for n in (1, 2, 3)}

    def worth(loops: tuple[Loop, Loop]) -> int:
        cycles = blocks * loops[0].cycles(groups, BLOCK, again[BLOCK])
        cycles += loops[1].cycles(groups, rest, again[rest]) if rest else 0
        return times * cycles + CYCLES_OF_BYTE * _bytes(loops, rest, lanes=lanes)

    some = [(a, b) for a in all_loops(groups) for b in (all_loops(groups) if rest else [Loop(1, 0)])]
    return min((loops for loops in some if _bytes(loops, rest, lanes=lanes) <= left), key=worth)


def all_loops(groups: int) -> Iterator[Loop]:
    """All loops for so many groups that may fit."""
    if groups <= MOST_GROUPS:
        yield Loop(groups, 0)
    for head in range(min(groups, MOST_GROUPS)):
        for unrolled in range(1, MOST_GROUPS + 1 - head):
            if (groups - head) % unrolled == 0 and groups > head:
                yield Loop(head, unrolled)


def _bytes(loops: tuple[Loop, Loop], rest: int, *, lanes: bool) -> int:
    """Bytes of code of their groups."""
    first, last = ((loop.head + loop.unrolled) for loop in loops)
    return first * _group_bytes(BLOCK, lanes=lanes) + (last * _group_bytes(rest, lanes=lanes) if rest else 0)


def _group_bytes(pixels: int, *, lanes: bool) -> int:
    return (16 if lanes else 24) + 24 * pixels


def group_bytes(weights: Weights, pixels: int) -> int:
    """Bytes of code of four inputs of so many pixels and two channels."""
    return _group_bytes(pixels, lanes=weights != "narrow")


def block_bytes(row: KnownRow) -> tuple[int, int]:
    """Bytes of code of the groups of a block of three pixels, and of one round of its loop."""
    each = group_bytes(row.weights, BLOCK)
    return (row.loop.head + row.loop.unrolled) * each, row.loop.unrolled * each


def row_bytes(row: KnownRow) -> int:
    """Bytes of code that a pair of channels goes through in a row."""
    groups = _bytes((row.loop, row.loop_of_rest), row.rest, lanes=row.weights != "narrow")
    return groups + ends_bytes(row.weights, row.form, row.rest)


def ends_bytes(weights: Weights, form: Form, rest: int) -> int:
    """Bytes of a row's code without its groups, with `rest` pixels behind its blocks."""
    return OTHER_BYTES[rest] + _ends(weights, form, rest)


def _ends(weights: Weights, form: Form, rest: int) -> int:
    """Bytes that outputs take more than those on a line, in blocks of three and in what is left."""
    (each, loads), less = MORE_BYTES[form], INSTRUCTION if weights in JOINT and form not in LINES else 0
    some = sum(2 * pixels * (each + less) + loads for pixels in (BLOCK, rest) if pixels)
    return some + INSTRUCTION * _moved(form, rest)


def _moved(form: Form, rest: int) -> int:
    """Instructions that move outputs."""
    return sum(moved_outputs(form, pixels) for pixels in (BLOCK, rest) if pixels)


def known_refusal(graph: Graph, node: Node) -> str | None:
    """Why outputs of a row cannot be reached from where a block's are stored."""
    pixel, channel = output_steps(graph, node)
    reach = max(2 * pixel + channel, 3 * pixel, 2 * channel)
    return (
        f"its outputs reach {reach:,} bytes, {LARGEST_IMMEDIATE:,} are supported" if reach > LARGEST_IMMEDIATE else None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRow:
    """How a row of some or all `channels` of a layer, or one of its equal `parts`, is given.

    Pixels lie `step` bytes of lanes apart, or are interleaved; weights may be copied `copy` bytes behind the first.
    """

    weights: Weights
    groups: int
    waits: bool
    channels: int
    step: int = 0
    copy: int = 0
    parts: int = 1


def known_row(layer: Layer, given: GivenRow) -> KnownRow:
    """Row of a layer; see `DW_ROW_KNOWN`. Where flash `waits`, its code stays in a cache."""
    weights, groups, step, parts = given.weights, given.groups, given.step, given.parts
    blocks, rest = divmod(layer.output.shape[2] // parts, BLOCK)
    times = alike(layer) * parts * layer.output.shape[1] * -(-given.channels // 2)
    most = CACHED_BYTES if given.waits else CODE_BYTES[weights]
    form = form_of(layer.graph, layer.node)
    most -= _ends(weights, form, rest) if given.waits else INSTRUCTION * _moved(form, rest)
    loop, loop_of_rest = known_loops(groups, (blocks, rest), times, weights, most)
    pixel, channel = output_steps(layer.graph, layer.node)
    return KnownRow(
        blocks=blocks,
        rest=rest,
        weights=weights,
        form=form_of(layer.graph, layer.node),
        step=step,
        next=BLOCK * step - GROUP_BYTES * groups if step else 0,
        groups=groups,
        loop=loop,
        loop_of_rest=loop_of_rest,
        copy=given.copy if weights in COPIED else 0,
        pixel=pixel,
        channel=channel,
        odd=given.channels % 2,
    )


def alike(layer: Layer) -> int:
    """Layers of equal sizes, which share a function."""
    return sum(_sizes(layer.graph, node) == _sizes(layer.graph, layer.node) for node in layer.graph.nodes)


def _sizes(graph: Graph, node: Node) -> tuple[object, ...]:
    read = graph.tensors[node.inputs[1]].shape if len(node.inputs) > 1 else ()
    return node.op, graph.tensors[node.inputs[0]].shape, read, graph.output_of(node).shape


def known_events(row: KnownRow, passes: int, pairs: int) -> Events:
    """Blocks of three pixels and what is left of each row, in `passes` through all `pairs` of channels."""
    found: Events = {"inner": 0.0, "pair of channels": pairs * passes, "moved output": 0.0}
    for pixels, count, loop in ((BLOCK, passes * row.blocks, row.loop), (row.rest, passes, row.loop_of_rest)):
        if pixels:
            each, again = pairs * count, loop.cycles(row.groups, pixels, round_cycles(row.weights, pixels))
            found["inner"] += each * (row.groups * group_cycles(row.weights, pixels) + again)
            found[f"known block of {pixels} {timed_as(row.form)}"] = float(each)
            found["moved output"] += each * moved_outputs(row.form, pixels)
    return found
