"""Requantization of single elements: from one scale and zero point to another, and a clamp.

Sources: tflite-micro, `kernels/internal/reference/requantize.h`, `kernels/activations_common.cc`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node

from .activation import Activation, activation_range, clamped
from .computing import Compute, ComputeReal, Operands, in_float64, quantized
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
    """RELU, RELU6, RELU_N1_TO_1: requantization (exact where the quantization stays) and a clamp."""

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


ClampRule = Callable[[Graph, Node, Mode], ReluParameters]


def clamp_parameters(activation: Activation) -> ClampRule:
    """Parameters of an operator that is an activation (`kernels/activations_common.cc`).

    tflite-micro's RELU6 is a clamp alone, in the input's quantization. LiteRT divides the scales in float32.
    """

    def parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ReluParameters:
        source, output = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
        micro = mode in (Mode.TFLM, Mode.SINGLE)
        if micro and activation is Activation.RELU6:
            output = source
        if micro and activation is not Activation.RELU_N1_TO_1:
            ratio = source.scale / output.scale
        else:
            ratio = float(np.float32(source.scale) / np.float32(output.scale))
        multiplier, shift = quantize_multiplier(ratio)
        low, high = activation_range(activation, output)
        return ReluParameters(
            input_zero_point=source.zero_point,
            output_zero_point=output.zero_point,
            multiplier=multiplier,
            shift=shift,
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
