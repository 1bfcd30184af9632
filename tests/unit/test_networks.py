"""The networks that all other tests are made from cover what they promise."""

from collections import Counter

import numpy as np

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.operators import OPERATORS
from depthwise.codegen.operators.registry import MADE
from tests.support.networks import NAMED_NETWORKS, random_network


def test_named_networks_have_every_operator() -> None:
    kinds = {node.op.kind for make in NAMED_NETWORKS.values() for node in make().nodes}
    assert kinds - {operator.kind for operator in MADE} == {operator.kind for operator in OPERATORS}


def test_random_networks_depend_on_the_seed_alone() -> None:
    assert write_model(random_network(3)) == write_model(random_network(3))
    assert write_model(random_network(3)) != write_model(random_network(4))


def test_random_networks_use_every_layer_that_mobilenets_are_made_of() -> None:
    kinds = Counter(node.op.kind for seed in range(100) for node in random_network(seed).nodes)
    convolutions = {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D"}
    assert set(kinds) == convolutions | {"ADD", "MEAN", "PAD", "QUANTIZE", "RESHAPE", "SOFTMAX"}
    assert min(kinds.values()) >= 5


def test_constants_cannot_be_written() -> None:
    arrays = [t.data for t in random_network(1).tensors if t.data is not None]
    assert arrays
    assert not any(np.asarray(a).flags.writeable for a in arrays)
