"""The integers that the arithmetic of each operation needs, from scales and zero points.

The golden model and the generated C both take them from here. Shifts follow TensorFlow Lite's sign: positive
is to the left. Sources: tflite-micro, `kernels/kernel_util.cc`, `kernels/add_common.cc`,
`kernels/internal/reference/reduce.h`, `kernels/softmax_common.cc`, `kernels/fully_connected_common.cc`.
"""

import math
import operator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from .fixedpoint import Mode, quantize_multiplier
from .graph import Graph, Node, Quantization, Tensor
from .operations import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Relu6,
    Softmax,
)

LEFT_SHIFT: Final = 20
SOFTMAX_INTEGER_BITS: Final = 5
LARGEST_RADIUS: Final = 2**31 - 1  # no difference of int8 reaches it


@dataclass(frozen=True, slots=True)
class ConvParameters:
    """CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED: one multiplier and shift per output channel.

    `scales` are the float32 factors of the `xnnpack` arithmetic, `factors` those of `float64`.
    """

    input_zero_point: int
    output_zero_point: int
    minimum: int
    maximum: int
    multipliers: tuple[int, ...]
    shifts: tuple[int, ...]
    scales: tuple[float, ...]
    factors: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AddParameters:
    """ADD: both inputs are brought to twice the larger scale, 20 bits up, then to the output's."""

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


