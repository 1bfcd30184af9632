"""gemmlowp's fixed-point exponential, reciprocal and what is made of them. Qi.f: i integer bits, f fraction bits.

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


def exp_negative(x: Int64, integer_bits: int = 5) -> Int64:
    """exp(x) in Q0.31 of x ≤ 0 with 5 or fewer integer bits: Q5.26 unless told."""
    quarter = 1 << (29 - integer_bits)
    fraction = (x & (quarter - 1)) - quarter
    rest = fraction - x
    result = _exp_small(saturating_shift_left(fraction, integer_bits))
    for k, factor in enumerate(EXP_FACTORS[: integer_bits + 2]):
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
    """1 / (1 + x) in Q0.31 of 0 ≤ x < 1 in Q0.31."""
    return saturating_shift_left(_two_over_one_plus(x), 1)


def _two_over_one_plus(x: Int64) -> Int64:
    """2 / (1 + x) in Q2.29 of 0 ≤ x < 1 in Q0.31: three Newton steps."""
    half_denominator = (x + ONE + 1) // 2
    y = 1515870810 + doubling_high_multiply(half_denominator, -1010580540)
    for _ in range(3):
        error = (1 << 29) - doubling_high_multiply(half_denominator, y)
        y = y + saturating_shift_left(doubling_high_multiply(y, error), 2)
    return y


def logistic(x: Int64) -> Int64:
    """1 / (1 + exp(−x)) in Q0.31 of x in Q4.27."""
    positive = one_over_one_plus(exp_negative(-np.abs(x), 4))
    return np.where(x == 0, 1 << 30, np.where(x > 0, positive, ONE - positive))


def tanh(x: Int64) -> Int64:
    """Hyperbolic tangent in Q0.31 of x in Q4.27: (1 − exp(−2x)) / (1 + exp(−2x))."""
    doubled = -np.abs(x)  # −2 · |x| in Q5.26
    size = saturating_shift_left(_two_over_one_plus(exp_negative(doubled)) - (1 << 29), 2)
    return np.where(x == 0, 0, np.where(x < 0, -size, size))
