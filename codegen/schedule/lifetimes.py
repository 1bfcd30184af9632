"""When each row is written and read last; a row that a call reads and a row that it writes are alive together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from depthwise.codegen.graph import Graph

from .simulate import INPUT
from .tables import UNREAD, Numbers, Reading, StepTable
from .timeline import Timeline


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Times at which each row of a tensor is written (`born`) and read last (`dies`); the first and the last event."""

    born: Numbers
    dies: Numbers
    first: int
    last: int


class Lives:
    """When the rows of each tensor live, in any schedule."""

    def __init__(self, graph: Graph, tables: Sequence[StepTable], timeline: Timeline) -> None:
        self._graph, self._tables, self._timeline = graph, tables, timeline
        self._writer = {table.output: step for step, table in enumerate(tables)}
        self._writer |= {tensor: INPUT - k for k, tensor in enumerate(graph.inputs)}
        self._readers: dict[int, list[tuple[int, Reading]]] = {}
        for step, table in enumerate(tables):
            for reading in table.readings:
                self._readers.setdefault(reading.tensor, []).append((step, reading))

    def steps_of(self, tensor: int) -> tuple[int, ...]:
        """The steps that write and read a tensor."""
        return self._writer[tensor], *(step for step, _ in self._readers.get(tensor, ()))

    def lifetime(self, tensor: int, times: Numbers) -> Lifetime:
        """Lifetime of every row of a tensor; the network's outputs live to the end."""
        timeline, writer = self._timeline, self._writer[tensor]
        rows = self._graph.tensors[tensor].rows
        finishing = self._tables[writer].finishing_call if writer >= 0 else np.arange(rows, dtype=np.int32)
        born: Numbers = times[timeline.events(writer)][finishing]
        first, ends = timeline.event(writer, int(finishing.min())), [timeline.event(writer, int(finishing.max()))]
        if tensor in self._graph.outputs:
            return Lifetime(born, np.full(rows, times[timeline.end]), first, timeline.end)
        dies = born
        for step, reading in self._readers.get(tensor, ()):
            if reading.ends != UNREAD:
                read = times[timeline.events(step)][reading.last_call]
                dies = np.maximum(dies, read if reading.all_read else np.where(reading.last_call < 0, -1, read))
                ends.append(timeline.event(step, reading.ends))
        return Lifetime(born, dies, first, max(ends, key=times.__getitem__))
