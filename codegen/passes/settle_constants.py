"""Brings channels that give the same whatever they read into a range that every kernel takes.

Those without weights do, and those whose bias is so large that every sum ends at the same clamp. Training leaves them
with a tiny scale, and converters with a bias as large as an int32 can be; one of them would keep a whole layer from the
kernels that double its sums.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Mode
from depthwise.codegen.graph import Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.parts.weights import Weights, output_of, weight_zero_point

from .constant_tensors import append

LARGEST_BIAS: Final = 2**22
RIGHT_SHIFTS: Final = range(1, 16)
STEPS: Final = 256  # of the sum for one of the output

INPUT: Final = np.iinfo(np.int8)

Int64 = NDArray[np.int64]
Bools = NDArray[np.bool_]


def settle_constants(graph: Graph) -> Graph:
    """Give constant channels out of range a bias and a scale that alone come to the same in every arithmetic."""
    tensors = list(graph.tensors)
    nodes = tuple(_settled(graph, node, tensors) for node in graph.nodes)
    return graph if len(tensors) == len(graph.tensors) else replace(graph, nodes=nodes, tensors=tuple(tensors))


def _settled(graph: Graph, node: Node, tensors: list[Tensor]) -> Node:
    weights = operator_of(node.op).weights
    if weights is None or len(node.inputs) < 3 or weights.border(node.op) is not None:
        return node
    kernel, bias = graph.inputs_of(node)[1:3]
    assert kernel.data is not None
    assert bias.data is not None
    odd = _odd_channels(weights, graph, node)
    if not odd.any():
        return node
    constant, values = _constant_channels(weights, graph, node)
    channels = odd & constant
    scaled = _with_scale(graph, node, channels)
    biases = _biases(graph, node, scaled, values)
    channels &= np.abs(biases) <= LARGEST_BIAS
    if not channels.any():
        return node
    data = np.where(weights.per_filter(channels), kernel.data.dtype.type(weight_zero_point(node.op)), kernel.data)
    like = replace(kernel, quantization=scaled)
    settled = append(tensors, like, data), append(tensors, bias, np.where(channels, biases, bias.data).astype(np.int32))
    return replace(node, inputs=(node.inputs[0], *settled, *node.inputs[3:]))


def _with_scale(graph: Graph, node: Node, channels: Bools) -> Quantization:
    """The weights' quantization, in which such channels get a scale of their own, if each has one."""
    image, scaled, out = map(quantization_of, (*graph.inputs_of(node)[:2], graph.output_of(node)))
    if len(scaled.scales) != len(channels):
        return scaled
    own = float(np.float32(out.scale / image.scale / STEPS))
    return replace(scaled, scales=tuple(own if c else s for s, c in zip(scaled.scales, channels, strict=True)))


def _biases(graph: Graph, node: Node, scaled: Quantization, outputs: Int64) -> Int64:
    """Biases that alone come to these outputs, [O]."""
    image, out = quantization_of(graph.inputs_of(node)[0]), quantization_of(graph.output_of(node))
    return np.rint((outputs - out.zero_point) * out.scale / (image.scale * np.array(scaled.scales))).astype(np.int64)


def _odd_channels(weights: Weights, graph: Graph, node: Node) -> Bools:
    """Channels whose bias or scale is out of range."""
    shifts, biases = weights.parameters(graph, node).shifts, weights.bias(graph, node)
    pairs = zip(biases.tolist(), shifts, strict=True)
    return np.array([abs(b) > LARGEST_BIAS or -s not in RIGHT_SHIFTS for b, s in pairs], np.bool_)


def _constant_channels(weights: Weights, graph: Graph, node: Node) -> tuple[Bools, Int64]:
    """Which channels give one value in every arithmetic, and the value, [O] each.

    Outputs never fall where sums rise, unless a shift to the left wraps.
    """
    ends = weights.bias(graph, node).astype(np.int64) + _reaches(weights, graph, node)
    found = [output_of(ends, weights.parameters(graph, node, mode), mode) for mode in Mode]
    left = np.maximum(weights.parameters(graph, node).shifts, 0)
    rising = (ends[0] == ends[1]) | (np.abs(ends).max(axis=0) << left <= LARGEST)
    values = np.concatenate(found)
    return rising & (values == values[0]).all(axis=0), values[0]


def _reaches(weights: Weights, graph: Graph, node: Node) -> Int64:
    """The least and the largest sum of w·(x − zero point) that int8 inputs can give, padding included, [2, O]."""
    real, zero_point = weights.real(graph, node), quantization_of(graph.inputs_of(node)[0]).zero_point
    ends = [real * (limit - zero_point) for limit in (INPUT.min, INPUT.max)]
    reached = [pick(*ends).sum(axis=weights.within_filter).ravel() for pick in (np.minimum, np.maximum)]
    return np.array(reached, np.int64)
