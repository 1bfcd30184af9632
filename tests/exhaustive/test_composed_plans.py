"""Plans put together from segments against the plain simulation of the whole network."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import Segments, all_rows, order_of, whole_tensors
from depthwise.codegen.schedule.planner import Planner
from tests.support.arithmetic_networks import ARITHMETIC_NETWORKS
from tests.support.generated import FIRST_SEED, behind_passes, generated, random_segments
from tests.support.large_networks import detector
from tests.support.plain_schedule import accumulators, groups, lifetimes, simulate
from tests.support.port_networks import random_ports
from tests.support.scattered_networks import SEEDS, scattered


def assert_as_the_whole(graph: Graph, planner: Planner, segments: Segments) -> None:
    """The order, rings and sums of a plan are those of the plain simulation; so is the length of its table."""
    plan, order = planner.plan(segments), simulate(graph, segments)
    assert tuple(plan.order) == order
    assert tuple(ring for ring, _ in plan.rings) == groups(graph, lifetimes(graph, order))
    assert tuple(sums for sums, _ in plan.sums) == accumulators(graph, order)
    assert planner.entries(segments) == len(order_of(plan).entries)
    assert planner.sketch(segments).least <= plan.arena_bytes


def assert_any_cuts_are_as_the_whole(graph: Graph, seed: int) -> None:
    """All of them by one planner, which remembers."""
    planner = Planner(graph)
    ways = (random_segments(graph, 10 * seed + way) for way in range(4))
    for segments in (whole_tensors(graph), all_rows(graph), *ways):
        assert_as_the_whole(graph, planner, segments)


@pytest.mark.parametrize("block", range(10))
def test_plans_of_generated_networks_are_those_of_the_whole_simulation(block: int) -> None:
    for seed in range(FIRST_SEED + 20 * block, FIRST_SEED + 20 * (block + 1)):
        graph = behind_passes(generated(seed), seed)
        if graph.nodes:
            assert_any_cuts_are_as_the_whole(graph, seed)


@pytest.mark.parametrize("name", ARITHMETIC_NETWORKS)
def test_plans_of_networks_that_join_tensors_are_those_of_the_whole_simulation(name: str) -> None:
    assert_any_cuts_are_as_the_whole(optimize(ARITHMETIC_NETWORKS[name]()).graph, 0)


def test_plans_of_networks_with_several_inputs_are_those_of_the_whole_simulation() -> None:
    for seed in range(60):
        graph = optimize(random_ports(seed)).graph
        if graph.nodes:
            assert_any_cuts_are_as_the_whole(graph, seed)


def test_plans_of_networks_that_scatter_rows_are_those_of_the_whole_simulation() -> None:
    for graph in (lower(scattered(seed)) for seed in SEEDS):
        if not graph.states:  # the plain simulation knows none
            assert_any_cuts_are_as_the_whole(graph, len(graph.nodes))


@pytest.mark.parametrize(("layers", "branch"), [(66, False), (100, True)])
def test_plans_of_large_networks_are_those_of_the_whole_simulation(layers: int, branch: bool) -> None:
    graph = optimize(detector(layers, branch=branch), PassOptions(rewrite=False)).graph
    assert len(graph.nodes) == layers
    planner = Planner(graph)
    for way in range(5):
        assert_as_the_whole(graph, planner, random_segments(graph, way))
