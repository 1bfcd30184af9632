"""LOG_SOFTMAX over the last axis, by a fixed-point exponential and logarithm.

Sources: tflite-micro, `kernels/log_softmax.cc`, `kernels/internal/reference/log_softmax.h`,
`kernels/internal/quantization_util.cc` (PreprocessLogSoftmaxScalingExp).
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode, quantize_multiplier, requantize, rounding_divide
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node, Quantization

from .operator import Operator, Storage
from .parts import channels, facts, float32, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, by_type, in_float64
from .parts.exponential import exp_negative
from .parts.hints import CONVERT
from .parts.logarithm import logarithm
from .parts.quantization import fixed, int8, quantization_of
from .softmax import SUM_INTEGER_BITS, scaling

MOST: Final = 2**SUM_INTEGER_BITS - 1  # a sum of so many exponentials has 12 integer bits
LEAST_SCALE: Final = 2.0**-24
OUTPUT: Final = Quantization((16 / 256,), (127,))
OUTPUT_SHIFT: Final = 22  # from 26 bits behind the point to 4


@dataclass(frozen=True, slots=True)
class LogSoftmax:
    """Reads a tensor; writes the logarithm of its softmax over the last axis, output scale 1/16 and zero point 127.

    Limits: at most 4,095 values along the axis, input scale 2^−24 or more.
    """

    kind: ClassVar[str] = "LOG_SOFTMAX"


@dataclass(frozen=True, slots=True)
class LogSoftmaxParameters:
    """As of SOFTMAX, and from Q5.26 back to the input's scale."""

    multiplier: int
    shift: int
    diff_min: int
    reverse_multiplier: int
    reverse_shift: int


def log_softmax_parameters(graph: Graph, node: Node) -> LogSoftmaxParameters:
    """Parameters of LOG_SOFTMAX."""
    p = scaling(quantization_of(graph.inputs_of(node)[0]).scale)
    reverse = quantize_multiplier(2.0 ** (31 - p.shift) / p.multiplier)
    return LogSoftmaxParameters(p.multiplier, p.shift, p.diff_min, *reverse)


def _check(graph: Graph, node: Node) -> None:
    shapes.check_same_shape(graph, node)
    depth = graph.output_of(node).shape[-1]
    if depth > MOST:
        raise UnsupportedError(
            f"{node} is taken over {depth:,} values, at most {MOST:,} are added up", "leave it out: the order stays"
        )


def _check_quantization(graph: Graph, node: Node) -> None:
    fixed(OUTPUT, "16/256 and 127")(graph, node)
    scale = quantization_of(graph.inputs_of(node)[0]).scale
    if scale < LEAST_SCALE:
        raise UnsupportedError(f"{node} has input scale {scale:.4g}, it must be at least {LEAST_SCALE:.4g}", CONVERT)


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    p, logits = log_softmax_parameters(graph, node), operands[0].astype(np.int64)
    diff = logits - logits.max(axis=-1, keepdims=True)
    alive = diff >= p.diff_min
    scaled = requantize(np.where(alive, diff, 0), p.multiplier, p.shift)
    powers = rounding_divide(exp_negative(scaled), SUM_INTEGER_BITS)
    total = np.where(alive, powers, 0).sum(axis=-1, keepdims=True)
    log_of_total = logarithm(total, SUM_INTEGER_BITS)
    least = requantize(log_of_total - 2**31, p.reverse_multiplier, p.reverse_shift)
    written = diff > np.maximum(p.diff_min - 1, least)
    levels = rounding_divide(scaled - log_of_total, OUTPUT_SHIFT) + 127
    return np.where(written, np.clip(levels, -128, 127), -128).astype(np.int8)


def _compute_float(_graph: Graph, _node: Node, operands: Operands, _mode: Mode) -> Array:
    return float32.log_softmax(operands[0])


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    centred = operands[0] - operands[0].max(axis=-1, keepdims=True)
    return np.asarray(centred - np.log(np.exp(centred).sum(axis=-1, keepdims=True)))


OPERATOR: Final = Operator(
    operation=LogSoftmax,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(LogSoftmax),
    write=writing.without_fields(36),
    check=_check,
    check_quantization=int8(_check_quantization),
    compute=by_type(_compute, _compute_float),
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OUTPUT,
    interval=intervals.widest,
    macs=facts.no_macs,
    weights=None,
    rows=rows.row_of_image,
    storage=Storage.OVERWRITES,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
