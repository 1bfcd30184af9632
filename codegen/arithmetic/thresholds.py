"""Requantising by one multiplication and one shift that all channels share, found and proved by its thresholds.

An exact output is a non-decreasing step function of the integer sum s. Two such functions are equal on an interval
exactly if they reach every output from the same sum on: at most 255 thresholds. `steps` finds those of an operator's
own roundings, `solve` a bias d and a multiplier M for each channel with ((256·s + d)·M) >> 44 between the same ones,
or with another factor, shift, rounding and offset (`LineForm`), and `proved` evaluates both forms on both sides of
every threshold. A clamp of which one end alone is int8's has a line that is moved so that its other end is one too;
what it was moved by is taken off afterwards, saturated. Any other clamp has a line that is held: moved so that its
lower end is 0, it saturates there and at 255 as bytes without a sign do; adding what is left up to 255 finds the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .fixedpoint import LARGEST, Int64, Mode, requantize

Bools = NDArray[np.bool_]
# A sum times 256 costs nothing where int8 weights or inputs become lanes of 16 bits; 44 is SMMUL, then ASR #12.
FACTOR: Final = 256
SHIFT: Final = 44
# Thresholds lie within two sums of the ideal line: either rounding moves them by at most one.
WINDOW: Final = 4
INT8: Final = (-128, 127)
UINT8: Final = (0, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Plain form of a layer's channels: clamp(requantize(s) + zero_point, minimum, maximum) for low <= s <= high.

    All arrays are [C]; `low` and `high` are the ends of the sums that can occur, bias included.
    """

    multipliers: Int64
    shifts: Int64
    low: Int64
    high: Int64
    zero_point: int
    minimum: int
    maximum: int
    mode: Mode = Mode.TFLM

    def __call__(self, sums: Int64) -> Int64:
        """Outputs [C, n] of sums [C, n]."""
        scaled = requantize(sums, self.multipliers[:, None], self.shifts[:, None], self.mode)
        return np.clip(scaled + self.zero_point, self.minimum, self.maximum)

    def moved(self, by: int) -> "Steps":
        """Steps whose outputs are so much greater, from the same sums on."""
        low, high = self.minimum + by, self.maximum + by
        return replace(self, zero_point=self.zero_point + by, minimum=low, maximum=high)

    def of(self, channels: Sequence[int]) -> "Steps":
        """Steps of some channels."""
        at = np.array(channels)
        arrays = {name: getattr(self, name)[at] for name in ("multipliers", "shifts", "low", "high")}
        return replace(self, **arrays)


@dataclass(frozen=True, slots=True)
class LineForm:
    """The other form, clamp((((factor·s + bias)·multiplier + rounding) >> shift) + offset), without its two numbers."""

    factor: int = FACTOR
    shift: int = SHIFT
    rounding: int = 0
    offset: int = 0

    def goals(self, outputs: Int64) -> Int64:
        """The products from which on outputs are reached."""
        return ((outputs - self.offset) << self.shift) - self.rounding

    def __call__(self, wide: Int64, multipliers: Int64) -> Int64:
        """Outputs before the clamp."""
        return ((wide * multipliers + self.rounding) >> self.shift) + self.offset


LINE: Final = LineForm()


@dataclass(frozen=True, slots=True)
class Lines:
    """Numbers of the other form for each channel, [C]; `solved` marks the channels that have them.

    Where lines are `moved` the clamp is that of int8, and so is a second one when that has been taken off. Where they
    are `held` both are those of bytes without a sign, the second one when what is left above the clamp has been added.
    """

    biases: Int64
    multipliers: Int64
    solved: Bools
    moved: int = 0
    held: bool = False


def thresholds(plain: Steps) -> Int64:
    """The least sum from which on each output above the minimum is reached, [C, maximum − minimum].

    `low` stands for outputs that every sum reaches, `high` + 1 for those that none does. The real line gives a window,
    bisection the sum.
    """
    outputs = np.arange(plain.minimum + 1, plain.maximum + 1)
    ends = plain.low[:, None], plain.high[:, None] + 1
    with np.errstate(divide="ignore"):
        slope = np.ldexp(1.0 / plain.multipliers, 31 - plain.shifts)
    ideal = np.clip((outputs - plain.zero_point - 0.5) * slope[:, None], ends[0] - WINDOW, ends[1] + WINDOW)
    first = np.clip(np.floor(ideal).astype(np.int64) - WINDOW, *ends)
    last = np.clip(np.ceil(ideal).astype(np.int64) + WINDOW, *ends)
    while (open_ := first < last).any():
        middle = (first + last) // 2
        reached = plain(middle) >= outputs
        last = np.where(open_ & reached, middle, last)
        first = np.where(open_ & ~reached, middle + 1, first)
    return np.asarray(first)


