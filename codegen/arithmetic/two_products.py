"""Requantising by two products of 32 bits and one shift, for cores that keep no upper half of a product.

A channel is the line (s·M + C) >> (LOW + high) in a sum s, with M = m1·2^low + m0 and C = c·2^low, which is
(s·m1 + ((s·m0) >> low) + c) >> high: two products that fit into int32. It equals an operator's own roundings on an
interval of sums exactly if it reaches every output from the same sum on (thresholds.py). A layer has one `low` and one
`high`; `solve` finds M and c for each channel, and proves them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .fixedpoint import LARGEST, Int64
from .thresholds import Steps, thresholds

Bools = NDArray[np.bool_]
FACTOR_BITS: Final = 16  # of m1 and of m0
MOST_HIGH: Final = 22
FEWEST_HIGH: Final = 12
NEVER: Final = 2**62  # a bound that nothing reaches


@dataclass(frozen=True, slots=True)
class Products:
    """Channels whose outputs are int8((s·m1 + ((s·m0) >> low) + offset) >> high), clamped, for sums s without a bias.

    `multipliers` are M = m1·2^low + m0 with both below 2^16; arrays are [C].
    """

    multipliers: Int64
    offsets: Int64
    low: int
    high: int

    @property
    def factors(self) -> tuple[Int64, Int64]:
        """m1 and m0 of each channel; m0 is the nearest to zero, below or above."""
        half = 1 << (self.low - 1)
        m1 = (self.multipliers + half) >> self.low
        return m1, self.multipliers - (m1 << self.low)

    def __call__(self, sums: Int64) -> Int64:
        """What is clamped, of sums [C, n]."""
        m1, m0 = self.factors
        return (sums * m1[:, None] + ((sums * m0[:, None]) >> self.low) + self.offsets[:, None]) >> self.high


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What a channel must keep: sums `first` [C, J] reach `outputs` [J], sums `last` do not, where these arrays say."""

    first: Int64
    last: Int64
    reached: Bools
    missed: Bools
    outputs: Int64


def solve(plain: Steps, biases: Int64) -> Products | None:
    """Constants for sums without their biases [C]; None where a channel has none.

    `plain` takes sums with them, and clamps to −128 … 127.
    """
    ends = plain.low - biases, plain.high - biases
    low = min(32 - int(np.abs(np.stack(ends)).max()).bit_length(), FACTOR_BITS)
    if low < 1:
        return None
    bounds = _bounds(plain, biases)
    reach = int(_unclamped(plain).max()) + 1
    for high in range(min((2**31 // reach).bit_length() - 1, MOST_HIGH), FEWEST_HIGH - 1, -1):
        found = _of_shifts(bounds, low, high)
        if found is not None and _proved(plain, biases, found):
            return found
    return None


def _unclamped(plain: Steps) -> Int64:
    """The largest absolute value of each channel before it is clamped."""
    factor = np.ldexp(plain.multipliers.astype(float), plain.shifts - 31)
    largest = np.maximum(np.abs(plain.low), np.abs(plain.high)) * factor
    return np.asarray(np.ceil(largest).astype(np.int64) + abs(plain.zero_point) + 1)


def _bounds(plain: Steps, biases: Int64) -> _Bounds:
    inside, low, high = thresholds(plain), plain.low[:, None], plain.high[:, None]
    bias = biases[:, None]
    return _Bounds(
        np.maximum(inside, low) - bias,
        np.minimum(inside - 1, high) - bias,
        inside <= high,
        inside > low,
        np.arange(plain.minimum + 1, plain.maximum + 1),
    )


def _of_shifts(bounds: _Bounds, low: int, high: int) -> Products | None:
    """Multipliers and offsets of every channel for these shifts.

    For a multiplier M the offsets C that keep `first` of output j are those from j·2^(low + high) − M·first on; those
    that keep `last` lie below j·2^(low + high) − M·last. The gap between the ends is convex in M: bisection.
    """
    count = len(bounds.first)
    least, most = np.zeros(count, np.int64), np.full(count, (1 << (low + FACTOR_BITS)) - 1)
    multipliers, offsets, solved = np.zeros_like(least), np.zeros_like(least), np.zeros(count, bool)
    while (rows := np.flatnonzero(~solved & (least <= most))).size:
        m = (least[rows] + most[rows]) // 2
        lower, upper, growth = _ends(bounds, rows, m, low + high)
        offset = -(-lower >> low)
        good = (offset << low) <= upper
        multipliers[rows[good]], offsets[rows[good]], solved[rows[good]] = m[good], offset[good], True
        least[rows] = np.where(growth <= 0, m + 1, least[rows])
        most[rows] = np.where(growth >= 0, m - 1, most[rows])
    return Products(multipliers, offsets, low, high) if solved.all() else None


def _ends(bounds: _Bounds, rows: Int64, m: Int64, shift: int) -> tuple[Int64, Int64, Int64]:
    """Least and greatest C of channels `rows` with multipliers `m`, and the sign of the gap's growth."""
    goals = bounds.outputs << shift
    first, last = bounds.first[rows], bounds.last[rows]
    lower = np.where(bounds.reached[rows], goals - m[:, None] * first, -NEVER)
    upper = np.where(bounds.missed[rows], goals - m[:, None] * last - 1, NEVER)
    top, bottom, each = lower.argmax(axis=1), upper.argmin(axis=1), np.arange(len(rows))
    growth = np.sign(last[each, bottom] - first[each, top])
    return lower[each, top], upper[each, bottom], growth


def _proved(plain: Steps, biases: Int64, found: Products) -> bool:
    """Whether both forms are equal for all sums: at the ends and on both sides of each threshold, within int32.

    Both are non-decreasing, and the plain one is constant between these sums (`thresholds`).
    """
    inside, ends = thresholds(plain), (plain.low[:, None], plain.high[:, None])
    sums = np.concatenate([*ends, np.clip(inside - 1, *ends), np.clip(inside, *ends)], axis=1)
    bare = sums - biases[:, None]
    m1, m0 = found.factors
    small = np.abs(bare * m0[:, None]).max() <= LARGEST and (m1 < 1 << FACTOR_BITS).all()
    values = found(bare)
    within = np.abs(values).max() < 1 << (31 - found.high)
    return bool(small and within and (np.clip(values, plain.minimum, plain.maximum) == plain(sums)).all())
