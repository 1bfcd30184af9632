"""Networks of uint8, as TensorFlow made them in 2018, become networks of int8 that compute the same.

Every activation is 128 less, and so is its zero point: differences from the zero point stay, and so does all that is
computed of them. Three things differ from int8, and are told by attributes: weights have a zero point; scales of
input and weights are multiplied in float32 (`kernels/kernel_util.cc`, GetQuantizedConvolutionMultipler); means round
halves up (`kernels/internal/reference/pooling.h`). tflite-micro has no uint8: LiteRT's reference kernels are the
oracle.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    MaxPool2D,
    Pad,
    Quantize,
    Reshape,
    Softmax,
)
from depthwise.codegen.operators.parts.hints import CONVERT

SHIFT: Final = 128
WEIGHTED: Final = (Conv2D, DepthwiseConv2D)
SAME_IN_INT8: Final = (Add, Dequantize, MaxPool2D, Pad, Quantize, Reshape, Softmax)


def signed(graph: Graph) -> Graph:
    """The graph with int8 in place of uint8, but at ends that QUANTIZE alone joins; a note says so.

    Raises UnsupportedError for a layer that computes in uint8 otherwise than in int8.
    """
    ends = {i for i in (*graph.inputs, *graph.outputs) if all(isinstance(n.op, Quantize) for n in _at(graph, i))}
    shifted = {t.index for t in graph.tensors if t.dtype is DType.UINT8 and t.data is None} - ends
    if not shifted:
        return graph
    tensors = [_shifted(t) if t.index in shifted else t for t in graph.tensors]
    nodes = tuple(_signed(graph, n, tensors) if shifted & {*n.inputs, n.output} else n for n in graph.nodes)
    return replace(graph, tensors=tuple(tensors), nodes=nodes, notes=(*graph.notes, _note(graph, shifted)))


def _at(graph: Graph, tensor: int) -> Iterable[Node]:
    return (n for n in graph.nodes if tensor in (*n.inputs, n.output))


def _note(graph: Graph, shifted: set[int]) -> str:
    outside = ", of the input and the output too" if shifted & {*graph.inputs, *graph.outputs} else ""
    return f"uint8 tensors are read as int8: values are {SHIFT} less{outside}"


def _shifted(tensor: Tensor) -> Tensor:
    q = tensor.quantization
    lower = None if q is None else replace(q, zero_points=tuple(z - SHIFT for z in q.zero_points))
    return replace(tensor, dtype=DType.INT8, quantization=lower)


def _signed(graph: Graph, node: Node, tensors: list[Tensor]) -> Node:
    """The node on int8; new weights are appended to the tensors."""
    match node.op:
        case AveragePool2D():
            return replace(node, op=replace(node.op, halves_up=True))
        case Conv2D() | DepthwiseConv2D():
            return _with_weights(graph, node, node.op, tensors)
        case op if isinstance(op, SAME_IN_INT8):
            return node
    names = ", ".join(o.kind for o in (*WEIGHTED, AveragePool2D, *SAME_IN_INT8))
    raise UnsupportedError(f"{node} computes in uint8, which is done of {names}", CONVERT)


def _with_weights(graph: Graph, node: Node, op: Conv2D | DepthwiseConv2D, tensors: list[Tensor]) -> Node:
    image, weights = graph.inputs_of(node)[:2]
    q = weights.quantization
    if weights.dtype is not DType.UINT8 or weights.data is None or q is None or image.quantization is None:
        raise UnsupportedError(f"{node} has {weights.dtype.value} weights for a uint8 input", CONVERT)
    if len(q.scales) != 1 or (isinstance(op, Conv2D) and weights.shape[3] != image.shape[3]):
        raise UnsupportedError(f"{node} has uint8 weights with {len(q.scales)} scales or in groups", CONVERT)
    values = weights.data.astype(np.int64) - q.zero_point
    fits = bool((values == values.astype(np.int8)).all())
    data: Array = values.astype(np.int8) if fits else (weights.data.astype(np.int64) - SHIFT).astype(np.int8)
    data.setflags(write=False)
    kept = Quantization((_scale(image.quantization.scale, q.scale),), (0,), q.axis)
    tensors.append(replace(weights, index=len(tensors), dtype=DType.INT8, quantization=kept, data=data))
    made = replace(op, weight_zero_point=0 if fits else q.zero_point - SHIFT)
    return replace(node, op=made, inputs=(node.inputs[0], len(tensors) - 1, *node.inputs[2:]))


def _scale(image: float, weights: float) -> float:
    """A scale of weights, no float32, whose product with that of the image is the product of both in float32."""
    product = float(np.float32(image) * np.float32(weights))
    nearly = product / image
    near = (nearly, math.nextafter(nearly, math.inf), math.nextafter(nearly, 0.0))
    return next((scale for scale in near if scale * image == product), nearly)
