"""TANH: the hyperbolic tangent."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.graph import Graph, Node, Quantization

from .parts import float32, reading, sigmoid, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.exponential import tanh
from .parts.quantization import fixed, int8
from .parts.tables import in_float32, tabled
from .unary import unary

OUTPUT: Final = Quantization((1 / 128,), (0,))


@dataclass(frozen=True, slots=True)
class Tanh:
    """Reads a tensor; writes its hyperbolic tangent, output scale 1/128 and zero point 0.

    `in_float32`: not in fixed point but in float32, as uint8 models are computed.
    Limits: input scale from 2^−28 to 2^30.
    """

    kind: ClassVar[str] = "TANH"
    in_float32: bool = False


def _check_quantization(graph: Graph, node: Node) -> None:
    fixed(OUTPUT, "1/128 and 0")(graph, node)
    sigmoid.check_scale(graph, node)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.tanh(operands[0])


def _table(graph: Graph, node: Node) -> Int64:
    assert isinstance(node.op, Tanh)
    return (IN_FLOAT32 if node.op.in_float32 else FIXED_POINT)(graph, node)


FIXED_POINT: Final = sigmoid.table(tanh, 7, 0)
IN_FLOAT32: Final = in_float32(float32.tanh)
COMPUTE: Final = tabled(_table)
OPERATOR: Final = unary(
    Tanh,
    activation=Activation.NONE,
    read=reading.without_options(Tanh),
    write=writing.without_fields(0),
    check_quantization=int8(_check_quantization),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OUTPUT,
)
