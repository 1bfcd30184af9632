"""Networks of uint8 as TensorFlow made them in 2018: read as int8, equal to LiteRT's reference kernels."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType
from tests.support.oracles import litert
from tests.support.unsigned_networks import lowered, unsigned_network

NETWORKS = 60


@pytest.mark.parametrize("first", range(0, NETWORKS, 10))
def test_every_tensor_is_litert_s(first: int) -> None:
    for seed in range(first, first + 10):
        model = write_model(unsigned_network(seed))
        graph = parse_model(model, "unsigned")
        assert all(t.dtype is not DType.UINT8 for t in graph.tensors if t.data is None)
        rng = np.random.default_rng(seed)
        shape = graph.tensors[graph.inputs[0]].shape
        for image in (rng.integers(0, 256, shape), rng.choice([0, 255], shape), rng.choice([0, 127, 128, 129], shape)):
            given = image.astype(np.uint8)
            mine = run(graph, lowered(given))
            theirs = litert(model, unsigned_network(seed), given, OpResolverType.BUILTIN_REF)
            for node in graph.nodes:
                wanted = lowered(theirs[node.output]).reshape(mine[node.output].shape)
                assert np.array_equal(mine[node.output], wanted), f"{seed}: {node}"