@dataclass(frozen=True, slots=True)
class PoolParameters:
    """AVERAGE_POOL_2D, MAX_POOL_2D: the clamp."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class RequantizeParameters:
    """MEAN (the count of positions is folded into the multiplier) and QUANTIZE between 8-bit types."""

    input_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int


@dataclass(frozen=True, slots=True)
class ReluParameters:
    """RELU and RELU6: requantization (exact where the quantization stays) and a clamp."""

    input_zero_point: int
    output_zero_point: int
    multiplier: int
    shift: int
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class SoftmaxParameters:
    """SOFTMAX: input scale in Q5.26, and the difference below which the exponential is 0."""

    multiplier: int
    shift: int
    diff_min: int


def quantization_of(tensor: Tensor) -> Quantization:
    """Quantization of a tensor that validation has found to have one."""
    assert tensor.quantization is not None, tensor.name
    return tensor.quantization


def activation_range(activation: Activation, output: Quantization) -> tuple[int, int]:
    """Clamp of an int8 output: CalculateActivationRangeQuantized (scale in float32, halves away from zero)."""

    def level(real: float) -> int:
        steps = np.float32(real) / np.float32(output.scale)
        return output.zero_point + int(math.copysign(math.floor(abs(float(steps)) + 0.5), steps))

    match activation:
        case Activation.NONE:
            low, high = -128, 127
        case Activation.RELU:
            low, high = level(0.0), 127
        case Activation.RELU6:
            low, high = level(0.0), level(6.0)
        case Activation.RELU_N1_TO_1:
            low, high = level(-1.0), level(1.0)
    return max(-128, low), min(127, high)


def conv_parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ConvParameters:
    """Parameters of a convolution or a matrix.

    LiteRT (`ruy`) multiplies the two scales of a FULLY_CONNECTED with one weight scale in float32 first, as
    tflite-micro did before 2026-08; see docs/adr/0004-dense-scales.md.
    """
    assert isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected)
    source = quantization_of(graph.inputs_of(node)[0])
    weights = quantization_of(graph.inputs_of(node)[1])
    output = quantization_of(graph.output_of(node))
    channels = graph.output_of(node).shape[-1]
    scales = weights.scales * (channels if len(weights.scales) == 1 else 1)
    single = mode is Mode.RUY and isinstance(node.op, FullyConnected) and len(weights.scales) == 1
    product = _product_float32 if single else operator.mul
    factors = tuple(product(source.scale, w) / output.scale for w in scales)
    pairs = [quantize_multiplier(f) for f in factors]
    low, high = activation_range(node.op.activation, output)
    return ConvParameters(
        source.zero_point,
        output.zero_point,
        low,
        high,
        tuple(m for m, _ in pairs),
        tuple(s for _, s in pairs),
        tuple(float(np.float32(source.scale) * np.float32(w) / np.float32(output.scale)) for w in scales),
        factors,
    )


def _product_float32(a: float, b: float) -> float:
    return float(np.float32(a) * np.float32(b))


def add_parameters(graph: Graph, node: Node) -> AddParameters:
    """Parameters of ADD."""
    assert isinstance(node.op, Add)
    a, b = (quantization_of(t) for t in graph.inputs_of(node))
    output = quantization_of(graph.output_of(node))
    twice = 2 * max(a.scale, b.scale)
    return AddParameters(
        a.zero_point,
        *quantize_multiplier(a.scale / twice),
        b.zero_point,
        *quantize_multiplier(b.scale / twice),
        output.zero_point,
        *quantize_multiplier(twice / (2**LEFT_SHIFT * output.scale)),
        *activation_range(node.op.activation, output),
    )


def pool_parameters(graph: Graph, node: Node) -> PoolParameters:
    """Parameters of a pool."""
    assert isinstance(node.op, AveragePool2D | MaxPool2D)
    return PoolParameters(*activation_range(node.op.activation, quantization_of(graph.output_of(node))))


def requantize_parameters(graph: Graph, node: Node) -> RequantizeParameters:
    """Parameters of QUANTIZE between two 8-bit tensors."""
    source, output = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    pair = quantize_multiplier(source.scale / output.scale)
    return RequantizeParameters(source.zero_point, output.zero_point, *pair)


def relu_parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ReluParameters:
    """Parameters of RELU or RELU6 (`kernels/activations_common.cc`; RELU6 there is the clamp alone).

    LiteRT divides the scales in float32.
    """
    plain = requantize_parameters(graph, node)
    if mode not in (Mode.TFLM, Mode.SINGLE):
        source, output = (quantization_of(t).scale for t in (graph.inputs_of(node)[0], graph.output_of(node)))
        multiplier, shift = quantize_multiplier(float(np.float32(source) / np.float32(output)))
        plain = replace(plain, multiplier=multiplier, shift=shift)
    activation = Activation.RELU6 if isinstance(node.op, Relu6) else Activation.RELU
    low, high = activation_range(activation, quantization_of(graph.output_of(node)))
    return ReluParameters(plain.input_zero_point, plain.output_zero_point, plain.multiplier, plain.shift, low, high)


def mean_parameters(graph: Graph, node: Node) -> RequantizeParameters:
    """Parameters of MEAN over height and width (QuantizedMeanOrSum)."""
    plain = requantize_parameters(graph, node)
    _, height, width, _ = graph.inputs_of(node)[0].shape
    count = height * width
    bits = min(count.bit_length() - 1, 32, 31 + plain.shift)
    multiplier = (plain.multiplier << bits) // count
    return RequantizeParameters(plain.input_zero_point, plain.output_zero_point, multiplier, plain.shift - bits)


def softmax_parameters(graph: Graph, node: Node) -> SoftmaxParameters:
    """Parameters of SOFTMAX (PreprocessSoftmaxScaling, CalculateInputRadius)."""
    assert isinstance(node.op, Softmax)
    scale = quantization_of(graph.inputs_of(node)[0]).scale
    real = min(node.op.beta * scale * 2 ** (31 - SOFTMAX_INTEGER_BITS), 2**31 - 1.0)
    multiplier, shift = quantize_multiplier(real)
    radius = (2**SOFTMAX_INTEGER_BITS - 1) * 2.0 ** (31 - SOFTMAX_INTEGER_BITS) / 2.0**shift
    return SoftmaxParameters(multiplier, shift, max(-math.floor(radius), -LARGEST_RADIUS))
