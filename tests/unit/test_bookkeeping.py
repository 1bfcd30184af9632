"""What a network keeps beside its block: no more than it needs to know how far a run has come."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import (
    all_rows,
    bookkeeping,
    choose,
    order_of,
    plan_rows,
    state_bytes,
    step_numbers,
    whole_tensors,
)
from depthwise.codegen.schedule.order import numbered_calls
from tests.support.models import INT8_MODELS, read
from tests.support.network_builder import Builder
from tests.support.networks import random_network
from tests.support.replay import replay


def dense(*sizes: int) -> Graph:
    """Layers of FULLY_CONNECTED, each called once."""
    build = Builder(1)
    x = build.input(1, sizes[0])
    for size in sizes[1:]:
        x = build.dense(x, size)
    return optimize(build.finish("dense")).graph


def tall(rows: int) -> Graph:
    """One convolution of so many rows."""
    build = Builder(2)
    build.conv(build.input(1, rows, 3, 2), 4)
    return optimize(build.finish("tall")).graph


def test_layers_that_are_called_once_take_no_byte_beside_their_tensors() -> None:
    plan = choose(dense(640, 128, 8, 128, 640))
    kept = bookkeeping(plan)
    assert (kept.counters, kept.bytes) == (0, 0)
    assert kept.next_word is not None
    assert state_bytes(plan) == plan.arena_bytes == plan.lower_bound_bytes
    replay(plan)


def test_a_guarded_block_has_the_place_in_the_order_behind_it() -> None:
    plan = choose(dense(64, 640))
    assert (plan.arena_bytes, bookkeeping(plan).bytes) == (704, 0)  # it lies where the input was
    guarded = plan_rows(plan.graph, plan.segments, guarded=True)
    assert (bookkeeping(guarded).next_word, bookkeeping(guarded).bytes) == (None, 4)


@pytest.mark.parametrize("name", INT8_MODELS)
def test_numbers_with_several_calls_come_first_and_their_counters_hold_them(name: str) -> None:
    graph = optimize(read(name)).graph
    for segments in (all_rows(graph), whole_tensors(graph), choose(graph).segments):
        plan = plan_rows(graph, segments)
        kept, calls = bookkeeping(plan), numbered_calls(plan)
        assert all(count == 1 for count in calls[kept.counters :])
        assert max(calls[: kept.counters], default=0) < 256**kept.counter_bytes
        assert sum(calls) == order_of(plan).calls
        assert sorted(step_numbers(plan).values()) == list(range(len(graph.inputs), len(calls)))


def test_a_counter_takes_two_bytes_where_one_cannot_count_the_calls() -> None:
    widths = {rows: bookkeeping(choose(tall(rows))).counter_bytes for rows in (255, 256)}
    assert widths == {255: 1, 256: 2}


@pytest.mark.parametrize("seed", range(30))
def test_steps_behind_the_counters_are_called_once_by_any_schedule(seed: int) -> None:
    graph = optimize(random_network(seed)).graph
    for segments in (all_rows(graph), whole_tensors(graph)):
        plan = plan_rows(graph, segments)
        assert all(count == 1 for count in numbered_calls(plan)[bookkeeping(plan).counters :])
