/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point logarithm as TensorFlow Lite defines it (kernels/internal/common.h), for LOG_SOFTMAX.
 *
 * Qi.f: i integer bits, f fraction bits; products of two are dw_doubling_high_multiply.
 */
#ifndef DW_LOG_SOFTMAX_H
#define DW_LOG_SOFTMAX_H

#include "dw_softmax.h"

/* log(x) in Q5.26 of x >= 1 with so many integer bits: log_x_for_x_greater_than_or_equal_to_1. x is
 * split into a fraction near 2^(-1/4) and a power of 2, from above and from below. */
DW_HELPER int32_t dw_logarithm(int32_t x, int integer_bits)
{
    const int32_t log_2 = 1488522236, sqrt_half = 1518500250, fourth_root_half = 1805811301;
    const int32_t quarter = INT32_C(1) << 23; /* Q6.25 */
    const int zeros = dw_leading_zeros((uint32_t)x);
    const int32_t half = dw_doubling_high_multiply(x, sqrt_half);
    const int zeros_of_half = dw_leading_zeros((uint32_t)half) - 1;
    const int32_t scaled = dw_doubling_high_multiply(dw_shift_left(x, zeros - 1), sqrt_half);
    const int32_t above = dw_saturating_shift_left(scaled, 1);
    const int32_t below = dw_saturating_shift_left(x, zeros_of_half);
    const int32_t power_above = dw_shift_left(integer_bits - zeros, 25) + quarter;
    const int32_t power_below = dw_shift_left(integer_bits - zeros_of_half, 25) - quarter;
    const int32_t power = power_above > power_below ? power_above : power_below;
    const int32_t fraction = above < below ? above : below;

    const int32_t middle = (int32_t)(((int64_t)fraction + fourth_root_half + 1) >> 1);
    const int32_t away = 2 * (fraction - fourth_root_half);
    const int32_t square = dw_doubling_high_multiply(away, away);
    const int32_t cubic =
        dw_doubling_high_multiply(dw_doubling_high_multiply(away, square), 117049297);
    const int32_t numerator = dw_doubling_high_multiply(away, fraction) + cubic;
    const int32_t inner = 1057819769 + away + dw_doubling_high_multiply(square, 127690142);
    const int32_t denominator =
        dw_doubling_high_multiply(middle, inner) + dw_doubling_high_multiply(away, 638450708);
    const int32_t quotient = dw_doubling_high_multiply(
        dw_rounding_divide(numerator, 6), dw_one_over_one_plus(denominator));
    return dw_saturating_shift_left(dw_doubling_high_multiply(power, log_2) + quotient, 1);
}

#endif
