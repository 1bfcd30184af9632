/* SPDX-License-Identifier: Apache-2.0 */
/* From sums to outputs by numbers of each channel's own, where a layer has a channel that is shifted to the left,
 * or whose sums are too large for any other form (codegen/kernels/fitted.py). */
#ifndef DW_FITTED_H
#define DW_FITTED_H

#include "dw_fixedpoint.h"

/* The upper half of a product of 64 bits; 0 <= multiplier. Armv6-M builds it from products of 16 bits: a signed
 * and an unsigned one fit into 32 with what is carried. */
DW_INLINE int32_t dw_fitted_upper(int32_t value, int32_t multiplier)
{
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
    const uint32_t low = (uint32_t)value & 0xFFFF, m_low = (uint32_t)multiplier & 0xFFFF;
    const int32_t high = value >> 16, m_high = multiplier >> 16;
    const int32_t middle = high * (int32_t)m_low + (int32_t)(low * m_low >> 16);
    const int32_t carried = (int32_t)((uint32_t)middle & 0xFFFF) + (int32_t)low * m_high;
    return high * m_high + (middle >> 16) + (carried >> 16);
#else
    return (int32_t)(((int64_t)value * multiplier) >> 32);
#endif
}

/* Bytes of `packed`, the lowest first: shifts to the left and to the right, what is added to a negative product,
 * what the bias of 2^left times the sum has more than that of the sum. */
DW_INLINE int8_t dw_fitted_output(int32_t wide, int32_t multiplier, int32_t offset, uint32_t packed,
    int32_t minimum, int32_t maximum)
{
    const int32_t upper = dw_fitted_upper(wide, multiplier);
    const int32_t correction = (int8_t)(uint8_t)(packed >> 16) & upper >> 31;
    return (int8_t)dw_clamped(
        (upper + offset + correction) >> (packed >> 8 & 0xFF), minimum, maximum);
}

/* 2^left times a sum, and a bias for that. */
DW_INLINE int32_t dw_fitted_wide(uint32_t sum, uint32_t bias, uint32_t packed)
{
    return (int32_t)((sum << (packed & 0xFF)) + bias);
}

#endif
