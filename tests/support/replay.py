"""A schedule of rows replayed byte by byte: every row that is read has to lie where it was written."""

from collections.abc import Iterator

import numpy as np

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators.parts.rows import ScatteredRows
from depthwise.codegen.schedule import INPUT, RowPlan, Segments, all_rows, bookkeeping, plan_rows, whole_tensors
from depthwise.codegen.schedule.reads import access_of, calls_of, operands, span, writes
from tests.support.generated import random_segments

Tags = np.ndarray[tuple[int], np.dtype[np.int64]]


class Memory:
    """The block, byte by byte: which tensor's row was written there last."""

    def __init__(self, plan: RowPlan) -> None:
        self.plan = plan
        self.known: dict[int, Tags] = {}
        self.tags = np.full(plan.arena_bytes, -1, np.int64)

    def place(self, tensor: int, row: int) -> slice:
        offset, depth = self.plan.ring_of(tensor)
        size = self.plan.graph.tensors[tensor].row_bytes
        start = offset + row % depth * size
        assert start + size <= self.plan.arena_bytes
        return slice(start, start + size)

    def tag(self, tensor: int, row: int) -> Tags:
        """Numbers of the bytes of a row."""
        size = self.plan.graph.tensors[tensor].row_bytes
        return self.tags_of(tensor)[row * size : (row + 1) * size]

    def tags_of(self, tensor: int) -> Tags:
        """Numbers of the bytes of a tensor; those of what is moved are those of what moves."""
        if tensor not in self.known:
            self.known[tensor] = self._numbered(tensor)
            self.known[tensor].flags.writeable = False
        return self.known[tensor]

    def _numbered(self, tensor: int) -> Tags:
        graph = self.plan.graph
        writer = next((n for n in graph.nodes if n.output == tensor), None)
        if writer is None or tensor not in self.plan.views:
            return tensor * 10_000_000 + np.arange(graph.tensors[tensor].nbytes)
        given = {t: self.tags_of(t).reshape(graph.tensors[t].shape) for t in operands(graph, writer)}
        return compute(graph, writer, given).astype(np.int64).ravel()

    def write(self, tensor: int, row: int) -> None:
        self.tags[self.place(tensor, row)] = self.tag(tensor, row)

    def wait(self) -> None:
        """Nothing is computed, and the place in the order is kept, in the block if the plan says so."""
        if (word := bookkeeping(self.plan).next_word) is not None:
            self.tags[4 * word : 4 * word + 4] = -1

    def scatter(self, node: Node, call: int) -> None:
        """A row of the input is written into the output, of which all that was written before must still be there."""
        graph = self.plan.graph
        image, out = graph.inputs_of(node)[0], graph.output_of(node)
        place = slice(self.place(out.index, 0).start, self.place(out.index, out.rows - 1).stop)
        assert place.stop - place.start == out.nbytes, f"{node}: rows of its output lie apart"
        number = np.repeat(np.arange(image.rows), image.row_bytes).reshape(image.shape)
        row = compute(graph, node, {image.index: number}).astype(np.int64).ravel()
        before = self.tags[place][row < call] == self.tags_of(out.index)[row < call]
        assert before.all(), f"{node}: what was scattered is not there"
        self.tags[place][row == call] = self.tags_of(out.index)[row == call]

    def check(self, tensor: int, row: int, why: str) -> None:
        held = self.tags[self.place(tensor, row)]
        assert (held == self.tag(tensor, row)).all(), f"{why}: row {row} of tensor {tensor} is not there"


def replay(plan: RowPlan) -> dict[int, int]:
    """Follow the order; calls of each step. Every row that is read must lie where it was written."""
    graph, memory = plan.graph, Memory(plan)
    sums = {s.step: (offset, s.size) for s, offset in plan.sums}
    done: dict[int, int] = {}
    for before in (s.before for s in graph.states):
        for row in range(graph.tensors[before].rows):
            memory.write(before, row)
    for call in plan.order:
        assert done.get(call.step, 0) == call.row
        done[call.step] = call.row + 1
        if call.step <= INPUT:
            memory.wait()
            memory.write(graph.inputs[INPUT - call.step], call.row)
            continue
        node = graph.nodes[call.step]
        for tensor in operands(graph, node):
            first, last = span(graph, node, tensor, call.row)
            for row in range(first, last + 1):
                memory.check(tensor, row, str(node))
        if call.step in sums:
            offset, size = sums[call.step]
            assert call.row == 0 or (memory.tags[offset : offset + size] == -2 - call.step).all(), f"{node}: sums"
            memory.tags[offset : offset + size] = -2 - call.step
        if isinstance(access_of(graph, node), ScatteredRows) and node.output not in plan.views:
            memory.scatter(node, call.row)
            continue
        first, last = (1, 0) if node.output in plan.views else writes(graph, node, call.row)
        for row in range(first, last + 1):
            memory.write(node.output, row)
    memory.wait()
    for output in graph.lasting:
        for row in range(graph.tensors[output].rows):
            memory.check(output, row, "scores")
    return done


def assert_right(graph: Graph, segments: Segments) -> RowPlan:
    plan = plan_rows(graph, segments)
    assert_plan_right(plan)
    return plan


def assert_plan_right(plan: RowPlan) -> None:
    graph, done = plan.graph, replay(plan)
    for number, tensor in enumerate(graph.inputs):
        assert done.pop(INPUT - number) == graph.tensors[tensor].rows
    assert done == {step: calls_of(graph, node) for step, node in enumerate(graph.nodes)}
    assert plan.arena_bytes >= plan.lower_bound_bytes


def plans(graph: Graph, seed: int) -> Iterator[RowPlan]:
    for segments in (whole_tensors(graph), all_rows(graph), random_segments(graph, seed)):
        yield assert_right(graph, segments)
