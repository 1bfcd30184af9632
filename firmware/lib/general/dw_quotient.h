/* SPDX-License-Identifier: Apache-2.0 */
/* Division as tflite-micro does it (kernels/internal/reference/div.h), for DIV. */
#ifndef DW_QUOTIENT_H
#define DW_QUOTIENT_H

#include "dw_fixedpoint.h"
#include "dw_softmax.h"

/* numerator / denominator * multiplier / 2^31 * 2^shift; both within +-255, a denominator of 0 is
 * taken for 1, shift <= 23. */
DW_HELPER int32_t dw_quotient(
    int32_t numerator, int32_t denominator, int32_t multiplier, int32_t shift)
{
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    const uint32_t divisor = denominator ? (uint32_t)denominator : 1;
    const uint32_t magnitude = (uint32_t)(numerator < 0 ? ~numerator : numerator);
    const int zeros = dw_leading_zeros(divisor), headroom = dw_leading_zeros(2 * magnitude + 1);
    const int32_t reciprocal = dw_one_over_one_plus((int32_t)((divisor << zeros) & INT32_MAX));
    const int32_t quotient =
        dw_doubling_high_multiply(dw_shift_left(numerator, headroom), reciprocal);
    const int bits = 31 - zeros + headroom - shift;
    return bits > 31 ? 0
                     : dw_rounding_divide(dw_doubling_high_multiply(quotient, multiplier), bits);
}

#endif