def solve(
    plain: Steps, moved: int = 0, form: LineForm = LINE, first: Int64 | None = None, *, held: bool = False
) -> Lines:
    """Bias and multiplier of every channel that has them, each proved; lines are `moved` so far above the outputs.

    For a multiplier M the biases that keep a threshold t of output j are those from ⌈j·2^44/M⌉ − 256·t on, 256 of them.
    The gap between what the thresholds of a channel ask for is convex in 1/M, so its sign of growth tells on which side
    a better M lies: bisection over all of M, from those on that are tried `first`, [C].
    """
    safe, higher = within_int32(plain), plain.moved(moved)
    inside = thresholds(plain)
    least, most = np.ones(len(inside), np.int64), np.full(len(inside), LARGEST)
    biases, found, solved = np.zeros_like(least), np.zeros_like(least), np.zeros(len(inside), bool)
    while (rows := np.flatnonzero(safe & ~solved & (least <= most))).size:
        m, first = (least[rows] + most[rows]) // 2 if first is None else first[rows], None
        lower, upper, growth = _biases(higher, form, (inside, rows), m)
        good = lower <= upper
        biases[rows[good]], found[rows[good]] = (lower + upper)[good] // 2, m[good]
        solved[rows[good]] = True
        least[rows] = np.where(growth >= 0, m + 1, least[rows])
        most[rows] = np.where(growth <= 0, m - 1, most[rows])
    lines = Lines(biases, found, solved, moved, held)
    return replace(lines, solved=solved & proved(plain, inside, lines, form))


def proved(plain: Steps, inside: Int64, lines: Lines, form: LineForm = LINE) -> Bools:
    """Whether both forms are equal for all sums of a channel, [C]: at the ends and on both sides of each threshold.

    Both are non-decreasing, and that `inside` are the thresholds of the plain one is checked too: it is constant
    between these sums.
    """
    ends, outputs = (plain.low[:, None], plain.high[:, None]), np.arange(plain.minimum + 1, plain.maximum + 1)
    before, from_there = np.clip(inside - 1, *ends), np.clip(inside, *ends)
    first = ((inside <= ends[0]) | (plain(before) < outputs)) & ((inside > ends[1]) | (plain(from_there) >= outputs))
    sums = np.concatenate([*ends, before, from_there], axis=1)
    wide = form.factor * sums + lines.biases[:, None]
    found = form(wide, lines.multipliers[:, None])
    equal = (_clamped(plain, lines, found) == plain(sums)) & (np.abs(wide) <= LARGEST)
    return np.asarray(first.all(axis=1) & equal.all(axis=1))


def _clamped(plain: Steps, lines: Lines, found: Int64) -> Int64:
    """Outputs of lines, from what they give before the clamp."""
    if lines.held:
        room = UINT8[1] - (plain.maximum - plain.minimum)
        return np.asarray(np.clip(np.clip(found, *UINT8) + room, *UINT8) - room - lines.moved)
    if not lines.moved:
        return np.asarray(np.clip(found, plain.minimum, plain.maximum))
    return np.asarray(np.clip(np.clip(found, *INT8) - lines.moved, *INT8))


def within_int32(plain: Steps) -> Bools:
    """Channels whose sums are shifted to the left without wrapping, where the plain form is non-decreasing."""
    largest = np.maximum(np.abs(plain.low), np.abs(plain.high) + 1)
    return np.asarray(np.ldexp(largest.astype(float), np.maximum(plain.shifts, 0)) <= LARGEST)


def _biases(plain: Steps, form: LineForm, at: tuple[Int64, Int64], m: Int64) -> tuple[Int64, Int64, Int64]:
    """Least and greatest bias of channels `rows` with multipliers `m`; 1 where greater ones narrow the gap, −1 less.

    `at` are thresholds and rows.
    """
    inside, rows = at
    goals = form.goals(np.arange(plain.minimum + 1, plain.maximum + 1, dtype=np.int64))
    goals = np.append(goals, 0)
    low, high, t = (form.factor * a for a in (plain.low[rows, None], plain.high[rows, None], inside[rows]))
    starts = -(-goals[:-1] // m[:, None]) - t
    lower = np.append(np.where(t <= high, starts, -(2**62)), -LARGEST - low, axis=1)
    upper = np.append(np.where(t > low, starts + form.factor - 1, 2**62), LARGEST - high, axis=1)
    top, bottom = lower.argmax(axis=1), upper.argmin(axis=1)
    each = np.arange(len(rows))
    return lower[each, top], upper[each, bottom], np.sign(goals[top] - goals[bottom])
