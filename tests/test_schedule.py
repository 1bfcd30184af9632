"""The offset planner, by property on generated networks and on a real network's lifetimes."""

import pytest

from depthwise.codegen.passes import lower
from depthwise.codegen.schedule import ALIGNMENT, plan
from depthwise.codegen.storage import Place
from depthwise.codegen.tflite.reader import read_model
from tests.models import model_path
from tests.networks import random_network


@pytest.mark.parametrize("seed", range(150))
def test_buffers_alive_together_never_share_a_byte(seed: int) -> None:
    planned = plan(lower(random_network(seed)))
    inside = [b for b in planned.buffers if b.storage.place is Place.ARENA]
    for i, a in enumerate(inside):
        for b in inside[i + 1 :]:
            together = a.storage.first <= b.storage.last and b.storage.first <= a.storage.last
            assert not together or a.end <= b.offset or b.end <= a.offset


@pytest.mark.parametrize("seed", range(150))
def test_every_activation_has_a_place_in_the_arena_that_holds_it(seed: int) -> None:
    graph = lower(random_network(seed))
    planned = plan(graph)
    for node in graph.nodes:
        buffer = planned.buffer_of(node.output)
        assert graph.tensors[node.output].elements <= buffer.storage.size
        assert buffer.offset % ALIGNMENT == 0
        assert buffer.storage.place is not Place.ARENA or buffer.end <= planned.arena_bytes
    assert planned.arena_bytes >= planned.lower_bound_bytes


@pytest.mark.parametrize(
    ("name", "arena", "least"),
    [
        ("vww_96_int8", 55_296, 55_296),
        ("kws_dscnn_int8", 16_000, 16_000),
        ("ic_resnet8_int8", 49_152, 49_152),
        ("mobilenet_v1_025_96_imagenet_int8", 55_296, 55_296),
        ("ad01_int8", 264, 256),
    ],
)
def test_real_networks_take_what_was_measured_beside_the_least_possible(name: str, arena: int, least: int) -> None:
    planned = plan(lower(read_model(model_path(name))))
    assert (planned.arena_bytes, planned.lower_bound_bytes) == (arena, least)
