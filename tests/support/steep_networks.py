"""Networks with channels that ask for scaling of their own: shifted to the left, or of biases far from zero."""

import math
from dataclasses import replace
from itertools import cycle
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation
from depthwise.codegen.operators.parameters import conv_parameters
from depthwise.codegen.operators.registry import has_weights
from tests.support.network_builder import Builder

FAR: Final = 2**30 + 2**27


def with_steep_channels(graph: Graph, scales: tuple[float, ...]) -> Graph:
    """The same, in each layer of several scales in turn the second channel scaled by so much."""
    tensors, turn = list(graph.tensors), cycle(scales)
    for node in graph.nodes:
        if not has_weights(node.op) or len(_scales(graph, node.inputs[1])) < 2:
            continue
        p = conv_parameters(graph, node)
        more = next(turn) / math.ldexp(p.multipliers[1], p.shifts[1] - 31)
        for index in node.inputs[1:3]:
            first, second, *others = _scales(graph, index)
            given = tensors[index].quantization
            assert given is not None
            steep = (first, float(np.float32(second * more)), *others)
            tensors[index] = replace(tensors[index], quantization=replace(given, scales=steep))
    return replace(graph, tensors=tuple(tensors))


def with_far_biases(graph: Graph) -> Graph:
    """The same, in each layer of several scales with a bias the second channel's sums far above zero.

    Its scale is one at which outputs lie one or two above the zero point, by the sign of the products.
    """
    scaled = with_steep_channels(graph, (1.5 / FAR,))
    tensors = list(scaled.tensors)
    for node in scaled.nodes:
        if has_weights(node.op) and len(_scales(scaled, node.inputs[1])) > 1 and len(node.inputs) > 2:
            bias = tensors[node.inputs[2]].data
            assert bias is not None
            changed = bias.copy()
            changed[1] = FAR
            tensors[node.inputs[2]] = replace(tensors[node.inputs[2]], data=changed)
    return replace(scaled, tensors=tuple(tensors))


def far_matrix(inputs: int, activation: Activation = Activation.NONE) -> Graph:
    """A matrix whose sums reach as far as weights allow around 2^29: of 6,000 inputs some have no line, but a base."""
    build = Builder(inputs)
    x = build.input(1, 1, 1, inputs)
    graph = build.finish("far", build.dense(x, 7, activation=activation, per_channel=True))
    node, tensors, rng = graph.nodes[0], list(graph.tensors), build.rng
    signs = np.where(np.arange(7) % 2, -1, 1)[:, None]
    weights = (signs * rng.integers(110, 128, (7, inputs))).astype(np.int8)
    bias = signs[:, 0] * rng.integers(2**28, 2**29 + 2**27, 7)
    low, high = build.quantization(x), build.quantization(node.output)
    scales = tuple(float(np.float32(f * 2.0**-24 * high.scale / low.scale)) for f in rng.uniform(0.5, 1.5, 7))
    for index, data, own in (
        (node.inputs[1], weights, scales),
        (node.inputs[2], bias.astype(np.int32), tuple(float(np.float32(s * low.scale)) for s in scales)),
    ):
        given = tensors[index].quantization
        assert given is not None
        tensors[index] = replace(tensors[index], data=data, quantization=replace(given, scales=own))
    return replace(graph, tensors=tuple(tensors))


def patches_chain(width: int, activation: Activation = Activation.RELU) -> Graph:
    """CONV_2D in groups and TRANSPOSE_CONV of several strides."""
    build = Builder(width)
    x = build.conv(build.input(1, 5, width, 6), 9, (3, 3), groups=3, activation=activation)
    x = build.conv(build.transpose_conv(x, 5, (3, 3), (2, 2)), 4, (1, 1), activation=activation)
    x = build.conv(x, 8, (3, 2), groups=2, activation=activation)
    return build.finish(f"patches_{width}", build.transpose_conv(x, 3, (2, 2), (1, 2)))


def _scales(graph: Graph, index: int) -> tuple[float, ...]:
    given = graph.tensors[index].quantization
    assert given is not None
    return given.scales
