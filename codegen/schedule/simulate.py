"""Simulates a network row by row: the order of calls that computes every row once.

A segment is a range of nodes that runs as a pipeline: as soon as a row is finished, every node behind it runs as
far as its inputs allow, the last node first, so rows are used up as early as they can be. The next segment
starts when the one before has finished. One node in each segment is the schedule of whole tensors. The rows of
the image arrive during the first segment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph

from .reads import access_of, access_to, calls_of, operands, rows_read, rows_written

INPUT: Final = -1
Segments = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the order: `step` is an index into the graph's nodes, or INPUT for a row of the image.

    `row` counts the calls of its step: the output row, or the input row of a step that accumulates.
    """

    step: int
    row: int


def whole_tensors(graph: Graph) -> Segments:
    """Layer after layer."""
    return tuple((i, i + 1) for i in range(len(graph.nodes)))


def all_rows(graph: Graph) -> Segments:
    """One pipeline from the first row of the image to the output."""
    return ((0, len(graph.nodes)),)


def simulate(graph: Graph, segments: Segments) -> tuple[Call, ...]:
    """Order of calls; raises AssertionError if a node could never run, a bug of ours."""
    state = _State(graph)
    for number, (start, stop) in enumerate(segments):
        state.run(range(start, stop), feeds=number == 0)
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

    def run(self, steps: Sequence[int], *, feeds: bool) -> None:
        """Run a segment to its end; `feeds`: the image's rows arrive during it."""
        while True:
            ready = next((s for s in reversed(steps) if self._can_run(s)), None)
            if ready is not None:
                self._call(ready)
            elif not (feeds and self._feed()):
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

    def _feed(self) -> bool:
        (image,) = self.graph.inputs
        row = self._rows[image]
        if row == self.graph.tensors[image].rows:
            return False
        self.order.append(Call(INPUT, row))
        self._rows[image] += 1
        return True


def _needs(graph: Graph, step: int, calls: int) -> list[list[tuple[int, int]]]:
    """For each call of a step: operands, and how many rows of them must exist."""
    node = graph.nodes[step]
    tensors = [(t, access_to(graph, node, t), graph.tensors[t].rows) for t in operands(graph, node)]
    return [[(t, rows_read(access, rows, call)[1] + 1) for t, access, rows in tensors] for call in range(calls)]


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
