"""SOFTMAX by gemmlowp's fixed-point exponential and reciprocal.

Sources: tflite-micro, `kernels/internal/reference/softmax.h`, `kernels/internal/common.h` (GetReciprocal);
gemmlowp, `fixedpoint/fixedpoint.h`. Qi.f: i integer bits, f fraction bits.
"""

from typing import Final

import numpy as np

from depthwise.codegen.fixedpoint import (
    Int64,
    doubling_high_multiply,
    requantize,
    rounding_divide,
    saturating_shift_left,
)
from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.parameters import softmax_parameters

ONE: Final = 2**31 - 1
SUM_INTEGER_BITS: Final = 12
# Behind a sum of 2^28 or more, 512 times exp(0), every score is less than half of 1/256: 0.
LARGEST_SUM: Final = 2**30
# exp(-2^k) in Q0.31 for k = -2 ... 4.
EXP_FACTORS: Final = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)


def compute(graph: Graph, node: Node, logits: Array) -> Array:
    """Softmax over the last axis: int8 in, int8 out (scale 1/256, zero point −128)."""
    p = softmax_parameters(graph, node)
    diff = logits.astype(np.int64) - logits.max(axis=-1, keepdims=True).astype(np.int64)
    alive = diff >= p.diff_min
    exps = exp_negative(requantize(np.where(alive, diff, 0), p.multiplier, p.shift))
    total = np.where(alive, rounding_divide(exps, SUM_INTEGER_BITS), 0).sum(axis=-1, keepdims=True)
    total = np.minimum(total, LARGEST_SUM)
    zeros = 32 - np.ceil(np.log2(total + 1)).astype(np.int64)
    reciprocal = one_over_one_plus((total << zeros) - 2**31)
    bits = SUM_INTEGER_BITS - zeros + 31 - 8
    scores = rounding_divide(doubling_high_multiply(exps, reciprocal), bits)
    clipped: Int64 = np.clip(np.where(alive, scores, 0) - 128, -128, 127)
    return clipped.astype(np.int8)


def exp_negative(x: Int64) -> Int64:
    """exp(x) in Q0.31 of x ≤ 0 in Q5.26."""
    quarter = 1 << 24
    fraction = (x & (quarter - 1)) - quarter
    rest = fraction - x
    result = _exp_small(saturating_shift_left(fraction, 5))
    for k, factor in enumerate(EXP_FACTORS):
        result = np.where(rest & (quarter << k), doubling_high_multiply(result, factor), result)
    return np.where(x == 0, ONE, result)


def _exp_small(x: Int64) -> Int64:
    """exp(x) in Q0.31 of −1/4 ≤ x < 0 in Q0.31: Taylor around −1/8."""
    exp_of_minus_eighth, third = 1895147668, 715827883
    y = x + (1 << 28)
    y2 = doubling_high_multiply(y, y)
    y3 = doubling_high_multiply(y2, y)
    y4 = doubling_high_multiply(y2, y2)
    cubic = doubling_high_multiply(rounding_divide(y4, 2) + y3, third)
    tail = rounding_divide(cubic + y2, 1)
    return exp_of_minus_eighth + doubling_high_multiply(y + tail, exp_of_minus_eighth)


def one_over_one_plus(x: Int64) -> Int64:
    """1 / (1 + x) in Q0.31 of 0 ≤ x < 1 in Q0.31: three Newton steps in Q2.29."""
    half_denominator = (x + ONE + 1) // 2
    y = 1515870810 + doubling_high_multiply(half_denominator, -1010580540)
    for _ in range(3):
        error = (1 << 29) - doubling_high_multiply(half_denominator, y)
        y = y + saturating_shift_left(doubling_high_multiply(y, error), 2)
    return saturating_shift_left(y, 1)
