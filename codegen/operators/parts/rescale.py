"""Requantization of single elements: from one scale and zero point to another, and a clamp.

Sources: tflite-micro, `kernels/internal/reference/requantize.h`, `kernels/activations_common.cc`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node

from .activation import Activation, activation_range, clamped
from .computing import Compute, ComputeReal, Operands, in_float64, quantized
from .intervals import stays_in_int32
from .quantization import quantization_of


@dataclass(frozen=True, slots=True)
class RequantizeParameters:
    """MEAN (the count of positions is folded into the multiplier) and QUANTIZE between 8-bit types."""

    input_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReluParameters:
    """RELU and RELU6: requantization (exact where the quantization stays) and a clamp."""

    input_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int
    minimum: int
    maximum: int


def requantize_parameters(graph: Graph, node: Node) -> RequantizeParameters:
    """Parameters of QUANTIZE between two 8-bit tensors."""
    source, output = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    pair = quantize_multiplier(source.scale / output.scale)
    return RequantizeParameters(source.zero_point, output.zero_point, *pair)


def requantizes_safely(graph: Graph, node: Node) -> bool:
    """Tell whether the shift to the left before the multiplication keeps every possible value in int32."""
    p = requantize_parameters(graph, node)
    return p.multiplier >= 0 and stays_in_int32(255, p.shift)


ClampRule = Callable[[Graph, Node, Mode], ReluParameters]


def clamp_parameters(activation: Activation) -> ClampRule:
    """Parameters of an operator that is an activation (`kernels/activations_common.cc`; RELU6 is the clamp alone).

    LiteRT divides the scales in float32.
    """

    def parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ReluParameters:
        plain = requantize_parameters(graph, node)
        if mode not in (Mode.TFLM, Mode.SINGLE):
            source, output = (quantization_of(t).scale for t in (graph.inputs_of(node)[0], graph.output_of(node)))
            multiplier, shift = quantize_multiplier(float(np.float32(source) / np.float32(output)))
            plain = replace(plain, multiplier=multiplier, shift=shift)
        low, high = activation_range(activation, quantization_of(graph.output_of(node)))
        return ReluParameters(
            input_zero_point=plain.input_zero_point,
            output_zero_point=plain.output_zero_point,
            multiplier=plain.multiplier,
            shift=plain.shift,
            minimum=low,
            maximum=high,
        )

    return parameters


def clamp(activation: Activation) -> Compute:
    """An operator that is an activation, on int8."""
    parameters = clamp_parameters(activation)

    def computed(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
        p = parameters(graph, node, mode)
        scaled = requantize(operands[0].astype(np.int64) - p.input_zero_point, p.multiplier, p.shift, mode.integer)
        return np.clip(scaled + p.output_zero_point, p.minimum, p.maximum).astype(np.int8)

    return quantized(computed)


def clamp_real(activation: Activation) -> ComputeReal:
    """An operator that is an activation, on real numbers."""
    return in_float64(lambda _graph, _node, operands: clamped(operands[0], activation))
