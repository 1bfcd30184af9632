"""Runs a float graph on numpy arrays and returns every tensor it computes.

Sums of products are taken in float64 by BLAS and rounded to float32 once per tensor, so the result is closer to
the real numbers than any float32 kernel's, and the same on every machine to the last bits of a float32.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.golden import model as golden
from depthwise.codegen.golden import pooling, weighted
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    FullyConnected,
    MaxPool2D,
    Mean,
    Mul,
    Pack,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Shape,
    Softmax,
    StridedSlice,
    Transpose,
)

Float64 = NDArray[np.float64]
CLAMPS: Final = {
    Activation.NONE: (-np.inf, np.inf),
    Activation.RELU: (0.0, np.inf),
    Activation.RELU6: (0.0, 6.0),
    Activation.RELU_N1_TO_1: (-1.0, 1.0),
}


def run(graph: Graph, inputs: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Compute every tensor of a float graph, float32 by tensor index, the inputs included.

    `inputs` is one float32 array for a network with one input, or arrays by tensor index; each is [N, …] where
    the graph says [1, …]. Raises InputError for a wrong shape or type, UnsupportedError for a quantized layer.
    """
    values = golden.checked_inputs(graph, inputs)
    values |= dict(steps(graph, values))
    return values


def steps(graph: Graph, inputs: Mapping[int, Array]) -> Iterator[tuple[int, Array]]:
    """Tensors of a float graph one by one, each dropped behind its last reader: memory stays small."""
    last = {i: node for node in graph.nodes for i in node.inputs}
    values = dict(inputs)
    for node in graph.nodes:
        values[node.output] = compute(graph, node, values)
        yield node.output, values[node.output]
        for read in node.inputs:
            if last[read] is node:
                values.pop(read, None)


def compute(graph: Graph, node: Node, values: Mapping[int, Array]) -> Array:
    """Compute one node from the values it reads; constants are taken from the graph."""
    if isinstance(node.op, Shape | StridedSlice | Pack | Reshape | Transpose):
        return golden.compute(graph, node, values)
    if isinstance(node.op, Quantize | Dequantize):
        raise UnsupportedError(f"{node} belongs to a quantized network", "give the float model it was made from")
    operands = [weighted.floats(_value(graph, values, i)) for i in node.inputs]
    return _computed(graph, node, operands).astype(np.float32)


def _value(graph: Graph, values: Mapping[int, Array], tensor: int) -> Array:
    constant = graph.tensors[tensor].data
    return values[tensor] if constant is None else constant


def _computed(graph: Graph, node: Node, operands: list[Float64]) -> Float64:
    x = operands[0]
    match node.op:
        case Conv2D(activation=activation) | DepthwiseConv2D(activation=activation) | FullyConnected(activation):
            out = graph.output_of(node).shape
            return clamped(before_activation(graph, node, x), activation).reshape(len(x), *out[1:])
        case AveragePool2D(activation=activation) | MaxPool2D(activation=activation):
            return clamped(_pooled(graph, node, x), activation)
        case Mean():
            means: Float64 = x.mean(axis=(1, 2))
            return means.reshape(len(x), *graph.output_of(node).shape[1:])
        case Add(activation):
            return clamped(x + operands[1], activation)
        case Mul(activation):
            return clamped(x * operands[1], activation)
        case Pad(pads=p):
            return np.pad(x, ((0, 0), (p.top, p.bottom), (p.left, p.right), (0, 0)))
        case Relu():
            return clamped(x, Activation.RELU)
        case Relu6():
            return clamped(x, Activation.RELU6)
        case Softmax(beta):
            powers: Float64 = np.exp(beta * (x - x.max(axis=-1, keepdims=True)))
            scores: Float64 = powers / powers.sum(axis=-1, keepdims=True)
            return scores
        case _:
            raise AssertionError(f"{node} is computed elsewhere")


def before_activation(graph: Graph, node: Node, image: Float64) -> Float64:
    """Sums and biases of a convolution or a matrix, not yet clamped: [N, OH, OW, O], or [N, O]."""
    weights = weighted.floats(graph.inputs_of(node)[1].data)
    return weighted.sums_of(graph, node, image, weights) + weighted.bias_of(graph, node)


def clamped(values: Float64, activation: Activation) -> Float64:
    """Values within a fused activation's ends."""
    return values if activation is Activation.NONE else np.clip(values, *CLAMPS[activation])


def _pooled(graph: Graph, node: Node, image: Float64) -> Float64:
    assert isinstance(node.op, AveragePool2D | MaxPool2D)
    average = isinstance(node.op, AveragePool2D)
    total, taps = pooling.taken(node.op, image, graph.output_of(node).shape, 0.0 if average else -np.inf)
    return total / taps if average else total
