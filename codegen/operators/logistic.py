"""LOGISTIC: 1 / (1 + exp(−x))."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.graph import Array, Graph, Node, Quantization

from .parts import float32, reading, sigmoid, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, by_type, in_float64
from .parts.exponential import logistic
from .parts.quantization import fixed, int8
from .parts.tables import in_float32, tabled
from .unary import unary

OUTPUT: Final = Quantization((1 / 256,), (-128,))


@dataclass(frozen=True, slots=True)
class Logistic:
    """Reads a tensor; writes 1 / (1 + exp(−x)), output scale 1/256 and zero point −128.

    `in_float32`: not in fixed point but in float32, as uint8 models are computed.
    Limits: input scale from 2^−28 to 2^30.
    """

    kind: ClassVar[str] = "LOGISTIC"
    in_float32: bool = False


def _check_quantization(graph: Graph, node: Node) -> None:
    fixed(OUTPUT, "1/256 and -128")(graph, node)
    sigmoid.check_scale(graph, node)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.asarray(0.5 * (1 + np.tanh(operands[0] / 2)))


def _compute_float(_graph: Graph, _node: Node, operands: Operands, _mode: Mode) -> Array:
    return float32.logistic(operands[0])


def _table(graph: Graph, node: Node) -> Int64:
    assert isinstance(node.op, Logistic)
    return (IN_FLOAT32 if node.op.in_float32 else FIXED_POINT)(graph, node)


FIXED_POINT: Final = sigmoid.table(logistic, 8, -128)
IN_FLOAT32: Final = in_float32(float32.sigmoid)
COMPUTE: Final = tabled(_table)
OPERATOR: Final = unary(
    Logistic,
    activation=Activation.NONE,
    read=reading.without_options(Logistic),
    write=writing.without_fields(0),
    check_quantization=int8(_check_quantization),
    compute=by_type(COMPUTE, _compute_float),
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OUTPUT,
)
