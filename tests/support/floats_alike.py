"""The float executor beside LiteRT, and a rewritten float network beside the one before."""

from typing import Final

import numpy as np
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.floats import run, simplify
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Graph
from tests.support.float_networks import images
from tests.support.oracles import litert

TOLERANCE: Final = 1e-4


def assert_close(got: np.ndarray, wanted: np.ndarray, tolerance: float = TOLERANCE) -> None:
    assert got.shape == wanted.shape
    np.testing.assert_allclose(got, wanted, rtol=0, atol=tolerance * max(float(np.abs(wanted).max()), 1e-6))


def assert_as_litert(graph: Graph, x: np.ndarray) -> None:
    ours, theirs = run(graph, x), litert(write_model(graph), graph, x, OpResolverType.BUILTIN_REF)
    for node in graph.nodes:
        assert_close(ours[node.output], theirs[node.output].reshape(ours[node.output].shape))


def simplified(graph: Graph, tolerance: float = 1e-5) -> Graph:
    """The rewritten network, of which every tensor both have is the same."""
    made, x = simplify(graph), images(graph, 3)
    before, after = run(graph, x), run(made, x)
    for tensor in {n.output for n in made.nodes} | set(graph.outputs):
        assert_close(after[tensor], before[tensor], tolerance)
    assert run(parse_model(write_model(made), "again"), x).keys() >= set(graph.outputs)
    return made
