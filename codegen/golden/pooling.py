"""AVERAGE_POOL_2D, MAX_POOL_2D and MEAN over height and width.

Sources: tflite-micro, `kernels/internal/reference/integer_ops/pooling.h`, `reference/reduce.h`.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, requantize
from depthwise.codegen.arithmetic.parameters import mean_parameters, pool_parameters, quantization_of
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import AveragePool2D, MaxPool2D

Number = TypeVar("Number", np.int64, np.float64)


def compute(graph: Graph, node: Node, image: Array, mode: Mode = Mode.TFLM) -> Array:
    """Compute one layer: int8 [N, H, W, C] in, int8 [N, …] out."""
    out = graph.output_of(node).shape
    match node.op:
        case AveragePool2D() | MaxPool2D():
            p = pool_parameters(graph, node)
            average = isinstance(node.op, AveragePool2D)
            total, taps = taken(node.op, image.astype(np.int64), out, 0 if average else -128)
            pooled = _rounded_quotient(total, taps) if average else total
            return np.clip(pooled, p.minimum, p.maximum).astype(np.int8)
        case _:
            return _mean(graph, node, image.astype(np.int64), mode).reshape(len(image), *out[1:])


def taken(
    op: AveragePool2D | MaxPool2D, image: NDArray[Number], out: tuple[int, ...], least: float
) -> tuple[NDArray[Number], Int64]:
    """Sum (or the largest, for MAX_POOL_2D) over each window [N, OH, OW, C], and how many taps are no padding.

    `least` is what padding counts as, and where sums start: 0, or a number below all others.
    """
    p = op.pads
    border = ((0, 0), (p.top, p.bottom), (p.left, p.right), (0, 0))
    average = isinstance(op, AveragePool2D)
    padded = np.pad(image, border, constant_values=least)
    inside = np.pad(np.ones((1, *image.shape[1:3], 1), np.int64), border)
    total = np.full((len(image), *out[1:]), least, image.dtype)
    taps = np.zeros((1, *out[1:3], 1), np.int64)
    for y in range(op.kernel[0]):
        for x in range(op.kernel[1]):
            rows = slice(y, y + (out[1] - 1) * op.stride[0] + 1, op.stride[0])
            columns = slice(x, x + (out[2] - 1) * op.stride[1] + 1, op.stride[1])
            seen = padded[:, rows, columns]
            total = total + seen if average else np.maximum(total, seen)
            taps += inside[:, rows, columns]
    return total, taps


def _rounded_quotient(total: Int64, taps: Int64) -> Int64:
    """Quotient with halves away from zero, by C's division, which truncates."""
    nudged = np.where(total > 0, total + taps // 2, total - taps // 2)
    return np.sign(nudged) * (np.abs(nudged) // taps)


def _mean(graph: Graph, node: Node, image: Int64, mode: Mode) -> Array:
    p = mean_parameters(graph, node)
    count = image.shape[1] * image.shape[2]
    sums = image.sum(axis=(1, 2)) - p.input_zero_point * count
    if mode is Mode.XNNPACK:
        scales = [np.float32(quantization_of(t).scale) for t in (graph.inputs_of(node)[0], graph.output_of(node))]
        scaled = np.rint(sums.astype(np.float32) * (scales[0] / (scales[1] * np.float32(count)))).astype(np.int64)
    else:
        scaled = requantize(sums, p.multiplier, p.shift, mode.integer)
    return np.asarray(np.clip(scaled + p.output_zero_point, -128, 127).astype(np.int8))
