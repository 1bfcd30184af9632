"""ELU: negative values become exp(x) − 1.

Source: tflite-micro, `kernels/elu.cc`, which fills a table of 256 values in float32. Its exponential is that of the C
library, which is not always rounded to the nearest float32; here it is.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.graph import Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.quantization import OutputScale, bridged, int8, quantization_of
from .parts.tables import EVERY_VALUE, tabled
from .unary import unary

LARGEST_RATIO: Final = 2.0**23  # 255 times as much is an int32


@dataclass(frozen=True, slots=True)
class Elu:
    """Reads a tensor; writes x where it is 0 or more and exp(x) − 1 elsewhere, in the output's quantization."""

    kind: ClassVar[str] = "ELU"


def _check_quantization(graph: Graph, node: Node) -> None:
    before, after = (quantization_of(t).scale for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    bridged(node, max(before, 1 / 255) / after, LARGEST_RATIO)


def _table(graph: Graph, node: Node) -> Int64:
    image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    x = np.float32(image.scale) * (EVERY_VALUE - image.zero_point).astype(np.float32)
    powers = np.exp(np.minimum(x, 0).astype(np.float64)).astype(np.float32)
    values = np.where(x < 0, powers - np.float32(1), x) * (np.float32(1) / np.float32(out.scale))
    steps = values.astype(np.float64)
    rounded = np.copysign(np.floor(np.abs(steps) + 0.5), steps).astype(np.float32)
    return (rounded + np.float32(out.zero_point)).astype(np.int64)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    x = operands[0]
    return np.where(x >= 0, x, np.expm1(np.minimum(x, 0)))


COMPUTE: Final = tabled(_table)
OPERATOR: Final = unary(
    Elu,
    activation=Activation.NONE,
    read=reading.without_options(Elu),
    write=writing.first_version(0),
    check_quantization=int8(_check_quantization),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
)
