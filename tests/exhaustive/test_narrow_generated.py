"""All passes on 2,400 generated networks, and on real models with many images: every output bit stays."""

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.passes import PassOptions, optimize
from tests.support.dead_networks import dead_network
from tests.support.models import INT8_MODELS, read
from tests.support.narrow import BATCHES, NETWORKS, assert_same, inputs


@pytest.mark.parametrize("batch", range(BATCHES))
def test_networks_with_dead_channels_keep_every_bit(batch: int) -> None:
    for seed in range(batch, NETWORKS, BATCHES):
        graph = dead_network(seed)
        try:
            assert_same(optimize(graph), inputs(graph, seed))
        except AssertionError as error:
            raise AssertionError(f"dead_network({seed}): {error}") from error


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_keep_every_bit(name: str) -> None:
    graph = read(name)
    made = optimize(graph)
    shape = made.reference.tensors[made.reference.inputs[0]].shape[1:]
    rng = np.random.default_rng(5)
    count = 1000 if name == "vww_96_int8" else 50
    for start in range(0, count, 25):
        images = rng.integers(-128, 128, (25, *shape), np.int8)
        images[0] = (start // 25 * 37) % 256 - 128
        assert_same(made, images)


def test_argmax_returns_logits_whose_largest_is_a_largest_probability() -> None:
    graph = read("kws_dscnn_int8")
    made = optimize(graph, PassOptions(argmax=True))
    images = inputs(made.reference, 3, random=60)
    before, after = run(made.reference, images), run(made.graph, images)
    scores, logits = before[made.reference.outputs[0]], after[made.graph.outputs[0]]
    assert not any(n.op.kind == "SOFTMAX" for n in made.graph.nodes)
    chosen = np.take_along_axis(scores, logits.argmax(axis=-1)[:, np.newaxis], axis=-1)
    assert (chosen[:, 0] == scores.max(axis=-1)).all()
