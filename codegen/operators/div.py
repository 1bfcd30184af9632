"""DIV: the quotient of two tensors."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import (
    Int64,
    Mode,
    doubling_high_multiply,
    rounding_divide,
)
from depthwise.codegen.graph import Array, Graph, Node

from .joiner import joiner
from .mul import MulParameters, parameters_by
from .parts import binary, intervals, joining
from .parts.activation import Activation
from .parts.exponential import one_over_one_plus
from .parts.quantization import OutputScale, bridged, quantization_of
from .parts.weights import fused

LARGEST_RATIO: Final = 2.0**23  # numerators have 9 bits: they are raised by 23 or more, and lowered by no less
MOST_BITS: Final = 40  # by which nothing is left of 31


@dataclass(frozen=True, slots=True)
class Div:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes the first over the second.

    Limits: 6 axes at most. What C leaves undefined in tflite-micro is defined: a denominator of 0 is one step above it,
    and what is shifted by more than 31 bits (numerators of a step, at a ratio of scales below 64) is 0.
    """

    kind: ClassVar[str] = "DIV"
    activation: Activation


def div_parameters(graph: Graph, node: Node) -> MulParameters:
    """The integers of one layer: those of a product (tflite-micro, `kernels/div.cc`)."""
    return parameters_by(graph, node, _ratio(graph, node), fused(node))


def _ratio(graph: Graph, node: Node) -> float:
    """In float32, as tflite-micro divides it."""
    a, b, out = (np.float32(quantization_of(t).scale) for t in (*graph.inputs_of(node), graph.output_of(node)))
    with np.errstate(all="ignore"):
        return float(a / (b * out))


def _check_scales(graph: Graph, node: Node) -> None:
    bridged(node, _ratio(graph, node), LARGEST_RATIO)


def _join(graph: Graph, node: Node, pair: joining.Pair, _mode: Mode) -> Array:
    """Products with reciprocals (`kernels/internal/reference/div.h`)."""
    p, (a, b) = div_parameters(graph, node), pair
    numerator, denominator = a.astype(np.int64) - p.input1_zero_point, b.astype(np.int64) - p.input2_zero_point
    numerator, denominator = np.where(denominator < 0, -numerator, numerator), np.maximum(np.abs(denominator), 1)
    zeros = 32 - _bits(denominator)
    headroom = 31 - _bits(np.where(numerator < 0, ~numerator, numerator))
    quotient = doubling_high_multiply(numerator << headroom, one_over_one_plus((denominator << zeros) - 2**31))
    bits = np.minimum(31 - zeros + headroom - p.shift, MOST_BITS)
    scaled = rounding_divide(doubling_high_multiply(quotient, p.multiplier), bits)
    return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)


def _bits(value: Int64) -> Int64:
    """How many bits values of 0 or more take."""
    return np.asarray(np.ceil(np.log2(value + 1)).astype(np.int64))


def _divided(one: Any, other: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.true_divide(one, other)


OPERATOR: Final = joiner(
    Div,
    read=binary.read(Div),
    write=binary.write(29),
    check_quantization=_check_scales,
    join=_join,
    join_numbers=_divided,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.widest,
)
