"""From an architecture with weights to a float Graph, as TensorFlow Lite would have it behind its converter.

A grouped convolution is built as a dense one whose weights between groups are zero, which computes the same and has
kernels for every core. With `grouped` it stays grouped, to be counted as its authors count it.
"""

from collections.abc import Mapping

import numpy as np

from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.graph import Graph
from depthwise.codegen.graph.windows import same_pads
from depthwise.codegen.operators import (
    Activation,
    Add,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    HardSwish,
    MaxPool2D,
    Mul,
    Operation,
    Pads,
    Softmax,
)

from .layers import IMAGE, Layer, LayerKind, layers
from .spec import Architecture
from .weights import Floats, Weights


def build_graph(architecture: Architecture, weights: Mapping[str, Weights], *, grouped: bool = False) -> Graph:
    """A float graph, image [1,H,W,C] → softmax [1,classes] (cells: [1,H,W,classes]), named after the architecture."""
    build, at = FloatBuilder(), dict[str, int]()
    at[IMAGE] = build.input(IMAGE, 1, *architecture.image)
    for layer in layers(architecture):
        given = weights.get(layer.name)
        if given is not None and layer.groups > 1 and not grouped:
            given = Weights(ungrouped(given.kernel, layer.groups), given.bias)
        reads = tuple(at[name] for name in layer.inputs)
        if architecture.streaming and layer.kernel[0] > 1:
            reads = (build.remembered(layer.name, reads[0], layer.kernel[0] - 1), *reads[1:])
        at[layer.name] = _add(build, layer, reads, given)
    if not grouped:
        return build.finish(architecture.name)
    return Graph(
        architecture.name,
        tuple(build.tensors),
        tuple(build.nodes),
        inputs=tuple(build.inputs),
        outputs=(build.nodes[-1].output,),
        states=tuple(build.states),
    )


def _add(build: FloatBuilder, layer: Layer, inputs: tuple[int, ...], weights: Weights | None) -> int:
    match layer.kind:
        case LayerKind.SHUFFLE:
            return _shuffle(build, layer, inputs[0])
        case LayerKind.MEAN:
            return build.mean(layer.name, inputs[0], keep=len(layer.shape) > 1)
        case LayerKind.SOFTMAX:
            return build.unary(layer.name, inputs[0], Softmax(1.0))
        case LayerKind.HARD_SWISH:
            return build.unary(layer.name, inputs[0], HardSwish())
        case LayerKind.RAISED:
            return _by_number(build, layer, Add(Activation.RELU6), inputs[0], 3.0)
        case LayerKind.SIXTH:
            return _by_number(build, layer, Mul(Activation.NONE), inputs[0], 1 / 6)
        case LayerKind.WEIGHED:
            return build.node(layer.name, Mul(Activation.NONE), inputs, (1, *layer.shape))
        case _:
            return _weighted(build, layer, inputs, weights)


def _by_number(build: FloatBuilder, layer: Layer, op: Operation, x: int, number: float) -> int:
    constant = build.constant(f"{layer.name}/number", np.array([number], np.float32))
    return build.node(layer.name, op, (x, constant), (1, *layer.shape))


def _weighted(build: FloatBuilder, layer: Layer, inputs: tuple[int, ...], weights: Weights | None) -> int:
    if weights is not None:
        kernel = build.constant(f"{layer.name}/weights", weights.kernel)
        inputs = (*inputs, kernel, build.constant(f"{layer.name}/bias", weights.bias))
    return build.node(layer.name, _operation(layer, build.shape(inputs[0])), inputs, (1, *layer.shape))


def _operation(layer: Layer, image: tuple[int, ...]) -> Operation:
    if layer.kind is LayerKind.ADD:
        return Add(layer.activation)
    if layer.kind is LayerKind.DENSE:
        return FullyConnected(layer.activation)
    streams = image[1] > layer.shape[0] == 1 == layer.stride[0]
    pads = Pads() if streams else same_pads((image[1], image[2]), layer.kernel, layer.stride)
    match layer.kind:
        case LayerKind.CONV:
            return Conv2D(layer.stride, pads, (1, 1), layer.activation)
        case LayerKind.DEPTHWISE:
            return DepthwiseConv2D(layer.stride, pads, (1, 1), 1, layer.activation)
        case LayerKind.POOL:
            return MaxPool2D(layer.kernel, layer.stride, pads, layer.activation)
        case _:
            raise AssertionError(f"{layer.name} is no single operation on an image")


def _shuffle(build: FloatBuilder, layer: Layer, image: int) -> int:
    """Channel group·n + k goes to k·groups + group: RESHAPE, TRANSPOSE, RESHAPE."""
    height, width, channels = layer.shape
    x = build.reshape(f"{layer.name}/split", image, 1, height, width, layer.groups, channels // layer.groups)
    x = build.transpose(f"{layer.name}/turned", x, 0, 1, 2, 4, 3)
    return build.reshape(layer.name, x, 1, height, width, channels)


def ungrouped(kernel: Floats, groups: int) -> Floats:
    """A grouped kernel [O,KH,KW,I/groups] as a dense one [O,KH,KW,I]: zero where groups do not meet."""
    outputs, height, width, inputs = kernel.shape
    if not any(kernel.strides):  # blank weights stay blank
        return np.broadcast_to(np.float32(0), (outputs, height, width, inputs * groups))
    dense = np.zeros((groups, outputs // groups, height, width, groups, inputs), np.float32)
    for group, part in enumerate(np.split(kernel, groups)):
        dense[group, ..., group, :] = part
    return dense.reshape(outputs, height, width, groups * inputs)
