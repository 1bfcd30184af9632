"""gemmlowp's fixed-point exponential and reciprocal. Qi.f: i integer bits, f fraction bits.

Sources: gemmlowp, `fixedpoint/fixedpoint.h`; tflite-micro, `kernels/internal/common.h` (GetReciprocal).
"""

from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import (
    Int64,
    doubling_high_multiply,
    rounding_divide,
    saturating_shift_left,
)

ONE: Final = 2**31 - 1
# exp(-2^k) in Q0.31 for k = -2 ... 4.
EXP_FACTORS: Final = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)


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
