"""Channels of which the operator's own numbers are no `struct dw_scale`: other numbers for the same instructions.

Where the operator shifts to the left, or rounds once and not twice, weights are int16 lanes that hold a larger multiple
of them than 2, 256 at most; where sums are too large to be doubled, or are shifted too far to the right, any that fits,
or the weights themselves. Inputs that are doubled, too, are one power of two more. The bias, a multiplier, an offset
and a shift to the right are found and proved by codegen/arithmetic/thresholds.py. The offset is the clamp's lower end,
so that all products of outputs above it are positive: the second rounding's correction cannot be seen.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.thresholds import LineForm, solve, within_int32
from depthwise.codegen.graph import Array
from depthwise.codegen.kernels.sums import Sums

LEAST_FACTOR: Final = 2  # that all weights can be multiplied by
MOST_BITS: Final = 8  # of the power of two that weights are multiplied by
LANE: Final = (-(2**15), 2**15 - 1)
LARGEST_SHIFT: Final = 22  # so that an offset of a zero point is within int32
UPPER_BITS: Final = 32  # that SMMULR shifts a product by, after half of it is added
Scale = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Scaled:
    """A channel: what weights are multiplied by, a bias for so many times the sums of w·x, `struct dw_scale`."""

    factor: int
    bias: int
    scale: Scale


@lru_cache(maxsize=256)
def steep_of(sums: Sums, channels: tuple[int, ...], most_bits: int, least_bits: int = 0) -> dict[int, Scaled]:
    """Numbers of those of some channels that have them, weights times inputs being so by 2^`most_bits` at most."""
    found = _constant(sums, channels)
    for bits in range(most_bits, least_bits - 1, -1):
        left = [c for c in channels if c not in found]
        shifts = {c: _shift(bits, sums.parameters.shifts[c]) for c in left}
        for shift in sorted(set(shifts.values())):
            found |= _solved(sums, [c for c in left if shifts[c] == shift], bits, shift)
    return found


def _constant(sums: Sums, channels: tuple[int, ...]) -> dict[int, Scaled]:
    """Channels whose outputs are one value, whatever the sum."""
    plain, some = sums.steps, np.array(channels)
    least, most = (plain(end[:, None])[some, 0] for end in (plain.low, plain.high))
    known = zip(channels, least.tolist(), (least == most) & within_int32(plain)[some], strict=True)
    return {c: Scaled(LEAST_FACTOR, 0, (0, value, 0)) for c, value, is_constant in known if is_constant}


def _shift(bits: int, left: int) -> int:
    """The shift to the right behind a factor of so many bits, in place of a factor of 2 and a shift to the left.

    >>> _shift(8, 3), _shift(0, -29)
    (4, 22)
    """
    return min(max(bits - 1 - left, 0), LARGEST_SHIFT)


def factor_bits(weights: Array) -> int:
    """Bits of the largest factor that weights can be multiplied by as int16."""
    least, most = int(weights.min(initial=0)), int(weights.max(initial=0))
    return max(b for b in range(MOST_BITS + 1) if LANE[0] <= least << b and most << b <= LANE[1])


def _solved(sums: Sums, channels: list[int], bits: int, shift: int) -> dict[int, Scaled]:
    plain, factor = sums.steps.of(channels), 2**bits
    rounding, offset = 2 ** (UPPER_BITS - 1), plain.minimum
    form = LineForm(factor, UPPER_BITS + shift, rounding, offset)
    lines = solve(plain, form=form, first=plain.multipliers)
    numbers = zip(channels, lines.solved.tolist(), lines.biases.tolist(), lines.multipliers.tolist(), strict=True)
    return {
        c: Scaled(factor, factor * sums.biases[c] + bias, (multiplier, offset << shift, shift))
        for c, is_solved, bias, multiplier in numbers
        if is_solved
    }
