"""The golden model on generated networks, named and random, every tensor against tflite-micro."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from tests.support.networks import NAMED_NETWORKS, image, random_network
from tests.support.oracles import differing, litert

RANDOM_NETWORKS = 150
# tflite-micro has no REDUCE_PROD, RELU_N1_TO_1, TILE; its SPACE_TO_BATCH_ND fills with 0 in place of the zero point.
LACKS = {"product_of_sizes", "relu_n1_to_1", "swish", "tile", "space_to_batch_nd", "batch_to_space_nd"}
WITH_ONE_INPUT = [name for name, make in NAMED_NETWORKS.items() if len(make().inputs) == 1]


@pytest.mark.parametrize("name", [name for name in WITH_ONE_INPUT if name not in LACKS])
def test_a_named_network_equals_tflite_micro_on_every_tensor(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    data = write_model(graph)
    for seed in range(3):
        assert differing(graph, image(graph, seed), data) == {}


@pytest.mark.parametrize("name", sorted(LACKS))
def test_a_named_network_that_tflite_micro_cannot_run_equals_litert_on_every_tensor(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    given = image(graph)
    mine, theirs = run(graph, given), litert(write_model(graph), graph, given, OpResolverType.BUILTIN_REF)
    assert all((mine[n.output] == theirs[n.output]).all() for n in graph.nodes)


@pytest.mark.parametrize("first", range(0, RANDOM_NETWORKS, 10))
def test_random_networks_equal_tflite_micro_on_every_tensor(first: int) -> None:
    for seed in range(first, first + 10):
        graph = random_network(seed)
        data = write_model(graph)
        swings = np.where(np.indices(image(graph).shape).sum(axis=0) % 2, -128, 127).astype(np.int8)
        for given in (image(graph, seed), np.full_like(swings, -128), np.full_like(swings, 127), swings):
            assert differing(graph, given, data) == {}, graph.name
