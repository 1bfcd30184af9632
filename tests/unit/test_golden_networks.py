"""The golden model on generated networks, named and random, every tensor against tflite-micro."""

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from tests.support.networks import NAMED_NETWORKS, image, random_network
from tests.support.oracles import differing

RANDOM_NETWORKS = 150


MISSING = {"RELU_N1_TO_1"}  # in tflite-micro


def is_comparable(name: str) -> bool:
    graph = NAMED_NETWORKS[name]()
    return len(graph.inputs) == 1 and not {n.op.kind for n in graph.nodes} & MISSING


@pytest.mark.parametrize("name", [*filter(is_comparable, NAMED_NETWORKS)])
def test_a_named_network_equals_tflite_micro_on_every_tensor(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    data = write_model(graph)
    for seed in range(3):
        assert differing(graph, image(graph, seed), data) == {}


@pytest.mark.parametrize("first", range(0, RANDOM_NETWORKS, 10))
def test_random_networks_equal_tflite_micro_on_every_tensor(first: int) -> None:
    for seed in range(first, first + 10):
        graph = random_network(seed)
        data = write_model(graph)
        swings = np.where(np.indices(image(graph).shape).sum(axis=0) % 2, -128, 127).astype(np.int8)
        for given in (image(graph, seed), np.full_like(swings, -128), np.full_like(swings, 127), swings):
            assert differing(graph, given, data) == {}, graph.name
