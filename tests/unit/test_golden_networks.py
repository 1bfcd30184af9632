"""The golden model on each named network, every tensor against tflite-micro."""

import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from tests.support.networks import NAMED_NETWORKS, image
from tests.support.oracles import differing, litert

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
