"""Images for a network, and what has to hold of one whose channels were removed."""

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.passes import Optimized

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
        assert np.greater_equal(before[tensor], interval.lower).all()
        assert np.less_equal(before[tensor], interval.upper).all()
    output = made.reference.outputs[0]
    assert (before[output] == after[made.graph.outputs[0]]).all()
