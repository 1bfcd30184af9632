"""Sums and differences: both inputs are brought to twice the larger scale, 20 bits up, then to the output's.

Sources: tflite-micro, `kernels/add_common.cc`, `kernels/sub_common.cc`, and in `kernels/internal/reference`
`integer_ops/add.h`, `sub.h`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node, Quantization

from .activation import activation_range
from .joining import Join, Pair
from .quantization import bridged, quantization_of
from .shapes import Check
from .weights import fused

LEFT_SHIFT: Final = 20
# What both inputs and their sum are multiplied by, from scales of inputs and output.
Ratios = Callable[[Quantization, Quantization, Quantization], tuple[float, float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParameters:
    """What brings both inputs to one scale, and their sum or difference to the output's."""

    input1_zero_point: int
    input1_multiplier: int
    input1_shift: int
    input2_zero_point: int
    input2_multiplier: int
    input2_shift: int
    output_zero_point: int
    output_multiplier: int
    output_shift: int
    minimum: int
    maximum: int


SumRule = Callable[[Graph, Node], AddParameters]


def in_double(a: Quantization, b: Quantization, output: Quantization) -> tuple[float, float, float]:
    """As ADD divides its scales."""
    twice = 2 * max(a.scale, b.scale)
    return a.scale / twice, b.scale / twice, twice / (2**LEFT_SHIFT * output.scale)


def in_single(a: Quantization, b: Quantization, output: Quantization) -> tuple[float, float, float]:
    """As SUB divides its scales."""
    one, other, out = (np.float32(q.scale) for q in (a, b, output))
    twice = np.float32(2) * max(one, other)
    return float(one / twice), float(other / twice), float(twice / (np.float32(2**LEFT_SHIFT) * out))


def parameters_by(ratios: Ratios) -> SumRule:
    """The integers of a sum or difference."""

    def parameters(graph: Graph, node: Node) -> AddParameters:
        a, b = (quantization_of(t) for t in graph.inputs_of(node))
        output = quantization_of(graph.output_of(node))
        (first, first_shift), (second, second_shift), (multiplier, shift) = map(
            quantize_multiplier, ratios(a, b, output)
        )
        minimum, maximum = activation_range(fused(node), output)
        return AddParameters(
            input1_zero_point=a.zero_point,
            input1_multiplier=first,
            input1_shift=first_shift,
            input2_zero_point=b.zero_point,
            input2_multiplier=second,
            input2_shift=second_shift,
            output_zero_point=output.zero_point,
            output_multiplier=multiplier,
            output_shift=shift,
            minimum=minimum,
            maximum=maximum,
        )

    return parameters


def check_scales(ratios: Ratios) -> Check:
    """The output's scale can be reached from the sum's."""

    def check(graph: Graph, node: Node) -> None:
        a, b = (quantization_of(t) for t in graph.inputs_of(node))
        bridged(node, ratios(a, b, quantization_of(graph.output_of(node)))[2])

    return check


def joined(p: AddParameters, sign: int, pair: Pair, mode: Mode) -> Array:
    """Sum (sign 1) or difference (sign −1) of two int8 arrays of shapes that broadcast."""

    def raised(value: Array, zero_point: int) -> Int64:
        return (value.astype(np.int64) - zero_point) << LEFT_SHIFT

    a, b = pair
    left = requantize(raised(a, p.input1_zero_point), p.input1_multiplier, p.input1_shift, mode.integer)
    right = requantize(raised(b, p.input2_zero_point), p.input2_multiplier, p.input2_shift, mode.integer)
    scaled = requantize(left + sign * right, p.output_multiplier, p.output_shift, mode.integer)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)


def join(parameters: SumRule, sign: int) -> Join:
    """`joined` for a node."""
    return lambda graph, node, pair, mode: joined(parameters(graph, node), sign, pair, mode)


def clamp_of(parameters: SumRule) -> Callable[[Graph, Node], tuple[int, int]]:
    """Least and greatest output."""

    def clamp(graph: Graph, node: Node) -> tuple[int, int]:
        p = parameters(graph, node)
        return p.minimum, p.maximum

    return clamp


def stays_in_int32(parameters: SumRule) -> Callable[[Graph, Node], bool]:
    """Tell whether no shift to the left can leave int32."""

    def safe(graph: Graph, node: Node) -> bool:
        p = parameters(graph, node)
        return max(p.input1_shift, p.input2_shift) <= 0 and p.output_shift <= 1

    return safe
