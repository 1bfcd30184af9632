"""Small float networks for everyone's tests: the int8 ones in real numbers, and one per front-end rewrite."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor
from depthwise.codegen.graph.windows import same_pads
from depthwise.codegen.operators import Activation, Conv2D, DepthwiseConv2D, Pads, Quantize, Relu6, Softmax
from depthwise.codegen.operators.validate import validate
from tests.support.networks import random_network


def float_network(seed: int) -> Graph:
    """A float network of a few layers that depends on the seed alone: `random_network` in real numbers."""
    return in_floats(random_network(seed))


def in_floats(graph: Graph) -> Graph:
    """An int8 network with every constant dequantized and every QUANTIZE dropped."""
    aliases: dict[int, int] = {}
    nodes: list[Node] = []
    for node in graph.nodes:
        inputs = tuple(aliases.get(i, i) for i in node.inputs)
        if isinstance(node.op, Quantize):
            aliases[node.output] = inputs[0]
        else:
            nodes.append(replace(node, layer=len(nodes), inputs=inputs))
    if not nodes:
        return in_floats(random_network(len(graph.name)))
    outputs = tuple(aliases.get(i, i) for i in graph.outputs)
    tensors = [_real(t) for t in graph.tensors]
    biased = tuple(_with_bias(tensors, n) for n in nodes)
    made = replace(graph, tensors=tuple(tensors), nodes=biased, outputs=outputs)
    validate(made)
    return made


def _with_bias(tensors: list[Tensor], node: Node) -> Node:
    """A layer with a bias, which LiteRT's convolutions insist on."""
    if not isinstance(node.op, Conv2D | DepthwiseConv2D) or len(node.inputs) == 3:
        return node
    zeros = np.zeros(tensors[node.output].shape[-1], np.float32)
    tensors.append(Tensor(len(tensors), f"zeros_{len(tensors)}", zeros.shape, DType.FLOAT32, None, data=zeros))
    return replace(node, inputs=(*node.inputs, len(tensors) - 1))


def _real(tensor: Tensor) -> Tensor:
    if tensor.dtype is DType.INT32 and tensor.quantization is None:
        return tensor
    if tensor.data is None:
        return replace(tensor, dtype=DType.FLOAT32, quantization=None)
    q = tensor.quantization
    assert q is not None
    along = [-1 if i == q.axis else 1 for i in range(tensor.data.ndim)]
    data = (tensor.data * np.array(q.scales).reshape(along)).astype(np.float32)
    return replace(tensor, dtype=DType.FLOAT32, quantization=None, data=data)


def images(graph: Graph, count: int = 2, seed: int = 0) -> Array:
    """Normally distributed inputs [count, …] for a float network with one input."""
    rng = np.random.default_rng(seed)
    shape = graph.tensors[graph.inputs[0]].shape
    return rng.standard_normal((count, *shape[1:])).astype(np.float32)


class Layers:
    """Random weights for a FloatBuilder; batch normalizations behind convolutions, as Keras trains them."""

    def __init__(self, seed: int) -> None:
        self.build = FloatBuilder()
        self.rng = np.random.default_rng(seed)

    def conv(
        self,
        x: int,
        channels: int,
        size: int = 3,
        stride: int = 1,
        *,
        same: bool = True,
        activation: Activation = Activation.NONE,
    ) -> int:
        """CONV_2D with a bias."""
        _, height, width, depth = self.build.shape(x)
        weights = self.rng.normal(0, (size * size * depth) ** -0.5, (channels, size, size, depth))
        pads = same_pads((height, width), (size, size), (stride, stride)) if same else Pads()
        bias = self.rng.normal(0, 0.1, channels)
        name = f"conv{len(self.build.nodes)}"
        return self.build.conv(name, x, weights, bias, stride=(stride, stride), pads=pads, activation=activation)

    def depthwise(self, x: int, stride: int = 1, *, same: bool = True, activation: Activation = Activation.NONE) -> int:
        """DEPTHWISE_CONV_2D, 3x3."""
        _, height, width, depth = self.build.shape(x)
        weights = self.rng.normal(0, 1 / 3, (1, 3, 3, depth))
        pads = same_pads((height, width), (3, 3), (stride, stride)) if same else Pads()
        bias = self.rng.normal(0, 0.1, depth)
        name = f"depthwise{len(self.build.nodes)}"
        return self.build.depthwise(name, x, weights, bias, stride=(stride, stride), pads=pads, activation=activation)

    def dense(self, x: int, outputs: int) -> int:
        """FULLY_CONNECTED."""
        inputs = self.build.tensors[x].elements
        weights = self.rng.normal(0, inputs**-0.5, (outputs, inputs))
        return self.build.dense(f"dense{len(self.build.nodes)}", x, weights, self.rng.normal(0, 0.1, outputs))

    def normalize(self, x: int) -> int:
        """A batch normalization: MUL and ADD."""
        channels = self.build.shape(x)[-1]
        factors, offsets = self.rng.uniform(0.5, 2, channels), self.rng.normal(0, 0.3, channels)
        return self.build.scale(f"norm{len(self.build.nodes)}", x, factors, offsets)


def mobilenet(seed: int = 1, side: int = 16, activation: Activation = Activation.RELU6, classes: int = 5) -> Graph:
    """MobileNetV1 in small, already folded: conv, three separable blocks, mean, dense, softmax."""
    net = Layers(seed)
    x = net.conv(net.build.input("image", 1, side, side, 3), 8, stride=2, activation=activation)
    for channels, stride in ((12, 1), (16, 2), (24, 1)):
        x = net.conv(net.depthwise(x, stride, activation=activation), channels, 1, activation=activation)
    net.build.unary("scores", net.dense(net.build.mean("mean", x), classes), Softmax(1.0))
    return net.build.finish("mobilenet")


def unfolded(seed: int = 2) -> Graph:
    """What Keras makes: paddings, normalizations and activations as layers of their own, and a residual."""
    net = Layers(seed)
    build = net.build
    x = build.pad("pad", build.input("image", 1, 16, 16, 3), Pads(0, 1, 0, 1))
    x = build.unary("relu1", net.normalize(net.conv(x, 8, stride=2, same=False)), Relu6())
    y = build.unary("relu2", net.normalize(net.depthwise(x)), Relu6())
    y = build.add("add", x, net.normalize(net.conv(y, 8, 1)))
    y = build.unary("relu3", net.normalize(y), Relu6())
    build.unary("scores", net.dense(build.reshape("flat", build.mean("mean", y, keep=True), 1, 8), 5), Softmax(1.0))
    return build.finish("unfolded")
