"""Simulates a network row by row: the order of calls that computes every row once.

A segment is a range of nodes that runs as a pipeline: as soon as a row is finished, every node behind it runs as
far as its inputs allow, the last node first, so rows are used up as early as they can be. The next segment
starts when the one before has finished. One node in each segment is the schedule of whole tensors. The rows of
an input arrive during the segment that reads it first, the row that somebody waits for next; of several inputs the
one that is behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph

from .reads import access_of, calls_of, operands, rows_read, rows_written

INPUT: Final = -1
Segments = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the order: `step` is an index into the graph's nodes, or INPUT - k for a row of input k.

    `row` counts the calls of its step: the output row, or the input row of a step that accumulates.
    """

    step: int
    row: int


def whole_tensors(graph: Graph) -> Segments:
    """Layer after layer."""
    return tuple((i, i + 1) for i in range(len(graph.nodes)))


def all_rows(graph: Graph) -> Segments:
    """One pipeline from the first row of an input to the output."""
    return ((0, len(graph.nodes)),)


def simulate(graph: Graph, segments: Segments) -> tuple[Call, ...]:
    """Order of calls; raises AssertionError if a node could never run, a bug of ours."""
    state = _State(graph)
    for start, stop in segments:
        state.run(range(start, stop))
    assert state.finished()
    return tuple(state.order)


class _State:
    """How many rows of each tensor exist, and how many calls of each step have run."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.order: list[Call] = []
        self._rows = dict.fromkeys(graph.inputs, 0)
        self._done = [0] * len(graph.nodes)
        self._calls = [calls_of(graph, n) for n in graph.nodes]
        self._needs = [_needs(graph, step, calls) for step, calls in enumerate(self._calls)]
        self._gives = [_gives(graph, step, calls) for step, calls in enumerate(self._calls)]
        self._readers = first_readers(graph)

    def run(self, steps: Sequence[int]) -> None:
        """Run a segment to its end; the rows of inputs that it reads first arrive during it."""
        fed = [i for i, reader in zip(self.graph.inputs, self._readers, strict=True) if reader in steps]
        while True:
            ready = next((s for s in reversed(steps) if self._can_run(s)), None)
            if ready is not None:
                self._call(ready)
            elif not self._feed(steps, fed):
                return

    def finished(self) -> bool:
        """Tell whether every call has run."""
        return self._done == self._calls

    def _can_run(self, step: int) -> bool:
        call = self._done[step]
        if call == self._calls[step]:
            return False
        return all(self._rows.get(t, 0) >= rows for t, rows in self._needs[step][call])

    def _call(self, step: int) -> None:
        call = self._done[step]
        self.order.append(Call(step, call))
        self._done[step] += 1
        output = self.graph.nodes[step].output
        self._rows[output] = max(self._rows.get(output, 0), self._gives[step][call])

    def _feed(self, steps: Sequence[int], fed: Sequence[int]) -> bool:
        """Take the next row of one of the inputs `fed`; False if all of them are there."""
        left = [i for i in fed if self._rows[i] < self.graph.tensors[i].rows]
        if not left:
            return False
        chosen = left[0] if len(left) == 1 else self._awaited(steps, left)
        self.order.append(Call(INPUT - self.graph.inputs.index(chosen), self._rows[chosen]))
        self._rows[chosen] += 1
        return True

    def _awaited(self, steps: Sequence[int], inputs: Sequence[int]) -> int:
        """The input of which least is there among those that a step waits for and for nothing else."""
        lacking = [self._lacks(s) for s in reversed(steps)]
        awaited = [lacks[0] for lacks in lacking if lacks and all(t in inputs for t in lacks)]
        return min(awaited or inputs, key=lambda i: self._rows[i] / self.graph.tensors[i].rows)

    def _lacks(self, step: int) -> list[int]:
        """Tensors of which rows are missing for the next call of a step."""
        if self._done[step] == self._calls[step]:
            return []
        return [t for t, rows in self._needs[step][self._done[step]] if self._rows.get(t, 0) < rows]


def first_readers(graph: Graph) -> tuple[int, ...]:
    """For each input the index of the first node that reads it; the last node for one that nobody reads."""
    reads = [set(operands(graph, node)) for node in graph.nodes]
    return tuple(next((at for at, read in enumerate(reads) if i in read), len(reads) - 1) for i in graph.inputs)


def _needs(graph: Graph, step: int, calls: int) -> list[list[tuple[int, int]]]:
    """For each call of a step: operands, and how many rows of them must exist."""
    node = graph.nodes[step]
    access, tensors = access_of(graph, node), [(t, graph.tensors[t].rows) for t in operands(graph, node)]
    return [[(t, rows_read(access, rows, call)[1] + 1) for t, rows in tensors] for call in range(calls)]


def _gives(graph: Graph, step: int, calls: int) -> list[int]:
    """For each call of a step: how many rows of its output exist behind it."""
    node = graph.nodes[step]
    access, read, rows = access_of(graph, node), graph.inputs_of(node)[0].rows, graph.output_of(node).rows
    counts, so_far = [], 0
    for call in range(calls):
        first, last = rows_written(access, read, rows, call)
        so_far = last + 1 if first <= last else so_far
        counts.append(so_far)
    return counts
