"""What is quantized here is computed alike everywhere: named, generated and real networks, every tensor of each."""

import numpy as np
import pytest
from ai_edge_litert.interpreter import OpResolverType

from depthwise.codegen.formats.tflite.reader import parse_model, read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph
from depthwise.codegen.operators import FullyConnected
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.loss_report import report
from depthwise.codegen.quantize.quantize import quantize
from depthwise.codegen.zoo.fomo import fomo
from depthwise.codegen.zoo.mobilenet_v3_small import mobilenet_v3_small
from depthwise.codegen.zoo.spec import Architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from tests.support.float_networks import float_network, images
from tests.support.models import model_path
from tests.support.oracles import differing, litert
from tests.support.plausible import PLAUSIBLE
from tests.support.quantizing import NETWORKS, REAL, in_batches, made


def assert_computed_alike(graph: Graph, x: Array) -> None:
    """tflite-micro on every tensor; LiteRT's reference kernels too, but for what they do in float64."""
    data = write_model(graph)
    again = parse_model(data, graph.name)
    assert again.nodes == graph.nodes
    for image in x:
        levels = quantized_input(graph, image[None])
        assert differing(graph, levels, data) == {}
        theirs = litert(data, graph, levels, OpResolverType.BUILTIN_REF)
        mine = run(graph, levels)
        until = next((n.layer for n in graph.nodes if isinstance(n.op, FullyConnected)), len(graph.nodes))
        for node in graph.nodes[:until]:
            np.testing.assert_array_equal(mine[node.output].ravel(), theirs[node.output].ravel())


@pytest.mark.parametrize("name", NETWORKS)
def test_a_quantized_network_is_computed_alike_everywhere(name: str) -> None:
    graph = NETWORKS[name]()
    assert_computed_alike(made(graph).graph, images(graph, 2, 5))


@pytest.mark.parametrize("first", range(0, 80, 20))
def test_generated_networks_are_computed_alike_everywhere(first: int) -> None:
    for seed in range(first, first + 20):
        graph = float_network(seed)
        assert_computed_alike(made(graph, count=8).graph, images(graph, 1, 5))


@pytest.mark.parametrize("name", REAL)
def test_a_real_model_quantized_here_is_computed_alike_everywhere(name: str) -> None:
    original = read_model(model_path(f"{name}_float"))
    ours = quantize(original, in_batches(PLAUSIBLE[name](16, 1))).graph
    assert_computed_alike(ours, PLAUSIBLE[name](2, 3))


@pytest.mark.parametrize("given", [mobilenet_v3_small(0.25, 32, 5), fomo(0.35, 32, 3)], ids=lambda given: given.name)
def test_gates_and_cells_are_quantized_and_computed_as_tflite_micro_does(given: Architecture) -> None:
    graph = build_graph(given, he_weights(given, 3))
    images = np.random.default_rng(1).random((16, *given.image), dtype=np.float32)
    found = quantize(graph, in_batches(images))
    assert differing(found.graph, quantized_input(found.graph, images[:1]), write_model(found.graph)) == {}
    assert report(found, in_batches(images)).logits_sqnr_db > 15
