"""The cuts of which the fullest segment is least full.

What is alive during a segment depends on where it starts and stops, but for tensors that share memory across cuts:
its own rings, and whole tensors of the segments in front that are read in it or behind it. So a plan takes about as
much as its fullest segment. How full that has to be is found first, then the way with the fewest entries of the order
of which no segment is fuller: for both, what is alive during few of all the segments has to be found out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

import numpy as np

from .memory import Group, StepMemory
from .placement import ALIGNMENT, least_bytes
from .planner import Planner
from .simulate import Segments
from .tables import Numbers, Sizes


def partition(planner: Planner, most: int, report: Callable[[int], None]) -> Segments | None:
    """The segments of the best plan that is thought to take less than `most` bytes; None if there is none.

    `report` is told how many nodes are left.
    """
    peaks = _Peaks(planner)
    fullest = _fullest(peaks, len(planner.graph.nodes), most, report)
    return None if fullest is None else _shortest(planner, peaks, fullest, report)


def _fullest(peaks: "_Peaks", count: int, most: int, report: Callable[[int], None]) -> int | None:
    """Bytes in the fullest segment of the best plans, None if that are `most` or more.

    Nodes are reached by the least full ways first, of equally full ones those that reach furthest.
    """
    least = [0] + [most] * count
    ways = [(0, 0)]
    while ways:
        fullest, reached = heappop(ways)
        start = -reached
        if start == count:
            return fullest
        report(count - start)
        for stop, peak in peaks.below(start, least[-1]) if fullest == least[start] else ():
            through = max(fullest, peak)
            if through < least[stop]:
                least[stop] = through
                heappush(ways, (through, -stop))
    return None


def _shortest(planner: Planner, peaks: "_Peaks", fullest: int, report: Callable[[int], None]) -> Segments:
    """The way from the first node to the end with the fewest entries, no segment being fuller than some bytes.

    Of equal ones that of which the last segments are longest.
    """
    count, least = len(planner.graph.nodes), planner.least_entries()
    ways: dict[int, tuple[int, Segments]] = {0: (0, ())}
    too_long: set[int] = set()  # where segments start that are fuller from some stop on
    for stop in range(1, count + 1):
        report(count - stop + 1)
        planner.timeline.order(stop - 1, count)  # simulated once for all stops
        lines = [(way[0] + least[stop] - least[s], False, s) for s, way in ways.items() if s not in too_long]
        for entries, start in _by_entries(planner, ways, lines, stop):
            peak, lasting = peaks.of(start, stop, fullest + 1)
            if peak <= fullest:
                ways[stop] = entries, (*ways[start][1], (start, stop))
                break
            if lasting > fullest:
                too_long.add(start)
    return ways[count][1]


def _by_entries(
    planner: Planner, ways: Mapping[int, tuple[int, Segments]], lines: list[tuple[int, bool, int]], stop: int
) -> Iterator[tuple[int, int]]:
    """Entries of the ways to a node, the last segment being one from each start, and that start; the fewest first.

    `lines` are the entries that each has at least, not counted, and its start: they are counted only where no other
    way is sure to have fewer.
    """
    heapify(lines)
    while lines:
        entries, is_counted, start = heappop(lines)
        if is_counted:
            yield entries, start
        else:
            heappush(lines, (ways[start][0] + planner.entries(((start, stop),)), True, start))


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

    def below(self, start: int, most: int) -> Iterator[tuple[int, int]]:
        """Stops of segments from a start during which less than `most` bytes are alive, and how many are."""
        count = len(self._planner.graph.nodes)
        self._planner.timeline.order(start, count)  # simulated once for all stops
        for stop in range(start + 1, count + 1):
            peak, lasting = self.of(start, stop, most)
            if peak < most:
                yield stop, peak
            elif lasting >= most:
                return

    def of(self, start: int, stop: int, most: int) -> tuple[int, int]:
        """The most bytes alive during a segment; and, if that is `most` or more, how many are so in any longer one.

        None are said to be where `most` is less than when that was asked first.
        """
        if (start, stop) not in self._found:
            self._found[start, stop] = self._of(start, stop, most)
        return self._found[start, stop]

    def _of(self, start: int, stop: int, most: int) -> tuple[int, int]:
        """The most bytes alive during a segment; and, if that is `most` or more, how many are so in any longer one."""
        planner, times = self._planner, self._planner.timeline.times(((start, stop),))
        begin, end = planner.timeline.before(start), planner.timeline.before(stop)
        beside = (self._firsts < begin) & (self._lasts >= end) & (self._used[:, stop] == self._used[:, start])
        rings: list[tuple[Group | StepMemory, bool]] = []
        for family in (f for f in planner.families if f.steps and f.steps[0] < stop and start <= f.steps[-1]):
            rings += family.rings_within(start, stop, times)
        rings += [(sums, True) for sums in planner.sums if start <= sums.step < stop]
        sizes, firsts, lasts = _timed([ring for ring, _ in rings], times)
        alive = (firsts < end) & (lasts >= begin)
        peak = int(self._sizes[beside].sum()) + least_bytes(
            sizes[alive], np.maximum(firsts[alive], begin), lasts[alive]
        )
        if peak < most:
            return peak, 0
        closed = alive & np.array([is_closed for _, is_closed in rings], np.bool_)
        return peak, least_bytes(sizes[closed], np.maximum(firsts[closed], begin), lasts[closed])


def _timed(items: Sequence[Group | StepMemory], times: Numbers) -> tuple[Sizes, Numbers, Numbers]:
    """Sizes in whole words, and times of the first and the last use."""
    sizes = np.array([-(-item.size // ALIGNMENT) * ALIGNMENT for item in items], np.int64)
    events = np.array([(item.first, item.last) for item in items], np.int64).reshape(-1, 2)
    return sizes, times[events[:, 0]], times[events[:, 1]]
