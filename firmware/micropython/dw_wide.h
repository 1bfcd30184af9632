/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic that small cores have no instruction for, out of 32-bit additions and 16-bit products. */
#ifndef DW_WIDE_H
#define DW_WIDE_H

#include <stdint.h>

/* The lowest 64 bits of a product; the same with sign and without. */
static inline uint64_t dw_multiply(uint64_t a, uint64_t b)
{
    const uint32_t a_low = (uint32_t)a, a_high = (uint32_t)(a >> 32);
    const uint32_t b_low = (uint32_t)b, b_high = (uint32_t)(b >> 32);
    const uint32_t a0 = a_low & 0xFFFF, a1 = a_low >> 16, b0 = b_low & 0xFFFF, b1 = b_low >> 16;
    const uint32_t lowest = a0 * b0, middle = a1 * b0 + (lowest >> 16);
    const uint32_t other = a0 * b1 + (middle & 0xFFFF);
    const uint32_t low = other << 16 | (lowest & 0xFFFF);
    const uint32_t high = a1 * b1 + (middle >> 16) + (other >> 16);
    return (uint64_t)(high + a_low * b_high + a_high * b_low) << 32 | low;
}

/* Quotient in the lower half, remainder in the upper one; by 0 the quotient is 0. */
static inline uint64_t dw_divide(uint32_t dividend, uint32_t divisor)
{
    uint32_t quotient = 0, bit = 1;
    if (divisor == 0) {
        return (uint64_t)dividend << 32;
    }
    while (divisor < dividend && divisor >> 31 == 0) {
        divisor <<= 1;
        bit <<= 1;
    }
    for (; bit != 0; bit >>= 1, divisor >>= 1) {
        if (dividend >= divisor) {
            dividend -= divisor;
            quotient |= bit;
        }
    }
    return (uint64_t)dividend << 32 | quotient;
}

/* The same with sign: towards zero, the remainder has the sign of the dividend. */
static inline uint64_t dw_divide_signed(int32_t dividend, int32_t divisor)
{
    const uint32_t above = dividend < 0 ? 0 - (uint32_t)dividend : (uint32_t)dividend;
    const uint32_t below = divisor < 0 ? 0 - (uint32_t)divisor : (uint32_t)divisor;
    const uint64_t both = dw_divide(above, below);
    const uint32_t quotient = (uint32_t)both, remainder = (uint32_t)(both >> 32);
    const uint32_t q = (dividend ^ divisor) < 0 ? 0 - quotient : quotient;
    const uint32_t r = dividend < 0 ? 0 - remainder : remainder;
    return (uint64_t)r << 32 | q;
}

#endif
