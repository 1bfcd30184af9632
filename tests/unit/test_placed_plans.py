"""Layers that move nothing where a plan places what they read: every byte lies where it is read, at no cost in RAM."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import all_rows, choose, plan_rows, state_bytes, state_copies, whole_tensors
from depthwise.codegen.schedule.bodies import bodies, movable
from depthwise.codegen.schedule.views import Viewing
from depthwise.codegen.targets.cores import CORES
from depthwise.host.api.cost import VIEW, cost_on
from tests.support.network_builder import Builder
from tests.support.placed_networks import cut, join, like, random_placed
from tests.support.replay import assert_plan_right, plans


def without_passes(graph: Graph) -> Graph:
    return optimize(graph, PassOptions(rewrite=False)).graph


@pytest.mark.parametrize("seed", range(40))
def test_plans_with_views_are_right_and_take_no_more_ram_than_copies(seed: int) -> None:
    graph = optimize(random_placed(seed), PassOptions(rewrite=seed % 2 == 0)).graph
    viewing = Viewing(graph)
    for plan in plans(graph, seed):
        assert state_bytes(plan) <= state_bytes(viewing.copying.plan(plan.segments))
        assert_plan_right(viewing.seeing.plan(plan.segments))
        assert all(copy.source != copy.target for copy in state_copies(plan))


def heads() -> Builder:
    """Heads of two scales, whose boxes are one list."""
    build = Builder(3)
    first = build.conv(build.input(1, 8, 8, 3), 8, stride=(2, 2))
    near, far = build.conv(first, 8, (1, 1)), build.conv(build.conv(first, 8, stride=(2, 2)), 8, (1, 1))
    boxes = [build.reshape(head, 1, build.tensors[head].elements // 4, 4) for head in (near, like(build, far, near))]
    join(build, 1, *boxes)
    return build


def test_boxes_of_a_detector_are_computed_where_they_are_listed() -> None:
    graph = without_passes(heads().finish("heads"))
    listed = graph.nodes[-1]
    plan = plan_rows(graph, whole_tensors(graph))
    assert listed.output in plan.views
    at = plan.ring_of(listed.output)[0]
    assert [plan.ring_of(t)[0] - at for t in listed.inputs] == [0, 4 * 4 * 8]
    assert listed not in plan.steps


def test_a_view_costs_nothing_and_is_said_to_be_one() -> None:
    graph = without_passes(heads().finish("heads"))
    views = choose(graph).views
    layers = {n.layer: n.output in views for n in graph.nodes}
    cost = cost_on("heads", graph, CORES["cortex-m4"])
    assert [(row["kernel"] == VIEW, row["cycles"] == 0) for row in cost.layers] == [
        (layers[row["layer"]], layers[row["layer"]]) for row in cost.layers
    ]
    assert cost.layers[-1]["kernel"] == VIEW


def test_what_is_joined_twice_at_other_places_or_begins_inside_a_word_is_copied() -> None:
    build = Builder(4)
    x = build.conv(build.input(1, 4, 3, 2), 3)
    twice = join(build, 1, x, x)
    odd = join(build, 1, cut(build, twice, 1, 1, 3), x)
    graph = without_passes(build.finish("copied", odd))
    assert not movable(graph)


def test_a_tensor_lies_in_one_of_two_joins_alone() -> None:
    build = Builder(5)
    x = build.conv(build.input(1, 4, 3, 4), 4)
    y = build.relu(x)
    first, second = join(build, 1, x, y), join(build, 1, y, x)
    graph = without_passes(build.finish("both", first, second))
    assert len(movable(graph)) == 1
    assert_plan_right(choose(graph))


def test_rows_that_are_joined_as_they_come_take_a_ring_that_is_less_deep_than_all_of_them() -> None:
    build = Builder(6)
    image = build.conv(build.input(1, 12, 4, 4), 4)
    middle = cut(build, image, 1, 4, 12)
    graph = without_passes(build.finish("rows", build.conv(middle, 4)))
    plan = plan_rows(graph, all_rows(graph))
    (ring,) = {group for group, _ in plan.rings if middle in group.tensors}
    assert middle in plan.views
    assert ring.depth is not None
    assert ring.depth < 12
    assert_plan_right(plan)


def test_bodies_are_rigid() -> None:
    graph = without_passes(heads().finish("heads"))
    found = bodies(graph, movable(graph))
    for places in found.places.values():
        assert min(places.values()) == 0
        assert all(found.places[t] is places for t in places)
