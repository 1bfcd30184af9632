"""Interval ends are exact for each operation by itself, and an end that is off by one is caught."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, weights_of
from depthwise.codegen.operators.parts.weighted import accumulators
from depthwise.codegen.passes import intervals as module
from depthwise.codegen.passes import lower
from depthwise.codegen.passes.intervals import Interval, Intervals, intervals
from tests.support.networks import NAMED_NETWORKS
from tests.support.off_by_one import narrower

WEIGHTED = [
    name
    for name, make in NAMED_NETWORKS.items()
    if isinstance(lower(make()).nodes[0].op, Conv2D | DepthwiseConv2D | FullyConnected)
]
RISING = [
    "average_pool",
    "average_pool_same",
    "max_pool",
    "max_pool_same",
    "mean",
    "mean_keep",
    "add",
    "add_relu",
    "requantize",
]


def rising(graph: Graph) -> NDArray[np.bool]:
    """Whether raising an input element alone raises an output element of the first layer: its weight is positive.

    Shape: elements of the input, elements of the output.
    """
    node = graph.nodes[0]
    shape = graph.tensors[node.inputs[0]].shape
    elements = int(np.prod(shape))
    linear = open_layer(graph, node)
    base = np.zeros((elements + 1, *shape[1:]), np.int8)
    base.reshape(elements + 1, -1)[np.arange(elements), np.arange(elements)] = 1
    response = linear(base).reshape(elements + 1, -1)
    found: NDArray[np.bool] = np.greater(response[:-1], response[-1])
    return found


def corner(graph: Graph, rises: NDArray[np.bool], low: int = -128, high: int = 127) -> tuple[Array, Array]:
    """The two images that drive an element of the first layer's output lowest and highest."""
    shape = graph.tensors[graph.nodes[0].inputs[0]].shape
    highest = np.where(rises, high, low).astype(np.int8).reshape(shape)
    lowest = np.where(rises, low, high).astype(np.int8).reshape(shape)
    return lowest, highest


def open_layer(graph: Graph, node: Node) -> Callable[[Array], Array]:
    """The layer's accumulators as a function of its images."""
    at, weights = graph.inputs_of(node)[0].index, weights_of(node.op)

    def sums(images: Array) -> Array:
        return np.concatenate(
            [accumulators(weights, graph, node, Interval(image[np.newaxis], image[np.newaxis]))[0] for image in images]
        )

    assert at in graph.inputs
    return sums


def assert_ends_are_reached(graph: Graph, found: Intervals, elements: int) -> None:
    node = graph.nodes[0]
    interval = found[node.output]
    rng, rises = np.random.default_rng(0), rising(graph)
    for element in rng.integers(0, interval.lower.size, elements):
        lowest, highest = corner(graph, rises[:, element])
        assert run(graph, lowest)[node.output].flat[element] == interval.lower.flat[element]
        assert run(graph, highest)[node.output].flat[element] == interval.upper.flat[element]


@pytest.mark.parametrize("name", WEIGHTED)
def test_both_ends_of_a_weighted_layer_are_reached_by_an_input(name: str) -> None:
    graph = lower(NAMED_NETWORKS[name]())
    assert_ends_are_reached(graph, intervals(graph), elements=6)


@pytest.mark.parametrize("name", RISING)
def test_both_ends_of_a_rising_layer_are_reached_by_constant_inputs(name: str) -> None:
    graph = lower(NAMED_NETWORKS[name]())
    found = intervals(graph)[graph.outputs[0]]
    for value, end in ((-128, found.lower), (127, found.upper)):
        images = {i: np.full(graph.tensors[i].shape, value, np.int8) for i in graph.inputs}
        assert (run(graph, images)[graph.outputs[0]] == end).all()


@pytest.mark.parametrize("side", ["lower", "upper"])
@pytest.mark.parametrize("name", ["conv", "depthwise_strided", "dense"])
def test_an_end_that_is_off_by_one_is_caught_by_the_corners(
    name: str, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "interval_of", narrower(side))
    graph = lower(NAMED_NETWORKS[name]())
    with pytest.raises(AssertionError):
        assert_ends_are_reached(graph, intervals(graph), elements=20)
