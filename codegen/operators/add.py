"""ADD: both inputs are brought to twice the larger scale, 20 bits up, then to the output's."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import binary, channels, facts, reading, rows
from .parts.activation import Activation, activation_range, clamped
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.intervals import Interval, Intervals, within
from .parts.quantization import OutputScale, activation, bridged, float_constants, int8, quantization_of

LEFT_SHIFT: Final = 20


@dataclass(frozen=True, slots=True)
class Add:
    """Reads two tensors of one shape; writes their sum. In a float network one may be a constant, as in `Mul`."""

    kind: ClassVar[str] = "ADD"
    activation: Activation


@dataclass(frozen=True, slots=True, kw_only=True)
class AddParameters:
    """What brings both inputs to one scale, and their sum to the output's."""

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


def add_parameters(graph: Graph, node: Node) -> AddParameters:
    """Parameters of ADD (`kernels/add_common.cc`)."""
    assert isinstance(node.op, Add)
    a, b = (quantization_of(t) for t in graph.inputs_of(node))
    output = quantization_of(graph.output_of(node))
    twice = 2 * max(a.scale, b.scale)
    first, first_shift = quantize_multiplier(a.scale / twice)
    second, second_shift = quantize_multiplier(b.scale / twice)
    multiplier, shift = quantize_multiplier(twice / (2**LEFT_SHIFT * output.scale))
    minimum, maximum = activation_range(node.op.activation, output)
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


def _read(op: reading.RawOperator) -> Add:
    op.need(2, 2)
    return Add(reading.activation(op, 0))


def _check(graph: Graph, node: Node) -> None:
    if not binary.has_two_activations(graph, node):
        binary.check_constant_operand(graph, node)


def _check_quantization(graph: Graph, node: Node) -> None:
    a, b = graph.inputs_of(node)
    activation(node, b)
    twice = 2 * max(quantization_of(a).scale, quantization_of(b).scale)
    bridged(node, twice / (2**LEFT_SHIFT * quantization_of(graph.output_of(node)).scale))


def sum_of(graph: Graph, node: Node, operands: tuple[Array, Array], mode: Mode = Mode.TFLM) -> Array:
    """Sum of two int8 arrays of one shape (`kernels/internal/reference/integer_ops/add.h`)."""
    p = add_parameters(graph, node)

    def raised(value: Array, zero_point: int) -> Int64:
        return (value.astype(np.int64) - zero_point) << LEFT_SHIFT

    a, b = operands
    left = requantize(raised(a, p.input1_zero_point), p.input1_multiplier, p.input1_shift, mode.integer)
    right = requantize(raised(b, p.input2_zero_point), p.input2_multiplier, p.input2_shift, mode.integer)
    scaled = requantize(left + right, p.output_multiplier, p.output_shift, mode.integer) + p.output_zero_point
    return np.clip(scaled, p.minimum, p.maximum).astype(np.int8)


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    return sum_of(graph, node, (operands[0], operands[1]), mode)


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    assert isinstance(node.op, Add)
    return clamped(operands[0] + operands[1], node.op.activation)


def _interval(graph: Graph, node: Node, found: Intervals) -> Interval:
    p = add_parameters(graph, node)
    if max(p.input1_shift, p.input2_shift) > 0 or p.output_shift > 1:
        return within(graph, node, (p.minimum, p.maximum))
    a, b = (found[i] if i in found else _constant(graph.tensors[i].data) for i in node.inputs)
    lower, upper = (sum_of(graph, node, ends) for ends in ((a.lower, b.lower), (a.upper, b.upper)))
    return Interval(lower, upper)


def _constant(data: Array | None) -> Interval:
    assert data is not None
    return Interval(data, data)


OPERATOR: Final = Operator(
    operation=Add,
    activations=facts.two,
    activation=Activation.NONE,
    read=_read,
    write=binary.write(11),
    check=_check,
    check_quantization=int8(_check_quantization, float_constants),
    compute=quantized(_compute),
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=_interval,
    macs=facts.no_macs,
    weights=None,
    rows=rows.same_row,
    storage=Storage.OVERWRITES,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
