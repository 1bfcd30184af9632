"""MUL by constants: scales of a batch normalization, folded before a float network is quantized."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph, Node

from .operator import Operator, Storage
from .parts import binary, channels, facts, intervals, reading, rows
from .parts.activation import Activation, clamped
from .parts.computing import Float64, in_float64, refuse_float
from .parts.quantization import OutputScale, float_constants, int8


@dataclass(frozen=True, slots=True)
class Mul:
    """Reads a float32 tensor and a float32 constant of one number or one per channel; writes their product.

    Only float networks have it (scales of a batch normalization); it is folded before they are quantized.
    """

    kind: ClassVar[str] = "MUL"
    activation: Activation


def _read(op: reading.RawOperator) -> Mul:
    op.need(2, 2)
    return Mul(reading.activation(op, 0))


def _refuse_int8(_graph: Graph, node: Node) -> None:
    raise UnsupportedError(f"{node} multiplies int8 tensors", "multiply before the model is quantized")


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    assert isinstance(node.op, Mul)
    return clamped(operands[0] * operands[1], node.op.activation)


OPERATOR: Final = Operator(
    operation=Mul,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=binary.write(21),
    check=binary.check_constant_operand,
    check_quantization=int8(_refuse_int8, float_constants),
    compute=refuse_float,
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.NONE,
    interval=intervals.no_int8,
    macs=facts.no_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
