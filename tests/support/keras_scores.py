"""Scores of a network that Keras has saved, beside its own."""

import numpy as np

from depthwise.codegen.floats import run, simplify
from depthwise.codegen.graph import Graph
from tests.support.arrays import assert_close


def assert_scores(graph: Graph, images: np.ndarray, scores: np.ndarray) -> None:
    for network in (graph, simplify(graph)):
        found = run(network, images)[network.outputs[0]]
        assert found.shape == scores.shape
        assert_close(found, scores, rtol=0, atol=1e-4 * float(np.abs(scores).max()))
