"""From where each element comes to loops that copy them: runs of bytes, in nested loops, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
FILL: Final = -1
MOST_PIECES: Final = 6  # of what a loop over an axis falls into; a table says more


@dataclass(frozen=True, slots=True)
class Run:
    """`length` bytes of a source from `start` on, or of the value `start` (FILL)."""

    source: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Loop:
    """`body` over and over: each time `steps` further in each source; by a `table` of places if it is not empty."""

    count: int
    steps: tuple[tuple[int, int], ...]
    body: "tuple[Item, ...]"
    table: tuple[int, ...] = ()


Item = Run | Loop


def length_of(items: Sequence[Item]) -> int:
    """Bytes that items write."""
    return sum(i.length if isinstance(i, Run) else i.count * length_of(i.body) for i in items)


def nest(source: Numbers, place: Numbers, sizes: Sequence[int]) -> tuple[Item, ...]:
    """Loops that write elements in order; `sizes` are those of the axes that they lie along.

    >>> nest(np.zeros(6, int), np.array([0, 1, 4, 5, 8, 9]), (3, 2))
    (Loop(count=3, steps=((0, 4),), body=(Run(source=0, start=0, length=2),), table=()),)
    """
    if (source == source[0]).all() and (source[0] == FILL or _is_run(place)):
        return (Run(int(source[0]), int(place[0]), len(source)),)
    count = sizes[0]
    if count == 1:
        return nest(source, place, sizes[1:])
    rows, places = source.reshape(count, -1), place.reshape(count, -1)
    pieces = _pieces(rows, places)
    together = _together(pieces, rows, places)
    if together > 1:
        return nest(source, place, (count // together, together, *sizes[1:]))
    if len(pieces) > MOST_PIECES:
        table = _table(rows, places)
        if table is not None:
            return (Loop(count, (), nest(rows[0], places[0] - places[0].min(), sizes[1:]), table),)
    items: list[Item] = []
    for start, stop in pieces:
        items += _piece(rows[start:stop], places[start:stop], sizes[1:])
    return _joined(items)


def _is_run(place: Numbers) -> bool:
    return bool((np.diff(place) == 1).all())


def _pieces(rows: Numbers, places: Numbers) -> list[tuple[int, int]]:
    """From where to where rows are alike, each as far behind the one before."""
    steps, alike = np.diff(places, axis=0), (rows[1:] == rows[:-1]).all(axis=1)
    for source in np.unique(rows[rows != FILL]):
        mine = rows[:-1] == source
        first = np.argmax(mine, axis=1)
        expected = np.take_along_axis(steps, first[:, None], axis=1)
        alike &= (~mine | (steps == expected)).all(axis=1)
    known = np.where(rows[:-1] == FILL, 0, steps)
    again = np.concatenate([[False], (known[1:] == known[:-1]).all(axis=1) & alike[1:] & alike[:-1]])
    pieces, start = [], 0
    while start < len(rows):
        stop = start + 1
        if stop < len(rows) and alike[start]:
            breaks = np.flatnonzero(~again[start + 1 :])
            stop = start + 2 + (int(breaks[0]) if len(breaks) else len(rows) - start - 2)
        pieces.append((start, stop))
        start = stop
    return pieces


def _together(pieces: list[tuple[int, int]], rows: Numbers, places: Numbers) -> int:
    """How many rows each of several pieces has that a loop can go over in their turn; 0 if none can."""
    lengths = {stop - start for start, stop in pieces}
    if len(pieces) < 2 or len(lengths) > 1 or lengths == {1}:
        return 0
    (length,) = lengths
    return length if len(_pieces(rows.reshape(len(pieces), -1), places.reshape(len(pieces), -1))) == 1 else 0


def _piece(rows: Numbers, places: Numbers, sizes: Sequence[int]) -> tuple[Item, ...]:
    body = nest(rows[0], places[0], sizes) if sizes else (_single(rows[0], places[0]),)
    if len(rows) == 1:
        return body
    sources = [int(s) for s in np.unique(rows[0]) if s != FILL]
    first = [int(np.flatnonzero(rows[0] == s)[0]) for s in sources]
    steps = tuple((s, int(places[1, at] - places[0, at])) for s, at in zip(sources, first, strict=True))
    if len(body) == 1 and isinstance(body[0], Run):
        run = body[0]
        if run.source == FILL or dict(steps)[run.source] == run.length:
            return (replace(run, length=run.length * len(rows)),)
    return (_loop(len(rows), steps, body),)


def _loop(count: int, steps: tuple[tuple[int, int], ...], body: tuple[Item, ...]) -> Loop:
    """A loop; one with the only loop in it where that goes on by the same steps."""
    inner = body[0]
    if len(body) > 1 or isinstance(inner, Run) or inner.table:
        return Loop(count, steps, body)
    goes_on = steps == tuple((source, step * inner.count) for source, step in inner.steps)
    return replace(inner, count=count * inner.count) if goes_on else Loop(count, steps, body)


def _single(source: Numbers, place: Numbers) -> Run:
    return Run(int(source[0]), int(place[0]), 1)


def _table(rows: Numbers, places: Numbers) -> tuple[int, ...] | None:
    """Place of each row where all are alike but for where they begin, in one source."""
    offsets = places[:, 0] - places[0, 0]
    alike = (rows == rows[0, 0]).all() and bool((places - places[0] == offsets[:, None]).all())
    return tuple((places.min(axis=1)).tolist()) if alike and rows[0, 0] != FILL else None


def _joined(items: list[Item]) -> tuple[Item, ...]:
    """Runs that lie side by side are one."""
    joined: list[Item] = []
    for item in items:
        last = joined[-1] if joined else None
        if isinstance(item, Run) and isinstance(last, Run) and _continues(last, item):
            joined[-1] = replace(last, length=last.length + item.length)
        else:
            joined.append(item)
    return tuple(joined)


def _continues(run: Run, other: Run) -> bool:
    length = 0 if run.source == FILL else run.length
    return (run.source, run.start + length) == (other.source, other.start)
