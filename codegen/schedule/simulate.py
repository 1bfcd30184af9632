"""Simulates a segment of a network row by row: the order of calls that computes every row once.

A segment is a range of nodes that runs as a pipeline: as soon as a row is finished, every node behind it runs as
far as its inputs allow, the last node first, so rows are used up as early as they can be. The next segment
starts when the one before has finished. One node in each segment is the schedule of whole tensors. The rows of
an input arrive during the segment of the first node that reads it.
"""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from depthwise.codegen.graph import Graph

from .tables import Reading, StepTable

INPUT: Final = -1  # row of the first input; of input k: INPUT - k
Segments = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the order: `step` is an index into the graph's nodes, or INPUT - k for a row of input k.

    `row` counts the calls of its step: the output row, or the input row of a step that takes those one by one.
    """

    step: int
    row: int


@dataclass(frozen=True, slots=True)
class CallOrder:
    """Calls in order, kept as the steps alone: a step's calls count its rows."""

    steps: "array[int]"

    def __len__(self) -> int:
        """Number of calls."""
        return len(self.steps)

    def __iter__(self) -> Iterator[Call]:
        """The calls."""
        done: Counter[int] = Counter()
        for step in self.steps:
            yield Call(step, done[step])
            done[step] += 1


def whole_tensors(graph: Graph) -> Segments:
    """Layer after layer."""
    return tuple((i, i + 1) for i in range(len(graph.nodes)))


def all_rows(graph: Graph) -> Segments:
    """One pipeline from the first row of the image to the output."""
    return ((0, len(graph.nodes)),)


def arrivals(graph: Graph) -> tuple[int, ...]:
    """For each input the first node that reads it: in that node's segment its rows arrive."""
    return tuple(next((i for i, n in enumerate(graph.nodes) if t in n.inputs), 0) for t in graph.inputs)


def simulate(graph: Graph, tables: Sequence[StepTable], start: int, stop: int) -> "array[int]":
    """Steps of the calls of a segment in order, everything in front of it being there.

    The order of a segment that ends earlier is the same without the calls of the nodes it leaves out: a call is made
    as soon as it can be, those of later nodes first, and nothing waits for a later node.
    """
    state = _State(graph, tables, start, stop)
    state.run()
    return state.order


class _State:
    """How many rows of each tensor exist, how many calls of each step have run, and which may be able to."""

    def __init__(self, graph: Graph, tables: Sequence[StepTable], start: int, stop: int) -> None:
        self.order = array("i")
        self._tables, self._steps = tables, range(start, stop)
        self._rows = [t.rows for t in graph.tensors]
        self._feeds = [
            (INPUT - k, t, graph.tensors[t].rows)
            for k, (t, at) in enumerate(zip(graph.inputs, arrivals(graph), strict=True))
            if start <= at < stop
        ]
        for tensor in [t for _, t, _ in self._feeds] + [tables[s].output for s in self._steps]:
            self._rows[tensor] = 0
        self._done = [0] * stop
        self._readers: list[list[int]] = [[] for _ in graph.tensors]
        for step in self._steps:
            for reading in tables[step].readings:
                self._readers[reading.tensor].append(step)
        self._waiting = [-step for step in reversed(self._steps)]  # a heap, the last step first
        self._is_waiting = [True] * stop

    def run(self) -> None:
        """Run to the end; raises AssertionError if a node could never run, a bug of ours."""
        while True:
            self._call_all()
            if not self._feed():
                break
        assert all(self._done[s] == self._tables[s].calls for s in self._steps)

    def _call_all(self) -> None:
        """Make every call that can be made; the innermost loop of all planning, so names are local."""
        waiting, is_waiting, done, rows, order = self._waiting, self._is_waiting, self._done, self._rows, self.order
        while waiting:
            step = -waiting[0]
            table, call = self._tables[step], done[step]
            if call == table.calls or not _there(table.readings, call, rows):
                is_waiting[-heappop(waiting)] = False
                continue
            order.append(step)
            done[step] = call + 1
            if table.gives[call] > rows[table.output]:
                rows[table.output] = table.gives[call]
                for reader in self._readers[table.output]:
                    if not is_waiting[reader]:
                        is_waiting[reader] = True
                        heappush(waiting, -reader)

    def _feed(self) -> bool:
        """Let the next row of an input arrive, of the one of which the least has."""
        left = [f for f in self._feeds if self._rows[f[1]] < f[2]]
        if not left:
            return False
        step, tensor, _ = min(left, key=lambda f: self._rows[f[1]] / f[2])
        self.order.append(step)
        self._rows[tensor] += 1
        for reader in self._readers[tensor]:
            if not self._is_waiting[reader]:
                self._is_waiting[reader] = True
                heappush(self._waiting, -reader)
        return True


def _there(readings: Sequence[Reading], call: int, rows: Sequence[int]) -> bool:
    """Tell whether the rows exist that a call reads."""
    for reading in readings:  # noqa: SIM110 a generator takes twice as long
        if rows[reading.tensor] < reading.needs[call]:
            return False
    return True
