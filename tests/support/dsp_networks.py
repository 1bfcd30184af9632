"""Networks that reach every path of the kernels for the DSP extension: edges, remainders, both roundings."""

from dataclasses import replace
from itertools import product

import numpy as np

from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import Activation, BatchMatmul, Conv2D, FullyConnected
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import CORES, behind
from tests.support.network_builder import Builder


def separable_chain(width: int, activation: Activation = Activation.RELU, seed: int = 0) -> Graph:
    """Pointwise and depthwise layers from an odd number of channels on, strides 1 and 2, SAME and VALID padding.

    With RELU every zero point is -128, as in a converted network, so that the clamp hides negative values; with
    NONE halves are rounded away from zero.
    """
    build = Builder(seed + width)
    x = build.conv(build.input(1, 12, width, 3), 7, (3, 3), stride=(2, 1), activation=activation)
    for stride, same, channels in ((1, True, 6), (1, False, 9), (2, True, 12), (2, False, 5)):
        if build.size(x)[1] < 4 or build.size(x)[0] < 3:
            break
        x = build.depthwise(x, (3, 3), (1, stride), same=same, activation=activation)
        x = build.conv(x, channels, (1, 1), activation=activation)
    x = build.mean(build.add(x, build.conv(x, build.shape(x)[3], (3, 3), activation=Activation.NONE)))
    build.dense(x, 5)
    return at_minimum(build.finish(f"separable_{width}")) if activation is Activation.RELU else build.finish("linear")


