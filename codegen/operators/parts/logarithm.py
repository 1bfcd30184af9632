"""TensorFlow Lite's fixed-point logarithm.

Source: tflite-micro, `kernels/internal/common.h` (log_x_for_x_greater_than_or_equal_to_1).
"""

from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import (
    Int64,
    doubling_high_multiply,
    rounding_divide,
    saturating_shift_left,
)

from .exponential import one_over_one_plus

# Q0.31
LOG_2: Final = 1488522236
SQRT_HALF: Final = 1518500250
FOURTH_ROOT_HALF: Final = 1805811301
# What the quotient that approximates the logarithm near 2^(−1/4) is made of, Q0.31.
NUMERATOR_SQUARE: Final = 117049297
DENOMINATOR_SQUARE: Final = 127690142
DENOMINATOR: Final = 1057819769
DENOMINATOR_LINEAR: Final = 638450708
POWER_BITS: Final = 25  # of exponents of 2 behind the point: Q6.25
QUARTER: Final = 1 << (POWER_BITS - 2)


def leading_zeros(value: Int64) -> Int64:
    """Zero bits above the highest one of positive int32."""
    return 32 - np.ceil(np.log2(value + 1)).astype(np.int64)


def logarithm(x: Int64, integer_bits: int) -> Int64:
    """log(x) in Q5.26 of x ≥ 1 with so many integer bits."""
    fraction, power = _split(x, integer_bits)
    middle = (fraction + FOURTH_ROOT_HALF + 1) >> 1
    away = 2 * (fraction - FOURTH_ROOT_HALF)
    square = doubling_high_multiply(away, away)
    cubic = doubling_high_multiply(doubling_high_multiply(away, square), NUMERATOR_SQUARE)
    numerator = doubling_high_multiply(away, fraction) + cubic
    inner = DENOMINATOR + away + doubling_high_multiply(square, DENOMINATOR_SQUARE)
    denominator = doubling_high_multiply(middle, inner) + doubling_high_multiply(away, DENOMINATOR_LINEAR)
    quotient = doubling_high_multiply(rounding_divide(numerator, 6), one_over_one_plus(denominator))
    return saturating_shift_left(doubling_high_multiply(power, LOG_2) + quotient, 1)


def _split(x: Int64, integer_bits: int) -> tuple[Int64, Int64]:
    """X as fraction · 2^power, the fraction from √½ · ½^¼ to ½^¼ or so, in Q0.31; the power in Q6.25."""
    zeros = leading_zeros(x)
    above = doubling_high_multiply(x << (zeros - 1), SQRT_HALF) << 1
    zeros_of_half = leading_zeros(doubling_high_multiply(x, SQRT_HALF)) - 1
    below = np.minimum(x << zeros_of_half, 2**31 - 1)
    power_above = ((integer_bits - zeros) << POWER_BITS) + QUARTER
    power_below = ((integer_bits - zeros_of_half) << POWER_BITS) - QUARTER
    return np.minimum(above, below), np.maximum(power_above, power_below)
