"""ABS: the magnitude of each value.

Source: tflite-micro, `kernels/elementwise.cc` (AbsEvalQuantized).
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, requantize
from depthwise.codegen.graph import Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.quantization import OutputScale, int8, quantization_of, rescaled
from .parts.tables import EVERY_VALUE, tabled
from .unary import unary


@dataclass(frozen=True, slots=True)
class Abs:
    """Reads a tensor; writes |x| in the output's quantization."""

    kind: ClassVar[str] = "ABS"


def _table(graph: Graph, node: Node) -> Int64:
    image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    size = np.abs(EVERY_VALUE - image.zero_point)
    pair = quantize_multiplier(float(np.float32(image.scale) / np.float32(out.scale)))
    return requantize(size, *pair) + out.zero_point


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.abs(operands[0])


COMPUTE: Final = tabled(_table)
OPERATOR: Final = unary(
    Abs,
    activation=Activation.NONE,
    read=reading.without_options(Abs),
    write=writing.without_fields(78),
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
)
