"""Sums of two int8 values by two products of 32 bits and one shift: a plane in place of three roundings.

What ADD or SUB computes is a function of two bytes that never falls, or never rises, along each: nearly the plane
(a·M1 + b·M2 + C) >> shift. Where a plane with whole numbers gives every one of the 65,536 outputs, it is the operator.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil, log2
from typing import Final

import numpy as np

from .fixedpoint import LARGEST, Int64

BYTES: Final[Int64] = np.arange(-128, 128)
MOST_SHIFT: Final = 30
# How far the factors may be from the real slopes, in units: halves that are rounded away from zero want one more.
TILTS: Final = 2
NEVER: Final = 2**62  # a bound that nothing reaches


@dataclass(frozen=True, slots=True)
class Plane:
    """Outputs (a·first + b·second + offset) >> shift, clamped, of int8 values a and b; nothing of it leaves int32."""

    first: int
    second: int
    offset: int
    shift: int


def plane(outputs: Int64, slopes: tuple[float, float], clamp: tuple[int, int]) -> Plane | None:
    """The plane that gives all `outputs` of a and b from −128 on, [256, 256], clamped to `clamp`; None if none is.

    `slopes` are outputs per step of a and of b: the real ratios of scales.
    """
    shift = min(MOST_SHIFT, 30 - ceil(log2(_span(outputs, slopes, clamp))))
    for first, second in _factors(slopes, shift):
        offset = _offset(outputs, _products(first, second), shift, clamp)
        if offset is not None and 128 * (abs(first) + abs(second)) + abs(offset) <= LARGEST:
            return Plane(first, second, offset, shift)
    return None


def _products(first: int, second: int) -> Int64:
    return (BYTES * first)[:, None] + (BYTES * second)[None, :]


def _span(outputs: Int64, slopes: tuple[float, float], clamp: tuple[int, int]) -> float:
    """A bound of |a·M1| + |b·M2| + |C| in outputs: the plane is near to one of them wherever it is not clamped."""
    rise = 128 * (abs(slopes[0]) + abs(slopes[1]))
    inside = (outputs > clamp[0]) & (outputs < clamp[1])
    if not inside.any():
        return 2 * rise + 256
    a, b = (int(i[0]) - 128 for i in np.nonzero(inside))
    offset = abs(int(outputs[a + 128, b + 128]) - a * slopes[0] - b * slopes[1])
    return rise + offset + 2


def _factors(slopes: tuple[float, float], shift: int) -> Iterator[tuple[int, int]]:
    """Whole factors near the slopes, the nearest first."""
    one, other = (round(slope * 2**shift) for slope in slopes)
    tilts = range(-TILTS, TILTS + 1)
    for i, j in sorted(product(tilts, tilts), key=lambda tilt: abs(tilt[0]) + abs(tilt[1])):
        yield one + i, other + j


def _offset(outputs: Int64, products: Int64, shift: int, clamp: tuple[int, int]) -> int | None:
    """What must be added to products for all outputs; None where no number will do."""
    least = ((outputs << shift) - products)[outputs > clamp[0]].max(initial=-NEVER)
    most = (((outputs + 1) << shift) - 1 - products)[outputs < clamp[1]].min(initial=NEVER)
    if least > most:
        return None
    return int(least) if least > -NEVER else int(most) if most < NEVER else 0
