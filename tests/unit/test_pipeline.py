"""The row schedule against a memory that knows which row lies in each byte."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Reshape
from depthwise.codegen.operators.costs import macs, total_macs
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import INPUT, RowPlan, Segments, all_rows, plan_rows, whole_tensors
from depthwise.codegen.schedule.reads import accumulates, calls_of, operands, span, writes
from tests.support.dead_networks import dead_network
from tests.support.generated import random_segments
from tests.support.models import INT8_MODELS, read
from tests.support.networks import random_network

BATCHES = 20
NETWORKS = 2000


class Memory:
    """The block, byte by byte: which tensor's row was written there last."""

    def __init__(self, plan: RowPlan) -> None:
        self.plan = plan
        self.tags = np.full(plan.arena_bytes, -1, np.int64)

    def place(self, tensor: int, row: int) -> slice:
        offset, depth = self.plan.ring_of(tensor)
        size = self.plan.graph.tensors[tensor].row_bytes
        start = offset + row % depth * size
        assert start + size <= self.plan.arena_bytes
        return slice(start, start + size)

    def tag(self, tensor: int, row: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Numbers of the bytes of a row."""
        size = self.plan.graph.tensors[tensor].row_bytes
        return self.tags_of(tensor)[row * size : (row + 1) * size]

    def tags_of(self, tensor: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Numbers of the bytes of a tensor; a RESHAPE's output has its input's."""
        writer = next((n for n in self.plan.graph.nodes if n.output == tensor), None)
        if writer is not None and isinstance(writer.op, Reshape):
            return self.tags_of(writer.inputs[0])
        return tensor * 10_000_000 + np.arange(self.plan.graph.tensors[tensor].elements)

    def write(self, tensor: int, row: int) -> None:
        self.tags[self.place(tensor, row)] = self.tag(tensor, row)

    def check(self, tensor: int, row: int, why: str) -> None:
        held = self.tags[self.place(tensor, row)]
        assert (held == self.tag(tensor, row)).all(), f"{why}: row {row} of tensor {tensor} is not there"


def replay(plan: RowPlan) -> dict[int, int]:
    """Follow the order; calls of each step. Every row that is read must lie where it was written."""
    graph, memory = plan.graph, Memory(plan)
    sums = {s.step: (offset, s.size) for s, offset in plan.sums}
    done: dict[int, int] = {}
    for call in plan.order:
        assert done.get(call.step, 0) == call.row
        done[call.step] = call.row + 1
        if call.step == INPUT:
            memory.write(graph.inputs[0], call.row)
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
        first, last = (1, 0) if isinstance(node.op, Reshape) else writes(graph, node, call.row)
        for row in range(first, last + 1):
            memory.write(node.output, row)
    for output in graph.outputs:
        for row in range(graph.tensors[output].rows):
            memory.check(output, row, "scores")
    return done


def assert_right(graph: Graph, segments: Segments) -> RowPlan:
    plan = plan_rows(graph, segments)
    done = replay(plan)
    assert done.pop(INPUT) == graph.tensors[graph.inputs[0]].rows
    assert done == {step: calls_of(graph, node) for step, node in enumerate(graph.nodes)}
    assert plan.arena_bytes >= plan.lower_bound_bytes
    return plan


def plans(graph: Graph, seed: int) -> Iterator[RowPlan]:
    for segments in (whole_tensors(graph), all_rows(graph), random_segments(graph, seed)):
        yield assert_right(graph, segments)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_row_that_is_read_lies_where_it_was_written(batch: int) -> None:
    for seed in range(batch, NETWORKS, BATCHES):
        make = dead_network if seed % 2 else random_network
        try:
            for _ in plans(optimize(make(seed)).graph, seed):
                pass
        except AssertionError as error:
            raise AssertionError(f"{make.__name__}({seed}): {error}") from error


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_by_rows_take_less_and_multiply_nothing_twice(name: str) -> None:
    graph = optimize(read(name)).graph
    whole, rows, _ = plans(graph, 1)
    assert rows.arena_bytes <= whole.arena_bytes
    spent = 0
    for call in rows.order:
        if call.step != INPUT:
            node = graph.nodes[call.step]
            spent += macs(graph, node) // calls_of(graph, node)
    assert spent == total_macs(graph)


def test_a_ring_that_is_one_row_too_short_is_caught() -> None:
    plan = plan_rows(optimize(read("vww_96_int8")).graph, all_rows(optimize(read("vww_96_int8")).graph))
    caught = 0
    for at, (group, offset) in enumerate(plan.rings):
        if group.depth is not None and group.depth > 1:
            rings = list(plan.rings)
            rings[at] = (replace(group, depth=group.depth - 1), offset)
            with pytest.raises(AssertionError, match="is not there"):
                replay(replace(plan, rings=tuple(rings)))
            caught += 1
    assert caught >= 10


def test_vww_by_rows_fits_where_no_other_engine_does() -> None:
    graph = optimize(read("vww_96_int8")).graph
    best = min(
        plan_rows(graph, ((0, k), *whole_tensors(graph)[k:])).arena_bytes for k in range(1, len(graph.nodes) + 1)
    )
    assert best <= 18_240


def test_a_mean_needs_no_feature_map() -> None:
    graph = optimize(read("mobilenet_v1_025_96_imagenet_int8")).graph
    step = next(i for i, n in enumerate(graph.nodes) if n.op.kind == "MEAN")
    assert accumulates(graph, graph.nodes[step])
    plan = plan_rows(graph, all_rows(graph))
    offset, depth = plan.ring_of(graph.nodes[step].inputs[0])
    assert depth == 1
    assert offset >= 0


def test_a_reshape_moves_nothing() -> None:
    for seed in range(100):
        graph = optimize(random_network(seed)).graph
        plan = plan_rows(graph, all_rows(graph))
        for node in graph.nodes:
            if isinstance(node.op, Reshape):
                assert plan.ring_of(node.output)[0] == plan.ring_of(node.inputs[0])[0]
