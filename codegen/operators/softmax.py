"""SOFTMAX over the last axis, by a fixed-point exponential and reciprocal."""

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import (
    Int64,
    Mode,
    doubling_high_multiply,
    quantize_multiplier,
    requantize,
    rounding_divide,
)
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Scalar
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization

from .operator import Operator, Storage
from .parts import channels, facts, float32, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, by_type, in_float64
from .parts.exponential import exp_negative, one_over_one_plus
from .parts.hints import CONVERT
from .parts.quantization import activation, fixed, int8, per_tensor, quantization_of

SUM_INTEGER_BITS: Final = 12
SCALED_INTEGER_BITS: Final = 5
LARGEST_RADIUS: Final = 2**31 - 1  # no difference of int8 reaches it
# Behind a sum of 2^28 or more, 512 times exp(0), every score is less than half of 1/256: 0.
LARGEST_SUM: Final = 2**30
OUTPUT: Final = Quantization((1 / 256,), (-128,))
WIDE_SCALE: Final = 0.001  # how far the scale of int16 may be from 1/65536, of that (`kernels/softmax_common.cc`)


@dataclass(frozen=True, slots=True)
class Softmax:
    """Reads a tensor; writes softmax of beta · input over the last axis, output scale 1/256 and zero point −128.

    As int16 the output has scale 1/65536 and zero point −32768.
    """

    kind: ClassVar[str] = "SOFTMAX"
    beta: float


@dataclass(frozen=True, slots=True)
class SoftmaxParameters:
    """Input scale in Q5.26, and the difference below which the exponential is 0."""

    multiplier: int
    shift: int
    diff_min: int


def _beta(node: Node) -> float:
    assert isinstance(node.op, Softmax)
    return node.op.beta


def softmax_parameters(graph: Graph, node: Node) -> SoftmaxParameters:
    """Parameters of SOFTMAX."""
    return scaling(_beta(node) * quantization_of(graph.inputs_of(node)[0]).scale)


def scaling(scale: float) -> SoftmaxParameters:
    """Differences of a scale in Q5.26 (`kernels/softmax_common.cc`: PreprocessSoftmaxScaling, CalculateInputRadius)."""
    real = min(scale * 2 ** (31 - SCALED_INTEGER_BITS), 2**31 - 1.0)
    multiplier, shift = quantize_multiplier(real)
    radius = (2**SCALED_INTEGER_BITS - 1) * 2.0 ** (31 - SCALED_INTEGER_BITS) / 2.0**shift
    return SoftmaxParameters(multiplier, shift, max(-math.floor(radius), -LARGEST_RADIUS))


def _read(op: reading.RawOperator) -> Softmax:
    op.need(1, 1)
    beta = op.options.real(0, 0.0)
    if not 0 < beta < 1e6:
        raise ModelError(f"{op.what} has beta {beta}, it must be positive")
    return Softmax(beta)


def _write(graph: Graph, node: Node) -> writing.Coded:
    return writing.coded(graph, node, 9, {0: Scalar("f", _beta(node))})


def _check_quantization(graph: Graph, node: Node) -> None:
    out = graph.output_of(node)
    if out.dtype is not DType.INT16:
        int8(fixed(OUTPUT, "1/256 and -128"))(graph, node)
        return
    activation(node, graph.inputs_of(node)[0])
    per_tensor(node, out)
    q = quantization_of(out)
    if q.zero_point != -32768 or abs(q.scale * 65536 - 1) >= WIDE_SCALE:
        raise UnsupportedError(f"{node} has output quantization {q}, it must be 1/65536 and -32768", CONVERT)


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    """Softmax over the last axis (`kernels/internal/reference/softmax.h`)."""
    p, logits = softmax_parameters(graph, node), operands[0]
    diff = logits.astype(np.int64) - logits.max(axis=-1, keepdims=True).astype(np.int64)
    alive = diff >= p.diff_min
    exps = exp_negative(requantize(np.where(alive, diff, 0), p.multiplier, p.shift))
    total = np.where(alive, rounding_divide(exps, SUM_INTEGER_BITS), 0).sum(axis=-1, keepdims=True)
    total = np.minimum(total, LARGEST_SUM)
    zeros = 32 - np.ceil(np.log2(total + 1)).astype(np.int64)
    reciprocal = one_over_one_plus((total << zeros) - 2**31)
    limits = np.iinfo(graph.output_of(node).dtype.value)
    bits = SUM_INTEGER_BITS - zeros + 31 - limits.bits
    scores = rounding_divide(doubling_high_multiply(exps, reciprocal), bits)
    clipped: Int64 = np.clip(np.where(alive, scores, 0) + limits.min, limits.min, limits.max)
    return clipped.astype(limits.dtype)


def _compute_float(_graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    return float32.softmax(operands[0], _beta(node))


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    x = operands[0]
    powers: Float64 = np.exp(_beta(node) * (x - x.max(axis=-1, keepdims=True)))
    scores: Float64 = powers / powers.sum(axis=-1, keepdims=True)
    return scores


OPERATOR: Final = Operator(
    operation=Softmax,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=shapes.check_same_shape,
    check_quantization=_check_quantization,
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
