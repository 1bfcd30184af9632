"""Runs a quantized graph on numpy arrays and returns every tensor it computes."""

from collections.abc import Mapping

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.golden import elementwise, pooling, softmax, weighted
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.graph.validate_float import QUANTIZE_FIRST
from depthwise.codegen.operators import (
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


def run(graph: Graph, inputs: Mapping[int, Array] | Array, mode: Mode = Mode.TFLM) -> dict[int, Array]:
    """Compute every tensor of a graph, by tensor index, the inputs included.

    `inputs` is one array for a network with one input, or arrays by tensor index; each is [N, …] where the
    graph says [1, …], of the tensor's own type. Raises InputError for a wrong shape or type.
    """
    values = checked_inputs(graph, inputs)
    for node in graph.nodes:
        values[node.output] = compute(graph, node, values, mode)
    return values


def checked_inputs(graph: Graph, inputs: Mapping[int, Array] | Array) -> dict[int, Array]:
    """Inputs by tensor index, checked. Raises InputError for a wrong number, shape or type."""
    if not isinstance(inputs, Mapping):
        if len(graph.inputs) != 1:
            raise InputError(f"{graph.name} has {len(graph.inputs)} inputs, 1 array was given")
        inputs = {graph.inputs[0]: inputs}
    return {i: _checked(graph, i, inputs) for i in graph.inputs}


def compute(graph: Graph, node: Node, values: Mapping[int, Array], mode: Mode = Mode.TFLM) -> Array:
    """Compute one node from the values it reads; constants are taken from the graph."""
    out = graph.output_of(node)
    if isinstance(node.op, Shape):
        return np.array(graph.inputs_of(node)[0].shape, np.int32)
    first = _value(graph, values, node.inputs[0])
    match node.op:
        case Pack():
            return np.array([_value(graph, values, i) for i in node.inputs], np.int32)
        case StridedSlice():
            return _slice(node.op, first, *(int(_value(graph, values, i).ravel()[0]) for i in node.inputs[1:]))
        case Reshape() | Transpose():
            return _moved(node.op, first, out.shape)
        case _ if isinstance(node.op, Mul) or (out.dtype is DType.FLOAT32 and not isinstance(node.op, Dequantize)):
            raise UnsupportedError(f"{node} computes in float32", QUANTIZE_FIRST)
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            return weighted.compute(graph, node, first, mode)
        case AveragePool2D() | MaxPool2D() | Mean():
            return pooling.compute(graph, node, first, mode)
        case Softmax():
            return softmax.compute(graph, node, first)
        case Add():
            return elementwise.add(graph, node, first, _value(graph, values, node.inputs[1]), mode)
        case Relu() | Relu6():
            return elementwise.relu(graph, node, first, mode)
        case Pad():
            return elementwise.pad(graph, node, first)
        case Quantize() | Dequantize():
            return elementwise.convert(graph, node, first, mode)


def _value(graph: Graph, values: Mapping[int, Array], tensor: int) -> Array:
    constant = graph.tensors[tensor].data
    return values[tensor] if constant is None else constant


def _moved(op: Reshape | Transpose, value: Array, shape: tuple[int, ...]) -> Array:
    if isinstance(op, Transpose):
        return np.ascontiguousarray(value.transpose(op.permutation))
    return value.reshape(len(value), *shape[1:])


def _slice(op: StridedSlice, vector: Array, begin: int, end: int, stride: int) -> Array:
    if op.shrink_axis_mask & 1:
        return vector[begin]  # type: ignore[no-any-return]
    return vector[None if op.begin_mask & 1 else begin : None if op.end_mask & 1 else end : stride]


def _checked(graph: Graph, index: int, inputs: Mapping[int, Array]) -> Array:
    tensor = graph.tensors[index]
    if index not in inputs:
        raise InputError(f"no value for input tensor {index} ({tensor.name})")
    value = np.asarray(inputs[index])
    if value.ndim != len(tensor.shape) or value.shape[1:] != tensor.shape[1:] or not len(value):
        raise InputError(f"input has shape {value.shape}, {graph.name} takes (N, {tensor.shape[1:]})")
    if value.dtype != np.dtype(tensor.dtype.value):
        raise InputError(f"input is {value.dtype}, {graph.name} takes {tensor.dtype.value}")
    return value
