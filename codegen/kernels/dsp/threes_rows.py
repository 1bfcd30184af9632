"""Rows of blocks of two pixels and three channels, `DW_ROW_THREES` in dw_dsp_threes.h: loops, constants, time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.data import ArrayView, array
from depthwise.codegen.kernels.flash import Fetched, FlashTraffic, swept
from depthwise.codegen.kernels.kernel import Events, Layer
from depthwise.codegen.schedule.reads import calls_of

from .dots import (
    COPIED,
    LINES,
    Form,
    Weights,
    ends,
    form_of,
    group_cycles,
    moved_outputs,
    packed,
    stream_words,
    timed_as,
)
from .joint import joint_bias, lanes_of_two
from .known_rows import CACHED_BYTES, CODE_BYTES, CYCLES_OF_BYTE, MORE_BYTES, Loop, all_loops
from .planar import output_steps

CHANNELS: Final = 3
PIXELS: Final = 2
OUTPUTS: Final = CHANNELS * PIXELS
WORD: Final = 4
SIX_WORDS: Final = 24  # bytes that are copied at a time
GROUP_CODE: Final = 88  # bytes of four inputs
OTHER_CODE: Final = 250  # bytes without groups
ROUND: Final = 6  # cycles from one round of a loop to the next
NO_HEAD: Final = 4  # cycles to bring biases to all sums
SCALE_WORDS: Final = 3  # of a channel that is on no line


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreesRow:
    """Arguments of `DW_ROW_THREES`."""

    blocks: int
    weights: Weights
    form: Form
    step: int
    groups: int
    loop: Loop
    copy: int
    pixel: int
    channel: int
    threes: int


def threes_row(layer: Layer, weights: Weights, groups: int, step: int, copy: int, *, waits: bool) -> ThreesRow:
    """Row of a layer. Where flash `waits`, its code stays in a cache."""
    _, rows, width, channels = layer.output.shape
    pixel, channel = output_steps(layer.graph, layer.node)
    blocks, form = width // PIXELS, form_of(layer.graph, layer.node)
    most = (CACHED_BYTES if waits else CODE_BYTES[weights]) - _other_code(form)
    return ThreesRow(
        blocks=blocks,
        weights=weights,
        form=form,
        step=step,
        groups=groups,
        loop=_loop(groups, rows * blocks * (channels // CHANNELS), most),
        copy=copy if weights in COPIED else 0,
        pixel=pixel,
        channel=channel,
        threes=channels // CHANNELS,
    )


def _loop(groups: int, times: int, most: int) -> Loop:
    """Loop of a block, which is computed so many times, within so many bytes."""
    some = (loop for loop in all_loops(groups) if (loop.head + loop.unrolled) * GROUP_CODE <= most)
    return min(some, key=lambda loop: times * _loop_cycles(loop, groups) + CYCLES_OF_BYTE * _groups_code(loop))


def _loop_cycles(loop: Loop, groups: int) -> int:
    """Cycles of a block that its groups do not take."""
    rounds = (groups - loop.head) // loop.unrolled if loop.unrolled else 0
    return ROUND * rounds + (0 if loop.head else NO_HEAD)


def _groups_code(loop: Loop) -> int:
    return (loop.head + loop.unrolled) * GROUP_CODE


def _other_code(form: Form) -> int:
    each, loads = MORE_BYTES[form]
    return OTHER_CODE + OUTPUTS * each + loads + WORD * moved_outputs(form, CHANNELS)


def threes_bytes(form: Form, groups: int) -> int:
    """Bytes of the constants of three channels: biases, weights, scales."""
    return CHANNELS * WORD * (1 + groups + (1 if form in LINES else SCALE_WORDS))


def threes_stream(layer: Layer, weights: Array) -> tuple[ArrayView, int]:
    """Constants of a layer of weights [O, …] in the order of its lanes, and where those of what is left begin.

    One or two channels are left of whole threes; they are a pair, as `stream` has them (dots.py).
    """
    biases, scales = ends(layer, FACTOR)
    biases = [bias - more for bias, more in zip(biases, joint_bias(weights).tolist(), strict=True)]
    lanes = np.ascontiguousarray(lanes_of_two(weights).astype("<i2"))
    whole = len(biases) // CHANNELS * CHANNELS
    words = list(_threes(biases[:whole], lanes.view("<u4")[..., 0], scales[:whole]))
    if whole == len(biases):
        return array("uint32_t", "stream", "see dw_dsp_threes.h", words), len(words)
    left = stream_words(biases[whole:], packed(lanes[whole:].view(np.int8), None), scales[whole:])
    return array("uint32_t", "stream", "see dw_dsp_threes.h", [*words, *left]), len(words)


def _threes(biases: list[int], lanes: Array, scales: list[tuple[int, ...]]) -> Iterator[int]:
    """Words of whole threes, with lanes [O, K/4]."""
    for first in range(0, len(biases), CHANNELS):
        three = slice(first, first + CHANNELS)
        yield from (bias % 2**32 for bias in biases[three])
        yield from lanes[three].T.reshape(-1).tolist()
        yield from (number % 2**32 for scale in scales[three] for number in scale)


def threes_events(row: ThreesRow, passes: int) -> Events:
    """Blocks of two pixels, in so many `passes` through all threes."""
    threes = passes * row.threes
    blocks = threes * row.blocks
    copied = threes * threes_bytes(row.form, row.groups) / SIX_WORDS if row.weights in COPIED else 0.0
    return {
        "inner": blocks * (row.groups * group_cycles("joint", CHANNELS) + _loop_cycles(row.loop, row.groups)),
        f"threes {timed_as(row.form)}": float(blocks),
        "three channels": float(threes),
        "copied six words": copied,
        "moved output": float(blocks * moved_outputs(row.form, CHANNELS)),
    }


def threes_traffic(layer: Layer, row: ThreesRow, passes: int) -> FlashTraffic:
    """Constants of three channels for each block, or once for a row that copies them; code once for each three."""
    size, calls = threes_bytes(row.form, row.groups), calls_of(layer.graph, layer.node)
    whole, again = row.threes * size, 1 if row.weights in COPIED else row.blocks
    constants = Fetched(((whole, whole * calls), *swept(size, row.threes * passes, again).levels))
    return FlashTraffic(constants=(constants,), code=(_code(row, calls, row.threes * passes),))


def _code(row: ThreesRow, calls: float, threes: int) -> Fetched:
    """Where the cache does not hold it, a block is read again for each block, a round for each round."""
    block, one_round = _groups_code(row.loop), row.loop.unrolled * GROUP_CODE
    whole, more = block + _other_code(row.form), row.blocks - 1
    rounds = (row.groups - row.loop.head) // row.loop.unrolled - 1 if row.loop.unrolled else 0
    return Fetched(
        (
            (whole, calls * whole),
            (one_round, threes * (whole + more * whole)),
            (0.0, threes * row.blocks * (whole + rounds * one_round)),
        )
    )
