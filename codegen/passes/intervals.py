"""Interval analysis: which values every element of every activation can take, whatever the input.

Each operation is monotone in every input element: sums of products fall or rise with the sign of the weight,
requantizers, clamps and means never fall where their argument rises. So the least output is reached at one
corner of the inputs' intervals and the greatest at another, and computing those two corners with the golden
arithmetic gives exact ends for each operation by itself. Between operations intervals forget that elements
depend on each other, so they may be wider than the truth, never narrower.

Where int32 could overflow, an operation is not monotone; its output then has the interval of its clamp.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.bounds import LARGEST, largest_accumulator
from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.arithmetic.parameters import (
    add_parameters,
    conv_parameters,
    mean_parameters,
    requantize_parameters,
)
from depthwise.codegen.golden import elementwise, weighted
from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Transpose,
)

Range = tuple[int, int]
WIDEST: Final = (-128, 127)
RISING: Final = (AveragePool2D, MaxPool2D, Mean, Pad, Quantize, Relu, Relu6, Reshape, Transpose)


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Least and greatest value of each element of one tensor, int8 arrays of its shape.

    `sums` are the least and greatest accumulators of the layer that writes it, int64 arrays of the same shape;
    None where it has none.
    """

    lower: Array
    upper: Array
    sums: tuple[Int64, Int64] | None = None

    @property
    def known(self) -> NDArray[np.bool_]:
        """Channels (last axis) each of whose elements can take one value only: bool [C]."""
        return np.asarray((self.lower == self.upper).reshape(-1, self.lower.shape[-1]).all(axis=0))


Intervals = Mapping[int, Interval]


def intervals(graph: Graph, promised: Range = WIDEST) -> dict[int, Interval]:
    """Intervals of all int8 activations of a graph; `promised` is what the caller says of the input."""
    found: dict[int, Interval] = {}
    for index in graph.inputs:
        shape = graph.tensors[index].shape
        found[index] = Interval(np.full(shape, promised[0], np.int8), np.full(shape, promised[1], np.int8))
    for node in graph.nodes:
        out = graph.output_of(node)
        if out.dtype is DType.INT8:
            found[node.output] = interval_of(graph, node, found)
    return found


def interval_of(graph: Graph, node: Node, found: Intervals) -> Interval:
    """Interval of what one node writes, from the intervals of what it reads."""
    if any(i not in found and graph.tensors[i].data is None for i in node.inputs):
        return _clamp(graph, node, *WIDEST)
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            return _weighted(graph, node, found[node.inputs[0]])
        case Add():
            return _add(graph, node, found)
        case Mean() | Quantize() | Relu() | Relu6() if not _requantizes_safely(graph, node):
            return _clamp(graph, node, *WIDEST)
        case op if isinstance(op, RISING) and node.inputs[0] in found:
            at = found[node.inputs[0]]
            lower, upper = (compute(graph, node, {node.inputs[0]: end}) for end in (at.lower, at.upper))
            return Interval(lower, upper)
        case _:
            return _clamp(graph, node, *WIDEST)


def _clamp(graph: Graph, node: Node, low: int, high: int) -> Interval:
    shape = graph.output_of(node).shape
    return Interval(np.full(shape, low, np.int8), np.full(shape, high, np.int8))


def _weighted(graph: Graph, node: Node, image: Interval) -> Interval:
    p = conv_parameters(graph, node)
    if largest_accumulator(graph, node) > LARGEST:
        return _clamp(graph, node, p.minimum, p.maximum)
    least, greatest = accumulators(graph, node, image)
    left = np.minimum(np.maximum(np.array(p.shifts), 0), 32)
    overflows = np.maximum(np.abs(least), np.abs(greatest)) << left > LARGEST
    ends = [weighted.output_of(sums, p, Mode.TFLM) for sums in (least, greatest)]
    shape = graph.output_of(node).shape
    lower = np.where(overflows, p.minimum, ends[0]).astype(np.int8).reshape(shape)
    upper = np.where(overflows, p.maximum, ends[1]).astype(np.int8).reshape(shape)
    return Interval(lower, upper, (least.reshape(shape), greatest.reshape(shape)))


def accumulators(graph: Graph, node: Node, image: Interval) -> tuple[Int64, Int64]:
    """Least and greatest sums, bias included: each product at the end of its interval that its weight's sign asks."""
    zero_point = conv_parameters(graph, node).input_zero_point
    lower, upper = (weighted.floats(end) - zero_point for end in (image.lower, image.upper))
    weights = weighted.floats(graph.inputs_of(node)[1].data)
    rising, falling = np.maximum(weights, 0), np.minimum(weights, 0)
    bias = weighted.bias_of(graph, node)
    ends = [
        weighted.sums_of(graph, node, a, rising) + weighted.sums_of(graph, node, b, falling) + bias
        for a, b in ((lower, upper), (upper, lower))
    ]
    return ends[0].astype(np.int64), ends[1].astype(np.int64)


def _add(graph: Graph, node: Node, found: Intervals) -> Interval:
    p = add_parameters(graph, node)
    if max(p.input1_shift, p.input2_shift) > 0 or p.output_shift > 1:
        return _clamp(graph, node, p.minimum, p.maximum)

    a, b = (found[i] if i in found else _constant(graph.tensors[i].data) for i in node.inputs)
    return Interval(elementwise.add(graph, node, a.lower, b.lower), elementwise.add(graph, node, a.upper, b.upper))


def _constant(data: Array | None) -> Interval:
    assert data is not None
    return Interval(data, data)


def _requantizes_safely(graph: Graph, node: Node) -> bool:
    """Tell whether the shift to the left before a multiplication keeps every possible value in int32."""
    p = mean_parameters(graph, node) if isinstance(node.op, Mean) else requantize_parameters(graph, node)
    positions = graph.inputs_of(node)[0].elements if isinstance(node.op, Mean) else 1
    return p.multiplier >= 0 and 255 * positions << min(max(p.shift, 0), 32) <= LARGEST
