"""When each row is written first and read last; a row that a call reads and a row that it writes are alive together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from depthwise.codegen.graph import Graph

from .simulate import INPUT
from .tables import UNREAD, Numbers, Reading, StepTable
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Times of the first write to each row of a tensor (`born`) and of its last use (`dies`); first and last event.

    The memory of one that is `kept` holds a state from run to run, also when its rows are dead.
    """

    born: Numbers
    dies: Numbers
    first: int
    last: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Birth:
    """The events at which each row of a tensor is written to first, and finished; the first and the last of all."""

    rows: Numbers | slice
    finished: Numbers | slice
    first: int
    last: int


def _events(events: Numbers) -> Numbers | slice:
    """The same events as a slice if each follows the one before: times are then looked at, not gathered."""
    first = int(events[0])
    return slice(first, first + len(events)) if (np.diff(events) == 1).all() else events


class Lives:
    """When the rows of each tensor live, in any schedule."""

    def __init__(self, graph: Graph, tables: Sequence[StepTable], timeline: Timeline) -> None:
        self._graph, self._tables, self._timeline = graph, tables, timeline
        self._writer = {table.output: step for step, table in enumerate(tables)}
        self._writer |= {tensor: INPUT - k for k, tensor in enumerate(graph.inputs)}
        self._kept, self._lasting = {s.before for s in graph.states}, graph.lasting
        self._readers: dict[int, list[tuple[int, Reading, Numbers | slice]]] = {}
        for step, table in enumerate(tables):
            for reading in table.readings:
                ends = _events(timeline.event(step, 0) + np.maximum(reading.last_call, 0))
                self._readers.setdefault(reading.tensor, []).append((step, reading, ends))
        self._births = {tensor: self._birth(tensor) for tensor in (*self._writer, *self._kept)}

    def steps_of(self, tensor: int) -> tuple[int, ...]:
        """The steps that write and read a tensor."""
        writer = () if tensor in self._kept else (self._writer[tensor],)
        return *writer, *(step for step, _, _ in self._readers.get(tensor, ()))

    def lifetime(self, tensor: int, times: Numbers) -> Lifetime:
        """Lifetime of every row of a tensor; what is wanted behind the run lives to the end, a state from the begin."""
        timeline = self._timeline
        birth = self._births[tensor]
        born, first, last = times[birth.rows], birth.first, birth.last
        if tensor in self._lasting:
            return Lifetime(
                born, np.full(len(born), times[timeline.end]), first, timeline.end, kept=tensor in self._kept
            )
        dies, ends = times[birth.finished], [last]
        for step, reading, read_last in self._readers.get(tensor, ()):
            if reading.ends != UNREAD:
                read = times[read_last]
                dies = np.maximum(dies, read if reading.all_read else np.where(reading.last_call < 0, -1, read))
                ends.append(timeline.event(step, reading.ends))
        if tensor in self._kept:
            return Lifetime(born, dies, first, timeline.end, kept=True)
        return Lifetime(born, dies, first, max(ends, key=times.__getitem__))

    def _birth(self, tensor: int) -> "_Birth":
        timeline, rows = self._timeline, self._graph.tensors[tensor].rows
        if tensor in self._kept:
            begin = np.full(rows, timeline.begin)
            return _Birth(begin, begin, timeline.begin, timeline.begin)
        writer = self._writer[tensor]
        arriving = np.arange(rows, dtype=np.int32)
        first = self._tables[writer].first_call if writer >= 0 else arriving
        finishing = self._tables[writer].finishing_call if writer >= 0 else arriving
        begun, finished = timeline.event(writer, 0) + first, timeline.event(writer, 0) + finishing
        return _Birth(_events(begun), _events(finished), int(begun.min()), int(finished.max()))
