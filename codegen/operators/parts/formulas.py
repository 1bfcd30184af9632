"""Short integer formulas for rising and falling rows of numbers: which row of an operand a row of the output needs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MOST_PIECES: Final = 4
DENOMINATORS: Final = (1, 2, 3, 4, 8, 64, 512)


@dataclass(frozen=True, slots=True)
class FormulaPiece:
    """(factor · y + offset) / divisor, rounded down, for y below `stop`; the numerator is never negative."""

    stop: int
    factor: int
    offset: int
    divisor: int

    def at(self, y: int) -> int:
        """The value."""
        return (self.factor * y + self.offset) // self.divisor


@dataclass(frozen=True, slots=True)
class Formula:
    """Pieces one behind the other; the last one holds for all y that are left."""

    pieces: tuple[FormulaPiece, ...]

    def at(self, y: int) -> int:
        """The value."""
        return next((p for p in self.pieces if y < p.stop), self.pieces[-1]).at(y)


def fit(values: Sequence[int]) -> Formula | None:
    """A formula that gives all of some numbers, none negative, from their positions; None if it takes many pieces.

    >>> fit([0, 0, 1, 1, 2, 2])
    Formula(pieces=(FormulaPiece(stop=6, factor=1, offset=0, divisor=2),))
    >>> fit([2, 1, 0, 1, 2]).at(3)
    1
    """
    pieces: list[FormulaPiece] = []
    start = 0
    while start < len(values):
        if len(pieces) == MOST_PIECES:
            return None
        pieces.append(_longest(values, start))
        start = pieces[-1].stop
    return Formula(tuple(pieces))


def _longest(values: Sequence[int], start: int) -> FormulaPiece:
    """The piece that holds from `start` on for as long as any does."""
    whole = _piece(values, start, len(values))
    if whole is not None:
        return whole
    low, high = start + 1, len(values)
    while low + 1 < high:  # what holds for a stretch holds for each that begins with it, but for the slopes tried
        middle = (low + high) // 2
        low, high = (middle, high) if _piece(values, start, middle) is not None else (low, middle)
    found = _piece(values, start, low)
    assert found is not None
    return found


def _piece(values: Sequence[int], start: int, stop: int) -> FormulaPiece | None:
    for slope in dict.fromkeys(_slopes(values, start, stop)):
        factor, divisor = slope.numerator, slope.denominator
        least = max(values[y] * divisor - factor * y for y in range(start, stop))
        most = min((values[y] + 1) * divisor - 1 - factor * y for y in range(start, stop))
        if least <= most:
            return FormulaPiece(stop, factor, min(max(least, 0), most), divisor)
    return None


def _slopes(values: Sequence[int], start: int, stop: int) -> Iterator[Fraction]:
    length, rise = stop - start, values[stop - 1] - values[start]
    if length == 1 or rise == 0:
        yield Fraction(0)
    if length == 1:
        return
    step = 1 if rise >= 0 else -1
    for exact in (Fraction(rise, length - 1), Fraction(rise + step, length), Fraction(rise + step, length - 1)):
        for most in DENOMINATORS:
            yield exact.limit_denominator(most)
