"""Channels that are shifted to the right by more than the offset has room for: other numbers of the same form.

Where a sum s is shifted by r > 15, the zero point times 2^(r + 7) leaves int32. Such a channel takes each of its few
steps at the same sum with a smaller multiplier and shift, floor((floor(s·m / 2^24) + offset) / 2^shift), found here and
held against the operator's own roundings on both sides of every step (arithmetic/thresholds.py).
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.arithmetic.thresholds import Steps, thresholds
from depthwise.codegen.kernels.sums import Sums
from depthwise.codegen.kernels.weighted import is_signed

FACTOR_BITS: Final = 24  # 32 of MULSH, less those of the factor 256
AWAY: Final = 128  # taken off negative products where halves are rounded away from zero
# Shifts that are tried, the largest first, and how far multipliers may be from the ideal one.
SHIFTS: Final = range(29, 20, -1)
TILTS: Final = 16
Scale = tuple[int, int, int]


@lru_cache(maxsize=256)
def far_scales(sums: Sums, channels: tuple[int, ...], more_bits: int) -> dict[int, Scale] | None:
    """Multiplier, offset and shift of each of some channels; None if one has none.

    `more_bits` are those that the shift of the form has more than the operator's.
    """
    plain = sums.steps
    inside = thresholds(plain)
    found = {c: _scale(plain, inside[c], c, more_bits, signed=is_signed(sums.parameters)) for c in channels}
    solved = {c: scale for c, scale in found.items() if scale is not None}
    return solved if len(solved) == len(found) else None


def _scale(plain: Steps, inside: Int64, channel: int, more_bits: int, *, signed: bool) -> Scale | None:
    right, multiplier = more_bits - int(plain.shifts[channel]), int(plain.multipliers[channel])
    low, high = int(plain.low[channel]), int(plain.high[channel])
    outputs = np.arange(plain.minimum + 1, plain.maximum + 1, dtype=np.int64)
    for shift, m in _candidates(right, multiplier):
        least, most = (_products(np.array([s]), m, signed=signed)[0] for s in (low, high))
        goals = outputs << shift
        reached = _products(np.clip(inside, low, high), m, signed=signed)
        before = _products(np.clip(inside - 1, low, high), m, signed=signed)
        first = (goals - reached)[inside <= high].max(initial=-LARGEST - 1 - int(least))
        last = (goals - 1 - before)[inside > low].min(initial=LARGEST - int(most))
        if first <= last:
            return m, int(first + last) // 2, shift
    return None


def _candidates(right: int, multiplier: int) -> Iterator[tuple[int, int]]:
    """Shifts and multipliers, for each shift the nearest multiplier first."""
    for shift in SHIFTS:
        if shift <= right:
            ideal = round(multiplier / 2 ** (right - shift))
            yield from ((shift, ideal + tilt) for tilt in sorted(range(-TILTS, TILTS + 1), key=abs))


def _products(sums: Int64, multiplier: int, *, signed: bool) -> Int64:
    """What the kernel adds the offset to."""
    products: Int64 = (sums * multiplier) >> FACTOR_BITS
    return products - AWAY * (sums < 0) if signed else products
