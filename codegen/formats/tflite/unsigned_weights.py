"""Layers with uint8 weights become layers with int8 weights, which may have a zero point.

FULLY_CONNECTED is brought to the output's scale as in int8 (docs/adr/0004-dense-scales.md); convolutions multiply the
scales of input and weights in float32.
"""

import math
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Pads, Quantization, Tensor
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, Reshape
from depthwise.codegen.operators.parts.hints import CONVERT

SHIFT: Final = 128


def as_layers(graph: Graph, node: Node, op: Conv2D | DepthwiseConv2D, tensors: list[Tensor]) -> Node:
    """A convolution with int8 weights, which are appended."""
    image, weights = graph.inputs_of(node)[:2]
    if isinstance(op, Conv2D) and weights.shape[3] != image.shape[3]:
        raise UnsupportedError(f"{node} has uint8 weights in groups", CONVERT)
    assert image.quantization is not None
    made, zero_point = _weights(graph, node)
    assert made.quantization is not None
    scale = _scale(image.quantization.scale, made.quantization.scale)
    index = _append(tensors, replace(made, quantization=replace(made.quantization, scales=(scale,))))
    return replace(node, op=replace(op, weight_zero_point=zero_point), inputs=(node.inputs[0], index, *node.inputs[2:]))


def as_matrix(graph: Graph, node: Node, op: FullyConnected, tensors: list[Tensor]) -> list[Node]:
    """A matrix of int8; where it has a zero point, a convolution of the vectors as pixels, between two RESHAPEs."""
    made, zero_point = _weights(graph, node)
    if zero_point == 0:
        return [replace(node, inputs=(node.inputs[0], _append(tensors, made), *node.inputs[2:]))]
    image, out = tensors[node.inputs[0]], tensors[node.output]
    (outputs, inputs), count = made.shape, image.elements // made.shape[1]
    assert made.data is not None
    kernel = _append(tensors, replace(made, shape=(outputs, 1, 1, inputs), data=made.data[:, None, None]))
    pixels = _append(tensors, replace(image, name=f"{image.name}/pixels", shape=(1, 1, count, inputs)))
    products = _append(tensors, replace(out, name=f"{out.name}/pixels", shape=(1, 1, count, outputs)))
    layer = Conv2D((1, 1), Pads(), (1, 1), op.activation, weight_zero_point=zero_point)
    return [
        Node(node.layer, Reshape(), node.inputs[:1], pixels),
        Node(node.layer, layer, (pixels, kernel, *node.inputs[2:]), products),
        Node(node.layer, Reshape(), (products,), node.output),
    ]


def _append(tensors: list[Tensor], tensor: Tensor) -> int:
    tensors.append(replace(tensor, index=len(tensors)))
    return len(tensors) - 1


def _weights(graph: Graph, node: Node) -> tuple[Tensor, int]:
    """The weights in int8, and their zero point."""
    image, weights = graph.inputs_of(node)[:2]
    q = weights.quantization
    if weights.dtype is not DType.UINT8 or weights.data is None or q is None or image.quantization is None:
        raise UnsupportedError(f"{node} has {weights.dtype.value} weights for a uint8 input", CONVERT)
    if len(q.scales) != 1:
        raise UnsupportedError(f"{node} has uint8 weights with {len(q.scales)} scales", CONVERT)
    data, zero_point = _values(weights.data, q.zero_point)
    return replace(weights, dtype=DType.INT8, quantization=Quantization(q.scales, (0,), q.axis), data=data), zero_point


def _values(data: Array, zero_point: int) -> tuple[Array, int]:
    values = data.astype(np.int64) - zero_point
    fits = bool((values == values.astype(np.int8)).all())
    made: Array = (values if fits else data.astype(np.int64) - SHIFT).astype(np.int8)
    made.setflags(write=False)
    return made, 0 if fits else zero_point - SHIFT


def _scale(image: float, weights: float) -> float:
    """A scale of weights, no float32, whose product with that of the image is the product of both in float32."""
    product = float(np.float32(image) * np.float32(weights))
    nearly = product / image
    near = (nearly, math.nextafter(nearly, math.inf), math.nextafter(nearly, 0.0))
    return next((scale for scale in near if scale * image == product), nearly)
