"""TANH: the hyperbolic tangent."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.graph import Graph, Node, Quantization

from .parts import reading, sigmoid, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.exponential import tanh
from .parts.quantization import fixed, int8
from .parts.tables import tabled
from .unary import unary

OUTPUT: Final = Quantization((1 / 128,), (0,))


@dataclass(frozen=True, slots=True)
class Tanh:
    """Reads a tensor; writes its hyperbolic tangent, output scale 1/128 and zero point 0.

    Limits: input scale from 2^−28 to 2^30.
    """

    kind: ClassVar[str] = "TANH"


def _check_quantization(graph: Graph, node: Node) -> None:
    fixed(OUTPUT, "1/128 and 0")(graph, node)
    sigmoid.check_scale(graph, node)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.tanh(operands[0])


COMPUTE: Final = tabled(sigmoid.table(tanh, 7, 0))
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
