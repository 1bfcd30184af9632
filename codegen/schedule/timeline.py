"""At what time each call runs, for any way of cutting a network: segments are simulated once and put together.

How many calls precede a segment does not depend on the cuts in front of it, so its times are the same in every
schedule that has it. An event is a call, or the arrival of a row; events have numbers, and so have begin and end.
"""

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph

from .simulate import INPUT, CallOrder, Segments, arrivals, simulate
from .tables import Numbers, StepTable

KEPT_CALLS: Final = 1 << 22  # of the orders that are remembered, or as many as two runs of the network have


class Timeline:
    """The calls of a network's schedules, and their times."""

    def __init__(self, graph: Graph, tables: Sequence[StepTable]) -> None:
        self._graph, self._tables = graph, tables
        self._inputs = len(graph.inputs)
        rows = [graph.tensors[t].rows for t in graph.inputs]
        self._bases = [0, *accumulate([*reversed(rows), *(t.calls for t in tables)])]
        arrived = arrivals(graph)
        # By step the node in whose segment it is: rows that arrive have negative numbers, the last of the array.
        self._belongs_to = np.array([*range(len(tables)), *reversed(arrived)], np.int32)
        fed = [sum(r for r, at in zip(rows, arrived, strict=True) if at < start) for start in range(len(tables) + 1)]
        self._before = [f + done for f, done in zip(fed, accumulate([0, *(t.calls for t in tables)]), strict=True)]
        self._fed_at = [sorted((INPUT - k for k, at in enumerate(arrived) if at == s)) for s in range(len(tables))]
        self._alone = np.empty(self.calls + 2, np.int32)  # times where each node is a segment
        for start, table in enumerate(tables):
            self._alone[self.events(start)] = np.arange(table.calls) + self._before[start]
        self._alone[self.begin], self._alone[self.end] = 0, self.calls
        self._orders = _Kept(max(KEPT_CALLS, 2 * self.calls))
        self._times = _Kept(max(KEPT_CALLS, 2 * self.calls))
        for start in (s for s, fed_there in enumerate(self._fed_at) if fed_there):
            self._set_times(self._alone, start, start + 1)

    @property
    def calls(self) -> int:
        """Number of calls, and of rows that arrive."""
        return self._bases[-1]

    @property
    def begin(self) -> int:
        """The event of the first call, whichever it is."""
        return self.calls

    @property
    def end(self) -> int:
        """The event behind all calls."""
        return self.calls + 1

    def event(self, step: int, call: int) -> int:
        """Number of the event that a call of a step is."""
        return self._bases[self._inputs + step] + call

    def events(self, step: int) -> slice:
        """Numbers of all events of a step."""
        return slice(self._bases[self._inputs + step], self._bases[self._inputs + step + 1])

    def order(self, start: int, stop: int) -> Numbers:
        """Steps of the calls of a segment in order."""
        if self._is_alone(start, stop):
            return np.full(self._tables[start].calls, start, np.int32)
        found = self._orders.get((start, 0))
        if found is None or found[0] < stop:
            steps = np.frombuffer(simulate(self._graph, self._tables, start, stop), np.int32)
            found = self._orders.put((start, 0), (stop, steps))
        longest, steps = found
        return steps if longest == stop else steps[self._belongs_to[steps] < stop]

    def times(self, segments: Segments) -> Numbers:
        """The time of every event; a node that is in none of the segments is one of its own."""
        times = self._alone.copy()
        for start, stop in segments:
            if stop - start > 1:
                self._set_times(times, start, stop)
        return times

    def before(self, start: int) -> int:
        """Number of the calls, and of rows that arrive, before a segment: the time of its first."""
        return self._before[start]

    def _is_alone(self, start: int, stop: int) -> bool:
        """Tell whether a segment is a single step while which nothing arrives: its calls come one after the other."""
        return stop - start == 1 and not self._fed_at[start]

    def _set_times(self, times: Numbers, start: int, stop: int) -> None:
        found = self._times.get((start, stop))
        if found is None:
            of_steps = np.argsort(self.order(start, stop), kind="stable").astype(np.int32) + self._before[start]
            found = self._times.put((start, stop), (stop, of_steps))
        at = 0
        for step in sorted(v for fed in self._fed_at[start:stop] for v in fed):
            events = self.events(step)
            count = events.stop - events.start
            times[events] = found[1][at : at + count]
            at += count
        times[self._bases[self._inputs + start] : self._bases[self._inputs + stop]] = found[1][at:]

    def calls_in_order(self, segments: Segments) -> CallOrder:
        """The whole order."""
        steps = array("i")
        for start, stop in segments:
            steps.frombytes(self.order(start, stop).tobytes())
        return CallOrder(steps)


class _Kept:
    """What was found for segments, the least recently used forgotten where it is more than `most` numbers."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._found: OrderedDict[tuple[int, int], tuple[int, Numbers]] = OrderedDict()

    def get(self, key: tuple[int, int]) -> tuple[int, Numbers] | None:
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def put(self, key: tuple[int, int], found: tuple[int, Numbers]) -> tuple[int, Numbers]:
        old = self._found.pop(key, None)
        self._size += len(found[1]) - (len(old[1]) if old is not None else 0)
        self._found[key] = found
        while self._size > self._most and len(self._found) > 1:
            self._size -= len(self._found.popitem(last=False)[1][1])
        return found
