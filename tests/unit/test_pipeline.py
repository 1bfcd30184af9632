"""The row schedule against a memory that knows which row lies in each byte."""

from dataclasses import replace

import pytest

from depthwise.codegen.operators import Reshape
from depthwise.codegen.operators.costs import macs, total_macs
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import INPUT, all_rows, plan_rows, whole_tensors
from depthwise.codegen.schedule.reads import accumulates, calls_of
from tests.support.models import INT8_MODELS, read
from tests.support.networks import random_network
from tests.support.replay import plans, replay


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
