"""LEAKY_RELU: negative values times a constant.

Sources: tflite-micro, `kernels/leaky_relu_common.cc`, `kernels/internal/reference/leaky_relu.h`.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode, quantize_multiplier, requantize
from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar
from depthwise.codegen.graph import Array, Graph, Node

from .parts import reading, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64
from .parts.quantization import OutputScale, bridged, int8, quantization_of, rescaled
from .parts.tables import EVERY_VALUE, tabled
from .unary import unary


@dataclass(frozen=True, slots=True)
class LeakyRelu:
    """Reads a tensor; writes x where it is 0 or more and alpha · x elsewhere, in the output's quantization."""

    kind: ClassVar[str] = "LEAKY_RELU"
    alpha: float


def _alpha(node: Node) -> float:
    assert isinstance(node.op, LeakyRelu)
    return node.op.alpha


def _read(op: reading.RawOperator) -> LeakyRelu:
    op.need(1, 1)
    alpha = op.options.real(0, 0.0)
    if not math.isfinite(alpha):
        raise ModelError(f"{op.what} has alpha {alpha}, it must be a number")
    return LeakyRelu(alpha)


def _write(_graph: Graph, node: Node) -> writing.Coded:
    return writing.Coded(1, 75, Fields({0: Scalar("f", _alpha(node))}))


def _slope(graph: Graph, node: Node) -> float:
    """What a negative value is multiplied by."""
    ends = graph.inputs_of(node)[0], graph.output_of(node)
    source, target = (np.float32(quantization_of(t).scale) for t in ends)
    return float(source * np.float32(_alpha(node)) / target)


def _check_quantization(graph: Graph, node: Node) -> None:
    rescaled(graph, node)
    bridged(node, abs(_slope(graph, node)))


def _table(graph: Graph, node: Node) -> Int64:
    image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    x, slope = EVERY_VALUE - image.zero_point, _slope(graph, node)
    straight = requantize(x, *quantize_multiplier(float(np.float32(image.scale) / np.float32(out.scale))))
    leaky = requantize(x, *quantize_multiplier(abs(slope)))
    return np.where(x >= 0, straight, -leaky if slope < 0 else leaky) + out.zero_point


def _table_of_xnnpack(graph: Graph, node: Node) -> Int64:
    """Ratios with 8 bits behind the point, as XNNPACK's QUANTIZE has them; it leaves what is farther off alone."""
    image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
    x, ratio = EVERY_VALUE - image.zero_point, np.float32(image.scale) / np.float32(out.scale)
    ratios = ratio, ratio * np.float32(_alpha(node))
    if not all(1 / 256 <= abs(r) <= 128 for r in ratios):
        return _table(graph, node)
    straight, leaky = (int(np.rint(256 * r)) for r in ratios)
    return ((x * np.where(x >= 0, straight, leaky) + 128) >> 8) + out.zero_point


def _compute(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
    rule = IN_XNNPACK if mode is Mode.XNNPACK else COMPUTE
    return rule(graph, node, operands, mode)


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    x = operands[0]
    return np.where(x >= 0, x, _alpha(node) * x)


COMPUTE: Final = tabled(_table)
IN_XNNPACK: Final = tabled(_table_of_xnnpack)
OPERATOR: Final = unary(
    LeakyRelu,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check_quantization=int8(_check_quantization),
    compute=_compute,
    of_int8=COMPUTE,
    compute_real=in_float64(_compute_real),
    output_quantization=OutputScale.CALIBRATED,
)
