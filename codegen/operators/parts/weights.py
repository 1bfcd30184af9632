"""Operators with weights: sums of products, then one multiplier and shift per output channel.

Sums of int8 products are taken in float64 by BLAS: every partial sum is an integer far below 2^53, so it is exact in
any order. Sources: tflite-micro, `kernels/kernel_util.cc`, `kernels/fully_connected_common.cc`,
`kernels/internal/reference/integer_ops/conv.h`, `depthwise_conv.h`, `fully_connected.h`.
"""

import operator
from collections.abc import Callable
from dataclasses import Field, dataclass
from functools import lru_cache
from math import prod
from typing import Any, ClassVar, Protocol, TypeGuard, TypeVar

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node, Operation, Quantization, Tensor

from .activation import Activation, activation_range, is_activated
from .border import Border
from .computing import Float64, floats
from .quantization import quantization_of

Bools = NDArray[np.bool_]
Scalar = TypeVar("Scalar", bound=np.generic)
ScaleProduct = Callable[[float, float], float]


class Offset(Protocol):
    """An operation whose weights may have a zero point, as those of uint8 models have."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]

    @property
    def weight_zero_point(self) -> int:
        """What is subtracted from each weight: 0 in models of int8."""


def _is_offset(op: object) -> TypeGuard[Offset]:
    return hasattr(op, "weight_zero_point")


def weight_zero_point(op: Operation) -> int:
    """Zero point of an operation's weights."""
    return op.weight_zero_point if _is_offset(op) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What is known of the weights (operand 1) and biases (operand 2) of an operator.

    `layout` names the axes of the weights: O and I are output and input channels, H and W the kernel's rows and
    columns, 1 has one index. Without I, each output channel reads one input channel. `sums` are those of
    [N, …] of x − zero point and weights, without bias: [N, OH, OW, O] (a matrix: [N, O]). `border` tells by which
    classes of positions biases differ, if they do. `resized` are the attributes for other numbers of input and
    output channels. `product` multiplies the scales of input and weights where all weights have one, in LiteRT.
    """

    layout: str
    sums: Callable[[Graph, Node, Float64, Float64], Float64]
    border: Callable[[Operation], Border | None]
    resized: Callable[[Operation, int, int], Operation]
    product: ScaleProduct

    @property
    def filter_axis(self) -> int:
        """Axis of the output channels."""
        return self.layout.index("O")

    @property
    def mixes(self) -> bool:
        """Tell whether an output channel reads all input channels; else it reads one."""
        return "I" in self.layout

    @property
    def within_filter(self) -> tuple[int, ...]:
        """Axes that are not the output channels'."""
        return tuple(axis for axis in range(len(self.layout)) if axis != self.filter_axis)

    def macs(self, graph: Graph, node: Node) -> int:
        """Multiply-accumulates (OH·OW·O·KH·KW·I for a convolution), taps in the padding included."""
        shape = graph.inputs_of(node)[1].shape
        return graph.output_of(node).elements * prod(shape[axis] for axis in self.within_filter)

    def real(self, graph: Graph, node: Node) -> Float64:
        """Weights as numbers."""
        return floats(graph.inputs_of(node)[1].data) - weight_zero_point(node.op)

    def bias(self, graph: Graph, node: Node) -> Float64:
        """Biases, ready to be added to sums: [O], or [OH, OW, O] where the op has a border."""
        if len(node.inputs) < 3:
            return np.zeros(graph.output_of(node).shape[-1])
        bias = floats(graph.tensors[node.inputs[2]].data)
        border = self.border(node.op)
        return bias if border is None else bias[np.ix_(border.rows, border.columns)]

    def per_input(self, values: Float64, weights: Float64) -> Float64:
        """Values per input channel, of a shape that multiplies the weights."""
        read = weights.shape[-1]
        if self.mixes and read < len(values):  # in groups: a filter reads those of its own
            groups = len(values) // read
            of_filters = np.repeat(values.reshape(groups, read), len(weights) // groups, axis=0)
            return of_filters.reshape(len(weights), *(1,) * (weights.ndim - 2), read)
        return (np.tile if self.mixes else np.repeat)(values, read // len(values))

    def selected(self, op: Operation, values: Array, image: Bools, out: Bools) -> tuple[Array, Operation]:
        """Weights and attributes of chosen input channels [I] and output channels [O] alone."""
        op = self.resized(op, int(image.sum()), int(out.sum()))
        if not self.mixes:
            return values[..., out], op
        return values[out][..., np.tile(image, values.shape[-1] // len(image))], op

    def per_filter(self, values: NDArray[Scalar]) -> NDArray[Scalar]:
        """Values per output channel, of a shape that multiplies the weights."""
        return values.reshape([-1 if axis == self.filter_axis else 1 for axis in range(len(self.layout))])

    def parameters(self, graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ConvParameters:
        """The integers of one layer; for FULLY_CONNECTED's scales in LiteRT see docs/adr/0004-dense-scales.md."""
        product = self.product if mode is Mode.RUY else operator.mul
        image, weights = (graph.tensors[tensor] for tensor in node.inputs[:2])
        return _parameters(image, weights, graph.tensors[node.output], fused(node), product)

    def largest_accumulator(self, graph: Graph, node: Node) -> int:
        """Bound of |Σ w·(x − zp) + b| over all int8 inputs and partial sums, taken as Σ w·x + (b − zp·Σ w) too."""
        read = graph.inputs_of(node)
        zero_point = self.parameters(graph, node).input_zero_point
        bias = read[2] if len(read) > 2 else None
        return _largest(self, read[1], bias, zero_point, weight_zero_point(node.op))


# Kernels, passes and schedules ask for these again and again: they are remembered by the very tensors.
@lru_cache(maxsize=256)
def _largest(known: Weights, weights: Tensor, bias: Tensor | None, zero_point: int, of_weights: int) -> int:
    total = np.abs(floats(weights.data) - of_weights).astype(np.int64).sum(axis=known.within_filter)
    widest = 128 + abs(zero_point)
    offset = np.abs(bias.data.astype(np.int64)) if bias is not None and bias.data is not None else 0
    return int((total * widest + offset).max())


@lru_cache(maxsize=256)
def _parameters(
    image: Tensor, weights: Tensor, output: Tensor, activation: Activation, product: ScaleProduct
) -> ConvParameters:
    source, filters = (quantization_of(t) for t in (image, weights))
    one = len(filters.scales) == 1
    scales = filters.scales * (output.shape[-1] if one else 1)
    return _scaled(source, scales, quantization_of(output), activation, product if one else operator.mul)


@lru_cache(maxsize=256)
def _scaled(
    image: Quantization,
    scales: tuple[float, ...],
    output: Quantization,
    activation: Activation,
    product: ScaleProduct,
) -> ConvParameters:
    """Parameters by all that they depend on; passes make new tensors of the same quantization."""
    factors = tuple(product(image.scale, w) / output.scale for w in scales)
    pairs = [quantize_multiplier(f) for f in factors]
    low, high = activation_range(activation, output)
    ratio = np.float32(image.scale) * np.asarray(scales, np.float32) / np.float32(output.scale)
    return ConvParameters(
        input_zero_point=image.zero_point,
        output_zero_point=output.zero_point,
        minimum=low,
        maximum=high,
        multipliers=tuple(m for m, _ in pairs),
        shifts=tuple(s for _, s in pairs),
        scales=tuple(ratio.astype(float).tolist()),
        factors=factors,
    )


def vectors_of(graph: Graph, node: Node) -> int:
    """How many vectors a matrix is multiplied by, weights [O, I]."""
    return graph.inputs_of(node)[0].elements // graph.inputs_of(node)[1].shape[1]


def groups_of(graph: Graph, node: Node) -> int:
    """In how many groups the channels of an image are, weights [O, KH, KW, channels of a group]."""
    return graph.inputs_of(node)[0].shape[3] // graph.inputs_of(node)[1].shape[3]


def fused(node: Node) -> Activation:
    """Activation fused into a layer with weights."""
    assert is_activated(node.op)
    return node.op.activation


def no_border(_op: Operation) -> Border | None:
    """Biases are the same at every position."""
    return None


def same_attributes(op: Operation, _inputs: int, _outputs: int) -> Operation:
    """Attributes that name no channels."""
    return op


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
