"""The cuts of which the fullest segment is least full, by dynamic programming.

What is alive during a segment depends on where it starts and stops, but for tensors that share memory across cuts:
its own rings, and whole tensors of the segments in front that are read in it or behind it. So a plan takes about as
much as its fullest segment, and the way to each node with the least such maximum is found from those to the nodes
in front of it. Of equal ways the one with the fewest entries of the order is taken.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .memory import Group, StepMemory
from .placement import ALIGNMENT, NO_STEP, least_bytes
from .planner import Planner
from .simulate import Segments
from .tables import Numbers, Sizes


def partition(planner: Planner, most: int, report: Callable[[int], None]) -> Segments | None:
    """The segments of the best plan that is thought to take less than `most` bytes; None if there is none.

    What takes a good deal less is looked for first, as a lower limit leaves less to look at. `report` is told how many
    nodes are left.
    """
    peaks = _Peaks(planner)
    for limit in (most * 5 // 8, most):
        found = _within(peaks, len(planner.graph.nodes), limit, report)
        if found is not None:
            return _shortest(planner, len(planner.graph.nodes), found)
    return None


def _within(peaks: "_Peaks", count: int, most: int, report: Callable[[int], None]) -> list[tuple[int, int]] | None:
    """Segments of the best plans that are thought to take less than `most` bytes, None if there are no such plans."""
    found: dict[tuple[int, int], int] = {}
    least = [0] + [most] * count
    for start in range(count):
        report(count - start)
        if least[start] < most:
            for stop, peak in peaks.below(start, most):
                found[start, stop] = peak
                least[stop] = min(least[stop], max(least[start], peak))
    return [s for s, peak in found.items() if peak <= least[-1]] if least[-1] < most else None


def _shortest(planner: Planner, count: int, allowed: Sequence[tuple[int, int]]) -> Segments:
    """The way from the first node to the end with the fewest entries, over segments in the order of their starts."""
    ways: list[tuple[int, Segments] | None] = [(0, ())] + [None] * count
    least = planner.least_entries()
    for start, stop in allowed:
        way, known = ways[start], ways[stop]
        if way is None:
            continue
        if known is not None and way[0] + least[stop] - least[start] >= known[0]:
            continue
        entries = way[0] + planner.entries(((start, stop),))
        if known is None or entries < known[0]:
            ways[stop] = entries, (*way[1], (start, stop))
    found = ways[count]
    assert found is not None
    return found[1]


class _Peaks:
    """The most bytes that are alive during single segments, all other nodes being segments of their own."""

    def __init__(self, planner: Planner) -> None:
        self._planner, count, whole = planner, len(planner.graph.nodes), planner.timeline.times(())
        users = {t: steps for family in planner.families for t, steps in family.steps_of.items()}
        lives = {t: planner.lives.lifetime(t, whole) for t in users}
        sizes = [planner.graph.tensors[t].row_bytes * planner.graph.tensors[t].rows for t in users]
        rings = [Group((t,), None, size, lives[t].first, lives[t].last) for t, size in zip(users, sizes, strict=True)]
        self._sizes, self._firsts, self._lasts = _timed(rings, whole)
        self._found: dict[tuple[int, int], tuple[int, int]] = {}
        used = np.zeros((len(users), count + 1), np.int32)
        for number, steps in enumerate(users.values()):
            used[number, [step + 1 for step in steps]] = 1
        self._used = used.cumsum(axis=1)  # how many steps in front of each one read or write a tensor
        self._scratch = sum(
            item.size for item in planner.others if isinstance(item, StepMemory) and item.step == NO_STEP
        )

    def below(self, start: int, most: int) -> Iterator[tuple[int, int]]:
        """Stops of segments from a start during which less than `most` bytes are alive, and how many are.

        `most` may be more from time to time, never less.
        """
        count = len(self._planner.graph.nodes)
        self._planner.timeline.order(start, count)  # simulated once for all stops
        for stop in range(start + 1, count + 1):
            if (start, stop) not in self._found:
                self._found[start, stop] = self._of(start, stop, most)
            peak, lasting = self._found[start, stop]
            if peak < most:
                yield stop, peak
            elif lasting >= most:
                return

    def _of(self, start: int, stop: int, most: int) -> tuple[int, int]:
        """The most bytes alive during a segment; and, if that is `most` or more, how many are so in any longer one."""
        planner, times = self._planner, self._planner.timeline.times(((start, stop),))
        begin, end = planner.timeline.before(start), planner.timeline.before(stop)
        beside = (self._firsts < begin) & (self._lasts >= end) & (self._used[:, stop] == self._used[:, start])
        rings: list[tuple[Group | StepMemory, bool]] = []
        for family in (f for f in planner.families if f.steps and f.steps[0] < stop and start <= f.steps[-1]):
            rings += family.rings_within(start, stop, times)
        rings += [(sums, True) for sums in planner.others if isinstance(sums, StepMemory) and start <= sums.step < stop]
        sizes, firsts, lasts = _timed([ring for ring, _ in rings], times)
        alive = (firsts < end) & (lasts >= begin)
        peak = (
            self._scratch
            + int(self._sizes[beside].sum())
            + least_bytes(sizes[alive], np.maximum(firsts[alive], begin), lasts[alive])
        )
        if peak < most:
            return peak, 0
        closed = alive & np.array([is_closed for _, is_closed in rings], np.bool_)
        return peak, self._scratch + least_bytes(sizes[closed], np.maximum(firsts[closed], begin), lasts[closed])


def _timed(items: Sequence[Group | StepMemory], times: Numbers) -> tuple[Sizes, Numbers, Numbers]:
    """Sizes in whole words, and times of the first and the last use."""
    sizes = np.array([-(-item.size // ALIGNMENT) * ALIGNMENT for item in items], np.int64)
    events = np.array([(item.first, item.last) for item in items], np.int64).reshape(-1, 2)
    return sizes, times[events[:, 0]], times[events[:, 1]]