def depthwise_rows(
    width: int, channels: int, stride: int = 1, *, same: bool = True, activation: Activation = Activation.RELU
) -> Graph:
    """A depthwise layer over so many columns [C][W], on a line if it has a RELU."""
    build = Builder(width)
    x = build.conv(build.input(1, 3, width, 3), channels, (1, 1), activation=activation)
    x = build.depthwise(x, (3, 3), (1, stride), same=same, activation=activation)
    graph = build.finish(f"rows_{width}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def shared_rows(width: int, channels: tuple[int, ...]) -> Graph:
    """Depthwise layers over as many columns [C][W] and different channels, each on a line."""
    build = Builder(width)
    x = build.input(1, 3, width, 3)
    for count in channels:
        x = build.conv(x, count, (1, 1), activation=Activation.RELU)
        x = build.depthwise(x, (3, 3), activation=Activation.RELU)
    return at_minimum(build.finish(f"shared_{width}", x))


def columns_chain(width: int, activation: Activation = Activation.RELU, channels: int = 4) -> Graph:
    """Larger kernels over channels in fours: read by depthwise layers and others, strides, with and without padding."""
    build = Builder(width)
    x = build.conv(build.input(1, 7, width, channels), 8, (3, 3), activation=activation)
    x = build.conv(x, 7, (3, 3), stride=(2, 1), activation=activation)
    x = build.depthwise(x, (3, 3), activation=activation)
    x = build.conv(x, 12, (1, 1), activation=activation)
    x = build.conv(x, 5, (2, 3), stride=(1, 2), same=width % 2 == 0, activation=activation)
    x = build.conv(build.conv(x, 4, (1, 1), activation=activation), 3, (3, 1), activation=activation)
    graph = build.finish(f"columns_{width}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def uneven_chain(width: int, activation: Activation = Activation.RELU) -> Graph:
    """Larger kernels over channels that are not in fours, strides, with and without padding, rows [C][W]."""
    build = Builder(width)
    x = build.conv(build.input(1, 7, width, 3), 5, (3, 3), stride=(1, 2), activation=activation)
    x = build.conv(x, 6, (2 + width % 2, 3), same=width % 2 == 0, activation=activation)
    x = build.conv(x, 1, (3, 2), activation=activation)
    x = build.conv(x, 7, (6, 3), stride=(2, 1), activation=activation)
    graph = build.finish(f"uneven_{width}", build.depthwise(x, (3, 3), activation=activation))
    return at_minimum(graph) if activation is Activation.RELU else graph


def with_least_weights(graph: Graph) -> Graph:
    """The same with a weight of -128 beside a negative one in every CONV_2D and FULLY_CONNECTED."""
    tensors = list(graph.tensors)
    for index in (n.inputs[1] for n in graph.nodes if isinstance(n.op, Conv2D | FullyConnected)):
        data = tensors[index].data
        if data is not None and data[0].size > 1:
            changed = data.copy()
            changed[0].reshape(-1)[:2] = (-1, -128)
            tensors[index] = replace(tensors[index], data=changed)
    return replace(graph, tensors=tuple(tensors))


def at_minimum(graph: Graph) -> Graph:
    """The same with every activation's zero point at -128."""
    tensors = [
        replace(t, quantization=Quantization(t.quantization.scales, (-128,)))
        if t.data is None and t.quantization is not None
        else t
        for t in graph.tensors
    ]
    return replace(graph, tensors=tuple(tensors))


M4 = CORES["cortex-m4"]
M4_WAITING = behind(M4, board("nucleo-l4r5zi").flash)
WIDTHS = range(4, 17)


def dense_chain(
    inputs: int, activation: Activation = Activation.NONE, *, extreme: bool = False, per_channel: bool = True
) -> Graph:
    """FULLY_CONNECTED with every remainder of inputs and channels; the sums of an `extreme` one are the largest."""
    build = Builder(inputs)
    x = build.input(1, 1, 1, inputs)
    for outputs in (9, 7, 6, 5, 4, 3, 2, 1):
        x = build.dense(x, outputs, activation=activation, per_channel=per_channel)
    graph = build.finish(f"dense_{inputs}", x)
    if not extreme:
        return graph
    first = graph.nodes[0].inputs[1]
    rows = np.where(np.arange(9) % 4 < 2, 127, -127).astype(np.int8)
    data = np.repeat(rows[:, np.newaxis], inputs, axis=1)
    data[1::4] = -128
    tensors = tuple(replace(t, data=data) if t.index == first else t for t in graph.tensors)
    return replace(graph, tensors=tensors)


def vectors_chain(vectors: int, inputs: int, activation: Activation = Activation.RELU) -> Graph:
    """FULLY_CONNECTED of two lists of vectors, which no pass makes a convolution of.

    Every remainder, with and without biases and channels' own scales.
    """
    build = Builder(vectors + inputs)
    x = build.input(1, 1, 2, vectors, inputs)
    for outputs in (9, 6, 5, 1, 8, 3):
        weights = build.weights((outputs, build.shape(x)[-1]), 0, outputs % 2 == 0)
        shape = (*build.shape(x)[:-1], outputs)
        op = FullyConnected(activation)
        x = build.weighted(op, x, weights, shape, build.shape(x)[-1], bias=outputs != 5, wide=1.0)
    graph = build.finish(f"vectors_{vectors}_{inputs}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def matrices(depth: int, columns: int, *, transposed: bool, constant: bool) -> Graph:
    """BATCH_MATMUL of the largest zero points, the second operand of one matrix for all or of its own for each."""
    build = Builder(depth + columns)
    x = build.input(1, 2, 5, depth)
    shape = (1, 1 if constant else 2, *((columns, depth) if transposed else (depth, columns)))
    given = Quantization((0.03,), (127 if columns % 2 else -128,))
    if constant:
        y = build.constant(build.rng.integers(-128, 128, shape).astype(np.int8), given)
    else:
        y = build.tensor(shape, given)
        build.inputs.append(y)
    out = build.activation(build.quantization(x).scale * given.scale * 60 * depth**0.5)
    result = build.node(BatchMatmul(False, transposed), (x, y), build.tensor((1, 2, 5, columns), out))
    return build.finish(f"matrices_{depth}_{columns}", result)


def turned_chain(width: int, channels: int, activation: Activation = Activation.RELU) -> Graph:
    """Depthwise layers that read the image, each other and a sum: rows that lie pixel after pixel."""
    build = Builder(width + channels)
    x = build.depthwise(build.input(1, 7, width, channels), (3, 3), activation=activation)
    x = build.add(x, build.depthwise(x, (3, 3), activation=activation), activation)
    x = build.depthwise(x, (3, 3), (1, 2), same=width % 2 == 0, activation=activation)
    graph = build.finish(f"turned_{width}_{channels}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def with_tiny_scales(graph: Graph) -> Graph:
    """The same with the second channel of every layer of a scale so small that its sums are shifted out."""
    tensors = list(graph.tensors)
    for node in graph.nodes:
        for index in node.inputs[1:]:
            given = tensors[index].quantization
            if tensors[index].data is not None and given is not None and len(given.scales) > 1:
                small = float(np.float32(given.scales[1] * 1e-7))
                scales = (given.scales[0], small, *given.scales[2:])
                tensors[index] = replace(tensors[index], quantization=replace(given, scales=scales))
    return replace(graph, tensors=tuple(tensors))


def padded_grid(width: int, activation: Activation = Activation.RELU) -> Graph:
    """Depthwise layers of kernels from one to eight columns wide that read one CONV_2D, at strides of 1 and 2.

    Some have several channels for each of an input's, one reads the image.
    """
    build = Builder(width)
    image = build.input(1, 6, width, 3)
    x = build.conv(image, 3, (1, 1), activation=activation)
    ends = [build.depthwise(image, (3, 5), multiplier=2, activation=activation)]
    for columns, (height, stride, multiplier, same) in product(
        range(1, 9), ((5, (1, 1), 1, True), (3, (2, 2), 2, True), (2, (1, 1), 1, False), (4, (1, 2), 1, False))
    ):
        if same or columns <= width:
            kernel = (height, columns)
            ends.append(build.depthwise(x, kernel, stride, same=same, multiplier=multiplier, activation=activation))
    graph = build.finish(f"padded_{width}", *ends)
    return at_minimum(graph) if activation is Activation.RELU else graph
