/* SPDX-License-Identifier: Apache-2.0 */
/* From sums to int8 outputs on cores without the DSP extension, for layers of which it is known that
 * every sum is smaller than 2^29 and every shift is 1 to 31 to the right (codegen/kernels/plain/scaling.py).
 */
#ifndef DW_PLAIN_H
#define DW_PLAIN_H

#include <stdint.h>

#include "dw_asm.h"
#include "dw_fixedpoint.h"

/* floor(sum * multiplier / 2^30), from products of 16 bits; |sum| < 2^29, 0 <= multiplier. What the
 * lowest product has below bit 16 cannot reach the result: all else is a multiple of 2^16, and so is
 * the divisor. */
DW_INLINE int32_t dw_high_by_pieces(int32_t sum, int32_t multiplier)
{
    const int32_t low = (int16_t)(uint16_t)sum, high = (sum - low) >> 16;
    const int32_t m_low = multiplier & 0xFFFF, m_high = multiplier >> 16;
    const int32_t middle = high * m_low + low * m_high + ((low * m_low) >> 16);
    return 4 * high * m_high + (middle >> 14);
}

/* The same where the upper half of a product of 64 bits takes one or two instructions. */
DW_INLINE int32_t dw_high_by_long(int32_t sum, int32_t multiplier)
{
    return (int32_t)(((int64_t)(4 * sum) * multiplier) >> 32);
}

DW_INLINE int32_t dw_high(int32_t sum, int32_t multiplier)
{
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    return dw_high_by_pieces(sum, multiplier);
#else
    return dw_high_by_long(sum, multiplier);
#endif
}

/* Clamped to -128...127. Armv6-M has no instruction for it: values inside take the short way. */
DW_INLINE int8_t dw_narrowed(int32_t value)
{
#if DW_ASM_THUMB2
    int32_t clamped;
    __asm__("ssat %0, #8, %1" : "=r"(clamped) : "r"(value));
    return (int8_t)clamped;
#elif defined(__ARM_ARCH_6M__)
    const int8_t narrow = (int8_t)value;
    return narrow == value ? narrow : (int8_t)(value < 0 ? INT8_MIN : INT8_MAX);
#else
    return (int8_t)dw_clamped(value, INT8_MIN, INT8_MAX);
#endif
}

/* The output of a sum that is clamped at its zero point and at 127: the second rounding's correction
 * of negative values cannot be seen, they become the zero point with and without it. The first rounding
 * adds 1 to twice its quotient; `shift`, 1...31, is then the layer's own, and the bit that is one too
 * many comes after `half`, 2 * zero_point + 1, which adds half of the divisor and the zero point. */
DW_INLINE int8_t dw_scaled_sum(int32_t sum, int32_t multiplier, int shift, int32_t half)
{
    return dw_narrowed((((dw_high(sum, multiplier) + 1) >> shift) + half) >> 1);
}

/* Any zero point and clamp: halves are rounded away from zero. For negative sums the correction and the
 * 1 of the first rounding are -1 together; one that is rounded to 0 can bear it, its last bit is below
 * the half that is added. */
DW_INLINE int8_t dw_scaled_sum_signed(
    int32_t sum, int32_t multiplier, int shift, int32_t half, int32_t minimum, int32_t maximum)
{
    const int32_t value = dw_high(sum, multiplier) + ((sum >> 31) | 1);
    return (int8_t)dw_clamped(((value >> shift) + half) >> 1, minimum, maximum);
}

#endif
