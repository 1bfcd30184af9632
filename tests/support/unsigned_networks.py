"""Random networks of uint8, as TensorFlow made them in 2018, and what LiteRT makes of them."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import Activation, Add, AveragePool2D, Concatenation, MaxPool2D, has_weights
from tests.support.conformance.arithmetic import quantization
from tests.support.network_builder import Builder

SHIFT = 128


def unsigned_network(seed: int) -> Graph:
    """A MobileNet in small: convolutions with weights of any zero point, pools, ADD, SOFTMAX; all of uint8."""
    build = Builder(seed)
    rng = build.rng
    x = build.input(1, *(int(n) for n in rng.integers(4, 11, 2)), int(rng.integers(1, 4)))
    for _ in range(int(rng.integers(1, 5))):
        x = _layer(build, x)
    match int(rng.integers(0, 3)):
        case 0:
            x = build.pool(x, AveragePool2D, build.size(x), build.size(x))
        case 1:
            x = build.pool(x, AveragePool2D, build.size(x), build.size(x))
            x = build.softmax(build.reshape(x, 1, build.tensors[x].elements))
        case _:
            pass
    return in_uint8(build.finish(f"unsigned_{seed}"), rng)


def _layer(build: Builder, x: int) -> int:
    rng = build.rng
    activation = (Activation.NONE, Activation.RELU6)[int(rng.integers(0, 2))]
    same = bool(rng.integers(0, 2))
    kernel = (3, 3) if min(build.size(x)) > 3 and rng.integers(0, 2) else (1, 1)
    match int(rng.integers(0, 6)):
        case 0 | 1:
            channels = int(rng.integers(1, 9))
            return build.conv(x, channels, kernel, same=same, activation=activation, per_channel=False)
        case 2 | 3:
            multiplier = int(rng.choice([1, 1, 2, 8]))
            return build.depthwise(
                x, kernel, multiplier=multiplier, same=same, activation=activation, per_channel=False
            )
        case 4:
            return build.pool(x, (AveragePool2D, MaxPool2D)[int(rng.integers(0, 2))], (2, 2), (1, 1), same=True)
        case _:
            other = build.conv(x, build.shape(x)[3], (1, 1), activation=activation, per_channel=False)
            scale = build.quantization(x).scale * 1.5
            return build.node(Add(activation), (x, other), build.tensor(build.shape(x), build.activation(scale)))


def in_uint8(graph: Graph, rng: np.random.Generator) -> Graph:
    """An int8 network as one of uint8; weights get any zero point. It is no network of ours until it is read."""
    weights = {n.inputs[1] for n in graph.nodes if has_weights(n.op)}
    zero_points = {i: int(rng.choice([128, 128, 127, 120, 3, 255, int(rng.integers(0, 256))])) for i in sorted(weights)}
    return replace(graph, tensors=tuple(raised(t, zero_points.get(t.index)) for t in graph.tensors))


def unsigned_operator(graph: Graph) -> Graph:
    """An int8 network of operators without weights as one of uint8."""
    return replace(graph, tensors=tuple(raised(t, None) for t in graph.tensors))


def joined_in_uint8(seed: int) -> Graph:
    """CONCATENATION of uint8 tensors of different scales, one of them a constant: no network of ours until read."""
    build = Builder(seed)
    x = build.input(1, 3, 3, 2)
    constant = build.constant(build.rng.integers(-128, 128, (1, 3, 3, 2)).astype(np.int8), quantization(build))
    parts = (x, constant, *(build.requantize_to(x, quantization(build)) for _ in range(3)))
    out = build.tensor((1, 3, 3, 10), quantization(build))
    nodes = (*build.nodes, Node(len(build.nodes), Concatenation(3), parts, out))
    return unsigned_operator(Graph("join", tuple(build.tensors), nodes, inputs=(x,), outputs=(out,)))


def raised(tensor: Tensor, zero_point: int | None) -> Tensor:
    """An int8 tensor as uint8: 128 more, or weights with a zero point."""
    q = tensor.quantization
    if tensor.dtype is not DType.INT8 or q is None:
        return tensor
    higher = Quantization(q.scales, (q.zero_point + SHIFT if zero_point is None else zero_point,))
    data = None if tensor.data is None else (tensor.data.astype(np.int64) + SHIFT).astype(np.uint8)
    return replace(tensor, dtype=DType.UINT8, quantization=higher, data=data)


def lowered(values: Array) -> Array:
    """uint8 values as int8."""
    return (values.astype(np.int64) - SHIFT).astype(np.int8)
