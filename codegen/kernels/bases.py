"""Sums that lie far from zero, as what they are more than a base: exact numbers for channels that have no line.

The operator's output of a sum s is floor((X + c) / 2^(r + 1)), with X = s·m·2^l / 2^30 for a shift to the left by l or
to the right by r, and a constant c: its first rounding's half, its second one's, the zero point. A product of 32 bits
takes (s − base)·2^left, left = l + 2 − k; then floor(X / 2^k + c / 2^k) is floor((s − base)·2^left·m / 2^32) + offset,
if base·m·2^left / 2^32 + c / 2^k is a whole number, the offset. A base is one of many, so that it nearly is one for the
best of them: that no sum sees the difference is proved at the thresholds of all outputs. A k of more than l + 2 halves
the multiplier instead.

A sum's sign is no longer that of its product. Where the rounding of negative values can be seen, c is that of negative
sums or of all others. Left to the general kernel are some channels of which the weights add up to 2^20 and more, which
takes 8,257 inputs: those that have sums on both sides of zero, or outputs 2^26 and more sums apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.arithmetic.thresholds import Steps, thresholds

KEPT_BITS: Final = 2  # that sums are shifted to the left at most: then the first rounding's half is one of theirs
PRODUCT_BITS: Final = 32
MOST_RIGHT: Final = 24  # outputs of int8 that are shifted to the left by so much are an int32
TRIED: Final = 2**15  # bases to each side of the middle of the sums, and others
BEST: Final = 16
HALVED: Final = 6  # times that a multiplier is halved at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Based:
    """Numbers of a channel: (((s − base)·2^left · multiplier >> 32) + offset) >> right is its output, clamped."""

    base: int
    multiplier: int
    offset: int
    left: int
    right: int

    def shifted(self, sums: Int64) -> Int64:
        """What is shifted to the right of sums."""
        return np.asarray((((sums - self.base) << self.left) * self.multiplier >> PRODUCT_BITS) + self.offset)


def based(plain: Steps) -> Based | None:
    """Numbers of the one channel of a plain form, None where none are found."""
    inside = thresholds(plain)[0]
    return next((found for found in _candidates(plain) if _proved(found, plain, inside)), None)


def _candidates(plain: Steps) -> Iterator[Based]:
    """Numbers with more and more bits dropped: of the shift to the left first, then of the multiplier."""
    shift = int(plain.shifts[0])
    kept, right = max(shift, 0) + KEPT_BITS, max(-shift, 0) + 1
    for dropped in range(min(right, kept + HALVED) + 1):
        if right - dropped <= MOST_RIGHT:
            for constant in _constants(plain, right - 1):
                yield from _near(plain, constant, dropped, max(kept - dropped, 0), right - dropped)


def _constants(plain: Steps, right: int) -> tuple[int, ...]:
    """What is added to X: of sums of 0 and more, of negative ones."""
    zero = plain.zero_point << right + 1
    if right == 0:
        return (zero + 1,)
    half = zero + (1 << right)
    return (half - 1, half + 1) if int(plain.high[0]) <= 0 else (half + 1, half - 1)


def _near(plain: Steps, constant: int, dropped: int, left: int, right: int) -> Iterator[Based]:
    """Those bases that come next to a whole number, the nearest first.

    Neighbours are a multiplier apart, which may be a simple fraction: some are near the middle, some far apart.
    """
    whole_multiplier, low, high = (int(a[0]) for a in (plain.multipliers, plain.low, plain.high))
    halved = max(dropped - max(int(plain.shifts[0]), 0) - KEPT_BITS, 0)
    multiplier = (whole_multiplier + (1 << halved >> 1)) >> halved
    reach, middle = LARGEST >> left, (low + high) // 2
    first, last = high - reach, low + reach
    if first > last:
        return
    near = np.arange(max(first, middle - TRIED), min(last, middle + TRIED) + 1)
    bases = np.concatenate([near, np.linspace(first, last, TRIED).astype(np.int64)])
    added = constant << PRODUCT_BITS - dropped
    whole = 1 << PRODUCT_BITS
    steps = (multiplier << left) % whole
    beyond = (bases % whole * steps + added % whole + whole // 2) % whole - whole // 2
    for at in np.argsort(np.abs(beyond), kind="stable")[:BEST].tolist():
        base = int(bases[at])
        offset = (base * (multiplier << left) + added - int(beyond[at])) // whole
        yield Based(base=base, multiplier=multiplier, offset=offset, left=left, right=right)


def _proved(found: Based, plain: Steps, inside: Int64) -> bool:
    """Whether both forms are equal for all sums, and int32: at the ends, and on both sides of each threshold `inside`.

    Both are non-decreasing, and that those are the thresholds of the plain one is checked too.
    """
    ends, outputs = (int(plain.low[0]), int(plain.high[0])), np.arange(plain.minimum + 1, plain.maximum + 1)
    before, from_there = np.clip(inside - 1, *ends), np.clip(inside, *ends)
    below, above = plain(before[None])[0] < outputs, plain(from_there[None])[0] >= outputs
    if not (((inside <= ends[0]) | below) & ((inside > ends[1]) | above)).all():
        return False
    sums = np.concatenate([ends, before, from_there]).astype(np.int64)
    shifted = found.shifted(sums)
    equal = np.clip(shifted >> found.right, plain.minimum, plain.maximum) == plain(sums[None])[0]
    return bool(equal.all()) and abs(found.offset) <= LARGEST and int(np.abs(shifted).max()) <= LARGEST
