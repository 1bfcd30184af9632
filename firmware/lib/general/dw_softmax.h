/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point exponential and reciprocal as gemmlowp defines them (fixedpoint/fixedpoint.h), for
 * SOFTMAX.
 *
 * Qi.f: i integer bits, f fraction bits; products of two are dw_doubling_high_multiply.
 */
#ifndef DW_SOFTMAX_H
#define DW_SOFTMAX_H

#include "dw_fixedpoint.h"

/* Sums of exponentials in Q12.19 stop here. Behind 2^28 or more, 512 times exp(0), every score is less
 * than half of 1/256, so 0: how much more does not matter. */
#define DW_LARGEST_SUM (INT32_C(1) << 30)

/* value * 2^bits, saturating: SaturatingRoundingMultiplyByPOT for positive exponents. */
DW_HELPER int32_t dw_saturating_shift_left(int32_t value, int bits)
{
    const int32_t limit = INT32_MAX >> bits;
    if (value > limit) {
        return INT32_MAX;
    }
    return value < -limit - 1 ? INT32_MIN : dw_shift_left(value, bits);
}

/* exp(x) in Q0.31 of x in Q0.31, -1/4 <= x < 0: Taylor around -1/8. */
DW_HELPER int32_t dw_exp_small(int32_t x)
{
    const int32_t exp_of_minus_eighth = 1895147668, third = 715827883;
    const int32_t y = x + (INT32_C(1) << 28);
    const int32_t y2 = dw_doubling_high_multiply(y, y);
    const int32_t y3 = dw_doubling_high_multiply(y2, y);
    const int32_t y4 = dw_doubling_high_multiply(y2, y2);
    const int32_t cubic = dw_doubling_high_multiply(dw_rounding_divide(y4, 2) + y3, third);
    const int32_t tail = dw_rounding_divide(cubic + y2, 1);
    return exp_of_minus_eighth + dw_doubling_high_multiply(exp_of_minus_eighth, y + tail);
}

/* exp(x) in Q0.31 of x <= 0 in Q5.26: exp_on_negative_values. */
DW_HELPER int32_t dw_exp_negative(int32_t x)
{
    static const int32_t factors[] = {
        1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t quarter = INT32_C(1) << 24;
    const int32_t fraction = (x & (quarter - 1)) - quarter;
    const int32_t rest = fraction - x;
    int32_t result = dw_exp_small(dw_saturating_shift_left(fraction, 5));
    for (int i = 0; i < 7; i++) {
        if (rest & (quarter << i)) {
            result = dw_doubling_high_multiply(result, factors[i]);
        }
    }
    return x == 0 ? INT32_MAX : result;
}

/* 1 / (1 + x) in Q0.31 of x in Q0.31, 0 <= x < 1: three Newton steps in Q2.29. */
DW_HELPER int32_t dw_one_over_one_plus(int32_t x)
{
    const int32_t half_denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
    int32_t y = 1515870810 + dw_doubling_high_multiply(half_denominator, -1010580540);
    for (int i = 0; i < 3; i++) {
        const int32_t product = dw_doubling_high_multiply(half_denominator, y);
        const int32_t error = (INT32_C(1) << 29) - product;
        y += dw_saturating_shift_left(dw_doubling_high_multiply(y, error), 2);
    }
    return dw_saturating_shift_left(y, 1);
}

/* Number of zero bits above the highest one; value > 0, which a sum always is: exp(0) is part of it. */
DW_HELPER int dw_leading_zeros(uint32_t value)
{
    int zeros = 0;
    while (!(value & UINT32_C(0x80000000))) {
        value <<= 1;
        zeros++;
    }
    return zeros;
}

#endif
