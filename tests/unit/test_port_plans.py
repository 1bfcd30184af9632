"""Schedules of networks with several inputs and outputs: every row goes in once, and lies where it is read."""

import pytest

from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.port_networks import NETWORKS, random_ports, stereo_network
from tests.support.replay import assert_plan_right, plans


@pytest.mark.parametrize("name", NETWORKS)
def test_rows_of_every_input_lie_where_they_are_read(name: str) -> None:
    graph = NETWORKS[name]()
    for number, plan in enumerate(plans(graph, 1)):
        assert plan.order, number
    assert_plan_right(choose(graph))


@pytest.mark.parametrize("seed", range(60))
def test_rows_of_generated_networks_lie_where_they_are_read(seed: int) -> None:
    graph = optimize(random_ports(seed)).graph
    for plan in plans(graph, seed):
        assert plan.order
    assert_plan_right(choose(graph))


def test_rows_that_are_added_are_kept_no_longer_than_one_after_the_other_needs() -> None:
    graph = stereo_network()
    plan = choose(graph, "rows")
    assert [plan.ring_of(i)[1] for i in graph.inputs] == [3, 3, 1]
