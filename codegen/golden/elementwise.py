"""ADD, PAD, QUANTIZE and DEQUANTIZE.

Sources: tflite-micro, `kernels/internal/reference/integer_ops/add.h`, `reference/pad.h`, `quantize.h`,
`requantize.h`, `dequantize.h`.
"""

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, requantize
from depthwise.codegen.arithmetic.parameters import (
    LEFT_SHIFT,
    add_parameters,
    quantization_of,
    relu_parameters,
    requantize_parameters,
)
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import Pad


def add(graph: Graph, node: Node, a: Array, b: Array, mode: Mode = Mode.TFLM) -> Array:
    """Sum of two int8 arrays of one shape."""
    p = add_parameters(graph, node)

    def raised(value: Array, zero_point: int) -> Int64:
        return (value.astype(np.int64) - zero_point) << LEFT_SHIFT

    left = requantize(raised(a, p.input1_zero_point), p.input1_multiplier, p.input1_shift, mode.integer)
    right = requantize(raised(b, p.input2_zero_point), p.input2_multiplier, p.input2_shift, mode.integer)
    scaled = requantize(left + right, p.output_multiplier, p.output_shift, mode.integer) + p.output_zero_point
    return np.clip(scaled, p.minimum, p.maximum).astype(np.int8)


def pad(graph: Graph, node: Node, image: Array) -> Array:
    """Image with a border of the zero point."""
    assert isinstance(node.op, Pad)
    p = node.op.pads
    border = ((0, 0), (p.top, p.bottom), (p.left, p.right), (0, 0))
    return np.pad(image, border, constant_values=quantization_of(graph.output_of(node)).zero_point)


def relu(graph: Graph, node: Node, value: Array, mode: Mode = Mode.TFLM) -> Array:
    """RELU or RELU6."""
    p = relu_parameters(graph, node, mode)
    scaled = requantize(value.astype(np.int64) - p.input_zero_point, p.multiplier, p.shift, mode.integer)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)


def convert(graph: Graph, node: Node, value: Array, mode: Mode = Mode.TFLM) -> Array:
    """QUANTIZE or DEQUANTIZE, whichever the types of the two tensors make of it."""
    source, out = graph.inputs_of(node)[0], graph.output_of(node)
    if out.dtype is DType.FLOAT32:
        q = quantization_of(source)
        return (q.scale * (value.astype(np.float64) - q.zero_point)).astype(np.float32)
    low, high = (-128, 127) if out.dtype is DType.INT8 else (0, 255)
    if source.dtype is DType.FLOAT32:
        q = quantization_of(out)
        steps = (value.astype(np.float32) / np.float32(q.scale)).astype(np.float64)
        levels: NDArray[np.float64] = np.copysign(np.floor(np.abs(steps) + 0.5), steps) + q.zero_point
        return np.clip(levels, low, high).astype(out.dtype.value)
    p = requantize_parameters(graph, node)
    centred = value.astype(np.int64) - p.input_zero_point
    if mode is Mode.XNNPACK:
        # Its ratio of scales has 8 bits behind the point.
        ratio = np.float32(quantization_of(source).scale) / np.float32(quantization_of(out).scale)
        scaled = (centred * int(np.rint(256 * ratio)) + 128) >> 8
    else:
        scaled = requantize(centred, p.multiplier, p.shift, mode.integer)
    return np.asarray(np.clip(scaled + p.output_zero_point, low, high).astype(out.dtype.value))
