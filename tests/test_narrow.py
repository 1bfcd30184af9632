"""Passes that remove channels: every output bit stays, every claim about a channel is true."""

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes import Optimized, optimize

from .dead_networks import dead_network

BATCHES = 40
NETWORKS = 2400


def inputs(graph: Graph, seed: int, random: int = 6) -> Array:
    """Constant, extreme and random images in one batch."""
    shape = graph.tensors[graph.inputs[0]].shape[1:]
    rng = np.random.default_rng(seed)
    flat = [np.full(shape, value, np.int8) for value in (-128, 0, 127)]
    rough = [rng.choice(np.array([-128, 127], np.int8), shape) for _ in range(random)]
    return np.stack([*flat, *rough, *(rng.integers(-128, 128, shape, np.int8) for _ in range(random))])


def assert_same(made: Optimized, images: Array) -> None:
    """Surviving channels are equal, known channels have the value that was claimed, intervals hold."""
    before, after = run(made.reference, images), run(made.graph, images)
    for tensor, survivor in made.survivors.items():
        if len(survivor.kept) and tensor in after:
            assert (survivor.of(before[tensor]) == after[tensor]).all(), f"tensor {tensor} changed"
        assert (before[tensor][..., survivor.known] == survivor.values).all(), f"tensor {tensor} is not constant"
    for tensor, interval in made.found.items():
        assert (before[tensor] >= interval.lower).all()
        assert (before[tensor] <= interval.upper).all()
    output = made.reference.outputs[0]
    assert (before[output] == after[made.graph.outputs[0]]).all()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_networks_with_dead_channels_keep_every_bit(batch: int) -> None:
    for seed in range(batch, NETWORKS, BATCHES):
        graph = dead_network(seed)
        try:
            assert_same(optimize(graph), inputs(graph, seed))
        except AssertionError as error:
            raise AssertionError(f"dead_network({seed}): {error}") from error
