"""CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED: exact sums, then one requantization.

Sums of int8 products are taken in float64 by BLAS: every partial sum is an integer far below 2^53, so it is
exact in any order. Sources: tflite-micro, `kernels/internal/reference/integer_ops/conv.h`,
`depthwise_conv.h`, `fully_connected.h`.
"""

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, requantize, wrap32
from depthwise.codegen.arithmetic.parameters import ConvParameters, conv_parameters
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D

Float64 = NDArray[np.float64]


def compute(graph: Graph, node: Node, image: Array, mode: Mode) -> Array:
    """Compute one layer: int8 [N, …] in, int8 [N, …] out."""
    p = conv_parameters(graph, node, mode)
    weights = floats(graph.inputs_of(node)[1].data)
    sums = sums_of(graph, node, floats(image) - p.input_zero_point, weights) + bias_of(graph, node)
    out = graph.output_of(node).shape
    accumulators = wrap32(sums.astype(np.int64))
    return output_of(accumulators, p, mode).astype(np.int8).reshape(len(image), *out[1:])


def sums_of(graph: Graph, node: Node, centred: Float64, weights: Float64) -> Float64:
    """Sums of products without bias: [N, …] of x − zero point in, [N, OH, OW, O] (a matrix: [N, O]) out."""
    out = graph.output_of(node).shape
    match node.op:
        case Conv2D():
            return _convolve(node.op, centred, weights, out)
        case DepthwiseConv2D():
            return _convolve_depthwise(node.op, centred, weights, out)
        case _:
            return centred.reshape(len(centred), -1) @ weights.T


def bias_of(graph: Graph, node: Node) -> Float64:
    """Biases of a layer, ready to be added to its sums: [O], or [OH, OW, O] where the op has a border."""
    if len(node.inputs) < 3:
        return np.zeros(graph.output_of(node).shape[-1])
    bias = floats(graph.tensors[node.inputs[2]].data)
    if isinstance(node.op, Conv2D) and node.op.border is not None:
        return bias[np.ix_(node.op.border.rows, node.op.border.columns)]
    return bias


def floats(data: Array | None) -> Float64:
    """Values of a constant or an activation, exactly."""
    assert data is not None
    return data.astype(np.float64)


def output_of(accumulators: Int64, p: ConvParameters, mode: Mode) -> Int64:
    """Outputs of accumulators: requantized, offset and clamped. It never falls where the accumulator rises."""
    if mode is Mode.XNNPACK:
        real = accumulators.astype(np.float32) * np.array(p.scales, np.float32)
        scaled = np.rint(np.clip(real, -(2**24), 2**24)).astype(np.int64)
    elif mode is Mode.FLOAT64:
        exact = accumulators * np.array(p.factors)
        scaled = np.copysign(np.floor(np.abs(exact) + 0.5), exact).astype(np.int64)
    else:
        scaled = requantize(accumulators, np.array(p.multipliers), np.array(p.shifts), mode)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum)


def taps_of(
    op: Conv2D | DepthwiseConv2D, image: Float64, kernel: tuple[int, int], out: tuple[int, ...]
) -> list[tuple[int, int, Float64]]:
    """What each tap of the kernel sees: views [N, OH, OW, I] of the image with zeros around."""
    p = op.pads
    padded = np.pad(image, ((0, 0), (p.top, p.bottom), (p.left, p.right), (0, 0)))
    views = []
    for ky in range(kernel[0]):
        for kx in range(kernel[1]):
            y, x = ky * op.dilation[0], kx * op.dilation[1]
            rows = slice(y, y + (out[1] - 1) * op.stride[0] + 1, op.stride[0])
            columns = slice(x, x + (out[2] - 1) * op.stride[1] + 1, op.stride[1])
            views.append((ky, kx, padded[:, rows, columns]))
    return views


def _convolve(op: Conv2D, image: Float64, weights: Float64, out: tuple[int, ...]) -> Float64:
    sums = np.zeros((len(image), *out[1:]))
    for ky, kx, seen in taps_of(op, image, (weights.shape[1], weights.shape[2]), out):
        sums += seen @ weights[:, ky, kx].T
    return sums


def _convolve_depthwise(op: DepthwiseConv2D, image: Float64, weights: Float64, out: tuple[int, ...]) -> Float64:
    sums = np.zeros((len(image), *out[1:]))
    for ky, kx, seen in taps_of(op, image, (weights.shape[1], weights.shape[2]), out):
        sums += np.repeat(seen, op.depth_multiplier, axis=3) * weights[0, ky, kx]
    return sums
