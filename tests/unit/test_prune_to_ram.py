"""Pruning to a RAM budget: as much as it takes by the planner's figures, where the memory is. Needs no TensorFlow."""

import pytest

from depthwise.codegen.errors import DoesNotFitError, UnsupportedError
from depthwise.codegen.zoo.digits import digits
from depthwise.codegen.zoo.mobilenet_v2 import mobilenet_v2
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from depthwise.host.train.prune_to_ram import Room, check_room, pruned_to_ram, ram_of

NETWORK = digits(1.0, 24)
WEIGHTS = he_weights(NETWORK, 1)


def test_channels_go_where_the_memory_is_and_one_more_would_be_too_many() -> None:
    whole = ram_of(build_graph(NETWORK, WEIGHTS))
    budget = whole * 6 // 10
    found = pruned_to_ram(NETWORK, WEIGHTS, budget)
    built = build_graph(found.architecture, he_weights(found.architecture, 2))
    assert ram_of(built) == found.ram_bytes <= budget < whole
    before, left = ([b.channels for b in a.blocks] for a in (NETWORK, found.architecture))
    assert all(after <= channels for after, channels in zip(left, before, strict=True))
    assert left[-1] == before[-1]
    assert sum(left[:4]) < sum(before[:4])


def test_a_sum_stays_one_and_its_layers_keep_the_same_channels() -> None:
    found = pruned_to_ram(NETWORK, WEIGHTS, 1500)
    assert [b.residual for b in found.architecture.blocks] == [b.residual for b in NETWORK.blocks]
    assert found.kept["block2_pointwise"].tolist() == found.kept["block3_pointwise"].tolist()


def test_what_cannot_be_pruned_so_far_is_told_before_training() -> None:
    with pytest.raises(DoesNotFitError, match=r"needs \d+ bytes of RAM with a 32th of its channels, not 50"):
        check_room(NETWORK, Room(50, None))
    with pytest.raises(UnsupportedError, match="pruning in training does not take"):
        check_room(mobilenet_v2(0.35, 32, 3), Room(1000, None))
