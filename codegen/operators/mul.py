"""MUL: the product of two tensors."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node

from .joiner import joiner
from .parts import binary, intervals, joining
from .parts.activation import Activation, activation_range
from .parts.quantization import OutputScale, bridged, quantization_of
from .parts.weights import fused

LARGEST_PRODUCT: Final = 255 * 255


@dataclass(frozen=True, slots=True)
class Mul:
    """Reads two tensors whose shapes broadcast, one of which may be a constant; writes their product.

    Limits: 6 axes at most.
    """

    kind: ClassVar[str] = "MUL"
    activation: Activation


@dataclass(frozen=True, slots=True, kw_only=True)
class MulParameters:
    """Zero points, and what brings a product to the output's scale."""

    input1_zero_point: int
    input2_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int
    minimum: int
    maximum: int


def mul_parameters(graph: Graph, node: Node) -> MulParameters:
    """Parameters of MUL (`kernels/mul_common.cc`)."""
    return parameters_by(graph, node, product_ratio(graph, node), fused(node))


def parameters_by(graph: Graph, node: Node, ratio: float, activation: Activation) -> MulParameters:
    """What brings numbers made of two inputs to the output's scale, of which they are `ratio`, and clamps them."""
    a, b = (quantization_of(t) for t in graph.inputs_of(node))
    output = quantization_of(graph.output_of(node))
    multiplier, shift = quantize_multiplier(ratio)
    minimum, maximum = activation_range(activation, output)
    return MulParameters(
        input1_zero_point=a.zero_point,
        input2_zero_point=b.zero_point,
        output_zero_point=output.zero_point,
        multiplier=multiplier,
        shift=shift,
        minimum=minimum,
        maximum=maximum,
    )


def product_ratio(graph: Graph, node: Node) -> float:
    """Scale of a product of the inputs, over the output's."""
    a, b = (quantization_of(t) for t in graph.inputs_of(node))
    return a.scale * b.scale / quantization_of(graph.output_of(node)).scale


def _check_scales(graph: Graph, node: Node) -> None:
    bridged(node, product_ratio(graph, node))


def _join(graph: Graph, node: Node, pair: joining.Pair, mode: Mode) -> Array:
    """Products of two int8 arrays (`kernels/internal/reference/integer_ops/mul.h`)."""
    p, (a, b) = mul_parameters(graph, node), pair
    products = (a.astype(np.int64) - p.input1_zero_point) * (b.astype(np.int64) - p.input2_zero_point)
    scaled = requantize(products, p.multiplier, p.shift, mode.integer) + p.output_zero_point
    return np.clip(scaled, p.minimum, p.maximum).astype(np.int8)


def _clamp(graph: Graph, node: Node) -> tuple[int, int]:
    p = mul_parameters(graph, node)
    return p.minimum, p.maximum


def _is_safe(graph: Graph, node: Node) -> bool:
    return intervals.stays_in_int32(LARGEST_PRODUCT, mul_parameters(graph, node).shift)


OPERATOR: Final = joiner(
    Mul,
    read=binary.read(Mul),
    write=binary.write(21),
    check_quantization=_check_scales,
    join=_join,
    join_numbers=np.multiply,
    output_quantization=OutputScale.CALIBRATED,
    interval=joining.interval(_join, joining.ALL_CORNERS, _clamp, _is_safe),
)
