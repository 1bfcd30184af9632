"""AVERAGE_POOL_2D, MAX_POOL_2D and MEAN over height and width.

Sources: tflite-micro, `kernels/internal/reference/integer_ops/pooling.h`, `reference/reduce.h`.
"""

import numpy as np

from depthwise.codegen.fixedpoint import Int64, Mode, requantize
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operations import AveragePool2D, MaxPool2D
from depthwise.codegen.parameters import mean_parameters, pool_parameters, quantization_of


def compute(graph: Graph, node: Node, image: Array, mode: Mode = Mode.TFLM) -> Array:
    """Compute one layer: int8 [N, H, W, C] in, int8 [N, …] out."""
    out = graph.output_of(node).shape
    match node.op:
        case AveragePool2D() | MaxPool2D():
            p = pool_parameters(graph, node)
            pooled = _pool(node.op, image.astype(np.int64), out)
            return np.clip(pooled, p.minimum, p.maximum).astype(np.int8)
        case _:
            return _mean(graph, node, image.astype(np.int64), mode).reshape(len(image), *out[1:])


def _pool(op: AveragePool2D | MaxPool2D, image: Int64, out: tuple[int, ...]) -> Int64:
    p = op.pads
    border = ((0, 0), (p.top, p.bottom), (p.left, p.right), (0, 0))
    average = isinstance(op, AveragePool2D)
    padded = np.pad(image, border, constant_values=0 if average else -128)
    inside = np.pad(np.ones((1, *image.shape[1:3], 1), np.int64), border)
    total = np.full((len(image), *out[1:]), 0 if average else -128, np.int64)
    taps = np.zeros((1, *out[1:3], 1), np.int64)
    for y in range(op.kernel[0]):
        for x in range(op.kernel[1]):
            rows = slice(y, y + (out[1] - 1) * op.stride[0] + 1, op.stride[0])
            columns = slice(x, x + (out[2] - 1) * op.stride[1] + 1, op.stride[1])
            seen = padded[:, rows, columns]
            total = total + seen if average else np.maximum(total, seen)
            taps += inside[:, rows, columns]
    return _rounded_quotient(total, taps) if average else total


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
