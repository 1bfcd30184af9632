/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of the Arm M-profile vector extension (Helium: Cortex-M55, M85), and the same in plain C.
 *
 * Armv8-M Architecture Reference Manual (DDI 0553), C2.4. A vector has 128 bits; the plain twins
 * serve every other compiler and are what the tests run under sanitizers.
 */
#ifndef DW_MVE_H
#define DW_MVE_H

#include <stdint.h>

#include "dw_fixedpoint.h"

/* Without optimization a register is the frame pointer's, and the assembly needs them all. */
#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1) && defined(__OPTIMIZE__)
#define DW_HAS_MVE 1
#else
#define DW_HAS_MVE 0
#endif

#if DW_HAS_MVE

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <arm_mve.h>
#pragma GCC diagnostic pop

typedef int32x4_t dw_mve_words;
typedef int8x16_t dw_mve_bytes;

DW_INLINE dw_mve_words dw_mve_load_words(const int32_t *from)
{
    return vldrwq_s32(from);
}

/* The first `count` of four int8, widened. */
DW_INLINE dw_mve_words dw_mve_load_widened(const int8_t *from, int count)
{
    return count < 4 ? vldrbq_z_s32(from, vctp32q((uint32_t)count)) : vldrbq_s32(from);
}

/* (value - less) * 2^20. */
DW_INLINE dw_mve_words dw_mve_raise(dw_mve_words value, int32_t less)
{
    return vshlq_n_s32(vsubq_n_s32(value, less), 20);
}

DW_INLINE dw_mve_words dw_mve_words_of(int32_t a, int32_t b, int32_t c, int32_t d)
{
    dw_mve_words words;
    __asm__("vmov %q0[2], %q0[0], %1, %2\n vmov %q0[3], %q0[1], %3, %4"
            : "=&w"(words)
            : "r"(a), "r"(c), "r"(b), "r"(d));
    return words;
}

/* round(a * b / 2^31), halves upward: `dw_doubling_high_multiply` of each lane. */
DW_INLINE dw_mve_words dw_mve_high_multiply(dw_mve_words a, dw_mve_words b)
{
    return vqrdmulhq_s32(a, b);
}

/* -1 for every lane where both are negative, else 0. */
DW_INLINE dw_mve_words dw_mve_both_negative(dw_mve_words a, dw_mve_words b)
{
    return vshrq_n_s32(vandq_s32(a, b), 31);
}

DW_INLINE dw_mve_words dw_mve_add_words(dw_mve_words a, dw_mve_words b)
{
    return vaddq_s32(a, b);
}

/* round(value / 2^-shift), halves upward; -31 <= shift <= 0. */
DW_INLINE dw_mve_words dw_mve_round_shift(dw_mve_words value, dw_mve_words shift)
{
    return vrshlq_s32(value, shift);
}

/* Four words brought into -128...127; the first in bytes 0, 4, 8, 12, the others behind it. */
DW_INLINE dw_mve_bytes dw_mve_weave(
    dw_mve_words a, dw_mve_words b, dw_mve_words c, dw_mve_words d, int zero_point)
{
    __asm__("vqmovnb.s32 %q0, %q0\n vqmovnt.s32 %q0, %q2\n vqadd.s16 %q0, %q0, %4\n"
            "vqmovnb.s32 %q1, %q1\n vqmovnt.s32 %q1, %q3\n vqadd.s16 %q1, %q1, %4\n"
            "vqmovnb.s16 %q0, %q0\n vqmovnt.s16 %q0, %q1"
            : "+w"(a), "+w"(b)
            : "w"(c), "w"(d), "r"(zero_point));
    return vreinterpretq_s8_s32(a);
}

DW_INLINE dw_mve_bytes dw_mve_clamp_bytes(dw_mve_bytes value, int minimum, int maximum)
{
    return vminq_s8(vmaxq_s8(value, vdupq_n_s8((int8_t)minimum)), vdupq_n_s8((int8_t)maximum));
}

DW_INLINE dw_mve_words dw_mve_same_words(int32_t value)
{
    return vdupq_n_s32(value);
}

/* Each word with the zero point added, clamped. */
DW_INLINE dw_mve_words dw_mve_clamp_words(
    dw_mve_words value, int32_t zero_point, dw_mve_words minimum, dw_mve_words maximum)
{
    return vminq_s32(vmaxq_s32(vqaddq_n_s32(value, zero_point), minimum), maximum);
}

/* Stores the lowest byte of the first `count` words. */
DW_INLINE void dw_mve_store_words(int8_t *to, dw_mve_words value, int count)
{
    if (count < 4) {
        vstrbq_p_s32(to, value, vctp32q((uint32_t)count));
    } else {
        vstrbq_s32(to, value);
    }
}

DW_INLINE void dw_mve_store_bytes(int8_t *to, dw_mve_bytes value, int count)
{
    if (count < 16) {
        vstrbq_p_s8(to, value, vctp8q((uint32_t)count));
    } else {
        vstrbq_s8(to, value);
    }
}

#else
#include "dw_mve_twin.h"
#endif

/* What becomes of sums: `dw_rescale_value` of each lane for shifts of 0 and to the right, which are
 * negative here. With `is_signed` 0, halves are rounded upward: the same behind a clamp at or above
 * the zero point, since only negative values differ and all of these are at most 0 either way. */
DW_INLINE dw_mve_words dw_mve_scale_words(
    dw_mve_words sums, dw_mve_words multiplier, dw_mve_words shift, int is_signed)
{
    dw_mve_words value = dw_mve_high_multiply(sums, multiplier);
    if (is_signed) {
        value = dw_mve_add_words(value, dw_mve_both_negative(value, shift));
    }
    return dw_mve_round_shift(value, shift);
}

DW_INLINE dw_mve_words dw_mve_scale(
    dw_mve_words sums, const int32_t *multipliers, const int32_t *shifts, int is_signed)
{
    return dw_mve_scale_words(
        sums, dw_mve_load_words(multipliers), dw_mve_load_words(shifts), is_signed);
}

#endif
