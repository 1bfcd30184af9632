"""Networks whose weights have a zero point, as those of uint8 models: all weights beyond int8, a few, or one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D
from tests.support.dsp_networks import at_minimum
from tests.support.network_builder import Builder

ZERO_POINTS: Final = (25, -128, 127, -1, -60, 90)


def with_offset_weights(graph: Graph, zero_points: tuple[int, ...] = ZERO_POINTS) -> Graph:
    """The same with weights less a zero point in each CONV_2D and DEPTHWISE_CONV_2D, another in turn."""
    turn, nodes = cycle(zero_points), list[Node]()
    for node in graph.nodes:
        moved = isinstance(node.op, Conv2D | DepthwiseConv2D)
        nodes.append(replace(node, op=replace(node.op, weight_zero_point=next(turn))) if moved else node)
    return replace(graph, nodes=tuple(nodes))


def with_few_large_weights(graph: Graph, zero_point: int = 25) -> Graph:
    """The same with weights of which one in fifty of one channel alone is beyond int8."""
    tensors, rng = list(graph.tensors), np.random.default_rng(len(graph.nodes))
    for node in graph.nodes:
        if isinstance(node.op, Conv2D | DepthwiseConv2D):
            data = rng.normal(zero_point, 30, tensors[node.inputs[1]].shape).clip(zero_point - 127, 127)
            flat = data.reshape(-1)
            flat[:: max(50, len(flat) // 3)] = -128
            tensors[node.inputs[1]] = replace(tensors[node.inputs[1]], data=np.round(data).astype(np.int8))
    return with_offset_weights(replace(graph, tensors=tuple(tensors)), (zero_point,))


def wide_chain(activation: Activation = Activation.RELU) -> Graph:
    """More inputs than what a pair of pixels can add up at once, dilation, other kernels of depthwise layers."""
    build = Builder(7)
    x = build.conv(build.input(1, 5, 9, 67), 6, (3, 2), dilation=(2, 3), activation=activation)
    x = build.depthwise(x, (5, 3), activation=activation)
    x = build.depthwise(x, (2, 2), (2, 1), same=False, activation=activation)
    x = build.depthwise(x, (3, 3), dilation=(1, 2), activation=activation)
    x = build.conv(x, 130, (1, 1), activation=activation)
    x = build.conv(x, 3, (1, 2), stride=(1, 2), same=False, activation=activation)
    graph = build.finish("wide", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def matrix_chain(inputs: int, activation: Activation = Activation.RELU) -> Graph:
    """Matrices with a zero point, which are 1x1 layers of one pixel."""
    build = Builder(inputs)
    x = build.input(1, 1, 1, inputs)
    for outputs in (9, 7, 6, 5, 4, 3, 2, 1):
        x = build.conv(x, outputs, (1, 1), activation=activation, per_channel=False)
    graph = build.finish(f"matrix_{inputs}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def offset_graphs(usual: Iterator[Graph]) -> Iterator[Graph]:
    """Networks with weights of any size and with few large ones, zero points in turn."""
    for number, graph in enumerate(usual):
        turned = ZERO_POINTS[number % 6 :] + ZERO_POINTS[: number % 6]
        yield with_offset_weights(graph, turned)
        yield with_few_large_weights(graph, (25, -30)[number % 2])
