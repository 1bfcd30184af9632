"""ELU: negative values become exp(x) − 1.

Source: tflite-micro, `kernels/elu.cc`, which fills a table of 256 values in float32. Its exponential is that of the C
library, which is not always rounded to the nearest float32; here it is.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Float64, in_float64
from .parts.quantization import OutputScale, bridged, int8, quantization_of
from .parts.tables import in_float32, tabled
from .unary import unary

LARGEST_RATIO: Final = 2.0**23  # 255 times as much is an int32


@dataclass(frozen=True, slots=True)
class Elu:
    """Reads a tensor; writes x where it is 0 or more and exp(x) − 1 elsewhere, in the output's quantization."""

    kind: ClassVar[str] = "ELU"


def _check_quantization(graph: Graph, node: Node) -> None:
    before, after = (quantization_of(t).scale for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    bridged(node, max(before, 1 / 255) / after, LARGEST_RATIO)


def _elu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(np.minimum(x, 0).astype(np.float64)).astype(np.float32)
    return np.where(x < 0, powers - np.float32(1), x)


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    x = operands[0]
    return np.where(x >= 0, x, np.expm1(np.minimum(x, 0)))


COMPUTE: Final = tabled(in_float32(_elu))
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
