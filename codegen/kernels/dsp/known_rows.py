"""Rows of dot products whose sizes are known, `DW_ROW_KNOWN` in dw_dsp_dot.h: how many groups of inputs loops hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Events, Layer

from .dots import BLOCK, Form, Weights, form_of, group_cycles, round_cycles
from .planar import LARGEST_IMMEDIATE, output_steps

# Bytes that a row's code may take: a cache of a small microcontroller, or more where weights are int16, which they are
# where flash does not wait.
CODE_BYTES: Final[dict[Weights, int]] = {"joint": 1024, "narrow": 1024, "copied": 1024, "wide": 3072}
GROUP_BYTES: Final = 8  # of lanes of a pixel
MOST_GROUPS: Final = 24  # that such a loop may hold
CYCLES_OF_BYTE: Final = 10  # that code has to save
OTHER_BYTES: Final = (184, 256, 280)  # of a row's code without its groups, by pixels that are left
BIASES: Final = {0: 0, 1: 0, 2: 2, 3: 4}  # cycles to bring biases to all sums, by pixels


@dataclass(frozen=True, slots=True)
class Loop:
    """The first `head` groups without a loop, the others in rounds of `unrolled`."""

    head: int
    unrolled: int

    def cycles(self, groups: int, pixels: int, again: int) -> int:
        """Cycles of a block that its groups do not take."""
        rounds = (groups - self.head) // self.unrolled if self.unrolled else 0
        return again * rounds + (0 if self.head else BIASES[pixels])


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
def known_loops(groups: int, blocks: int, rest: int, times: int, weights: Weights) -> tuple[Loop, Loop]:
    """Loops of blocks of three and of what is left of a row, for so many rows and pairs of channels."""
    lanes = weights != "narrow"
    left = CODE_BYTES[weights] - OTHER_BYTES[rest]
    again = {n: round_cycles(weights, n) for n in (1, 2, 3)}

    def worth(loops: tuple[Loop, Loop]) -> int:
        cycles = blocks * loops[0].cycles(groups, BLOCK, again[BLOCK])
        cycles += loops[1].cycles(groups, rest, again[rest]) if rest else 0
        return times * cycles + CYCLES_OF_BYTE * _bytes(loops, rest, lanes=lanes)

    some = [(a, b) for a in _all(groups) for b in (_all(groups) if rest else [Loop(1, 0)])]
    return min((loops for loops in some if _bytes(loops, rest, lanes=lanes) <= left), key=worth)


def _all(groups: int) -> Iterator[Loop]:
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


def known_refusal(graph: Graph, node: Node) -> str | None:
    """Why outputs of a row cannot be reached from where a block's are stored."""
    pixel, channel = output_steps(graph, node)
    reach = max(2 * pixel + channel, 3 * pixel, 2 * channel)
    return (
        f"its outputs reach {reach:,} bytes, {LARGEST_IMMEDIATE:,} are supported" if reach > LARGEST_IMMEDIATE else None
    )


def known_row(layer: Layer, weights: Weights, groups: int, *, step: int = 0, copy: int = 0, parts: int = 1) -> KnownRow:
    """Row of a layer, or one of its equal parts; see `DW_ROW_KNOWN`.

    Pixels lie `step` bytes of lanes apart, or are interleaved.
    """
    blocks, rest = divmod(layer.output.shape[2] // parts, BLOCK)
    times = parts * layer.output.shape[1] * -(-layer.output.shape[3] // 2)
    loop, loop_of_rest = known_loops(groups, blocks, rest, times, weights)
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
        copy=copy if weights == "copied" else 0,
        pixel=pixel,
        channel=channel,
        odd=layer.output.shape[3] % 2,
    )


def known_events(layer: Layer, passes: int, row: KnownRow) -> Events:
    """Blocks of three pixels and what is left of each row, in `passes` through all pairs of channels."""
    pairs = -(-layer.output.shape[-1] // 2)
    found: Events = {"inner": 0.0, "pair of channels": pairs * passes}
    for pixels, count, loop in ((BLOCK, passes * row.blocks, row.loop), (row.rest, passes, row.loop_of_rest)):
        if pixels:
            each, again = pairs * count, loop.cycles(row.groups, pixels, round_cycles(row.weights, pixels))
            found["inner"] += each * (row.groups * group_cycles(row.weights, pixels) + again)
            found[f"known block of {pixels} {row.form}"] = float(each)
    return found
