"""From an architecture with weights to a float Graph, as TensorFlow Lite would have it behind its converter.

Our operators have no grouped convolution: it is built as a dense one whose weights between groups are zero, which
computes the same. With `grouped` it stays grouped, to be counted as its authors count it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor
from depthwise.codegen.operations import (
    Add,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Operation,
    Pads,
    Reshape,
    Softmax,
    Transpose,
)

from .layers import IMAGE, Layer, LayerKind, layers
from .spec import Architecture, Pair
from .weights import Floats, Weights


@dataclass(slots=True)
class _Builder:
    """Tensors and nodes so far; `at` is where each layer's output lies."""

    grouped: bool
    tensors: list[Tensor] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    def tensor(self, name: str, shape: tuple[int, ...]) -> int:
        self.tensors.append(Tensor(len(self.tensors), name, shape, DType.FLOAT32))
        return len(self.tensors) - 1

    def constant(self, name: str, value: Array) -> int:
        value.flags.writeable = False
        self.tensors.append(Tensor(len(self.tensors), name, value.shape, DType(value.dtype.name), None, value))
        return len(self.tensors) - 1

    def node(self, op: Operation, inputs: tuple[int, ...], output: int) -> int:
        self.nodes.append(Node(len(self.nodes), op, inputs, output))
        return output


def build_graph(architecture: Architecture, weights: Mapping[str, Weights], *, grouped: bool = False) -> Graph:
    """A float graph, image [1,H,W,C] → softmax [1,classes], named after the architecture."""
    build = _Builder(grouped)
    build.at[IMAGE] = build.tensor(IMAGE, (1, *architecture.image))
    found = layers(architecture)
    for layer in found:
        build.at[layer.name] = _add(build, layer, weights.get(layer.name))
    ends = (build.at[found[-1].name],)
    return Graph(architecture.name, tuple(build.tensors), tuple(build.nodes), (build.at[IMAGE],), ends)


def _add(build: _Builder, layer: Layer, weights: Weights | None) -> int:
    inputs = tuple(build.at[name] for name in layer.inputs)
    if layer.kind is LayerKind.SHUFFLE:
        return _shuffle(build, layer, inputs[0])
    constants: tuple[int, ...] = ()
    if weights is not None:
        kernel = weights.kernel if build.grouped or layer.groups == 1 else ungrouped(weights.kernel, layer.groups)
        constants = build.constant(f"{layer.name}/weights", kernel), build.constant(f"{layer.name}/bias", weights.bias)
    elif layer.kind is LayerKind.MEAN:
        constants = (build.constant(f"{layer.name}/axes", np.array([1, 2], np.int32)),)
    image = build.tensors[inputs[0]].shape
    output = build.tensor(layer.name, (1, *layer.shape))
    return build.node(_operation(layer, image), (*inputs, *constants), output)


def _operation(layer: Layer, image: tuple[int, ...]) -> Operation:
    stride, activation = layer.stride, layer.activation
    match layer.kind:
        case LayerKind.CONV:
            return Conv2D(stride, _same(image, layer), (1, 1), activation)
        case LayerKind.DEPTHWISE:
            return DepthwiseConv2D(stride, _same(image, layer), (1, 1), 1, activation)
        case LayerKind.DENSE:
            return FullyConnected(activation)
        case LayerKind.ADD:
            return Add(activation)
        case LayerKind.POOL:
            return MaxPool2D(layer.kernel, stride, _same(image, layer), activation)
        case LayerKind.MEAN:
            return Mean()
        case LayerKind.SOFTMAX:
            return Softmax(1.0)
        case LayerKind.SHUFFLE:
            raise AssertionError("a shuffle is three operations")


def _same(image: tuple[int, ...], layer: Layer) -> Pads:
    """Padding SAME: an odd pixel goes behind."""

    def split(size: int, kernel: int, stride: int) -> Pair:
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    top, bottom = split(image[1], layer.kernel[0], layer.stride[0])
    left, right = split(image[2], layer.kernel[1], layer.stride[1])
    return Pads(top, bottom, left, right)


def _shuffle(build: _Builder, layer: Layer, image: int) -> int:
    """Channel group·n + k goes to k·groups + group: RESHAPE, TRANSPOSE, RESHAPE."""
    height, width, channels = layer.shape
    split = (1, height, width, layer.groups, channels // layer.groups)
    order = (0, 1, 2, 4, 3)
    turned = tuple(split[axis] for axis in order)
    x = build.node(Reshape(), (image,), build.tensor(f"{layer.name}/split", split))
    permutation = build.constant(f"{layer.name}/order", np.array(order, np.int32))
    x = build.node(Transpose(order), (x, permutation), build.tensor(f"{layer.name}/turned", turned))
    return build.node(Reshape(), (x,), build.tensor(layer.name, (1, *layer.shape)))


def ungrouped(kernel: Floats, groups: int) -> Floats:
    """A grouped kernel [O,KH,KW,I/groups] as a dense one [O,KH,KW,I]: zero where groups do not meet."""
    outputs, height, width, inputs = kernel.shape
    if not any(kernel.strides):
        return np.broadcast_to(kernel.ravel()[:1], (outputs, height, width, inputs * groups))
    dense = np.zeros((groups, outputs // groups, height, width, groups, inputs), np.float32)
    for group, part in enumerate(np.split(kernel, groups)):
        dense[group, ..., group, :] = part
    return dense.reshape(outputs, height, width, groups * inputs)
