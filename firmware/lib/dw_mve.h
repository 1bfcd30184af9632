/* Vectors of the Arm M-profile vector extension (Helium: Cortex-M55, M85), and the same in plain C.
 *
 * Armv8-M Architecture Reference Manual (DDI 0553), C2.4. A vector has 128 bits; the plain twins
 * serve every other compiler and are what the tests run under sanitizers.
 */
#ifndef DW_MVE_H
#define DW_MVE_H

#include <stdint.h>

#include "dw_fixedpoint.h"

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#define DW_HAS_MVE 1
#else
#define DW_HAS_MVE 0
#endif

#define DW_MVE_INLINE static inline __attribute__((always_inline))
#define DW_MVE_SHARED static __attribute__((noinline, unused))

#if DW_HAS_MVE

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <arm_mve.h>
#pragma GCC diagnostic pop

typedef int32x4_t dw_mve_words;
typedef int16x8_t dw_mve_halves;
typedef int8x16_t dw_mve_bytes;

DW_MVE_INLINE dw_mve_words dw_mve_load_words(const int32_t *from)
{
    return vldrwq_s32(from);
}

DW_MVE_INLINE dw_mve_words dw_mve_words_of(int32_t a, int32_t b, int32_t c, int32_t d)
{
    dw_mve_words words;
    __asm__("vmov %q0[2], %q0[0], %1, %2\n vmov %q0[3], %q0[1], %3, %4"
            : "=&w"(words)
            : "r"(a), "r"(c), "r"(b), "r"(d));
    return words;
}

/* round(a * b / 2^31), halves upward: `dw_doubling_high_multiply` of each lane. */
DW_MVE_INLINE dw_mve_words dw_mve_high_multiply(dw_mve_words a, dw_mve_words b)
{
    return vqrdmulhq_s32(a, b);
}

/* -1 for every lane where both are negative, else 0. */
DW_MVE_INLINE dw_mve_words dw_mve_both_negative(dw_mve_words a, dw_mve_words b)
{
    return vshrq_n_s32(vandq_s32(a, b), 31);
}

DW_MVE_INLINE dw_mve_words dw_mve_add_words(dw_mve_words a, dw_mve_words b)
{
    return vaddq_s32(a, b);
}

/* round(value / 2^-shift), halves upward; -31 <= shift <= 0. */
DW_MVE_INLINE dw_mve_words dw_mve_round_shift(dw_mve_words value, dw_mve_words shift)
{
    return vrshlq_s32(value, shift);
}

/* Four words brought into -128...127; the first in bytes 0, 4, 8, 12, the others behind it. */
DW_MVE_INLINE dw_mve_bytes dw_mve_weave(
    dw_mve_words a, dw_mve_words b, dw_mve_words c, dw_mve_words d, int zero_point)
{
    int16x8_t even = vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(a), a), c);
    int16x8_t odd = vqmovntq_s32(vqmovnbq_s32(vreinterpretq_s16_s32(b), b), d);
    even = vqaddq_n_s16(even, (int16_t)zero_point);
    odd = vqaddq_n_s16(odd, (int16_t)zero_point);
    return vqmovntq_s16(vqmovnbq_s16(vreinterpretq_s8_s16(even), even), odd);
}

DW_MVE_INLINE dw_mve_bytes dw_mve_clamp_bytes(dw_mve_bytes value, int minimum, int maximum)
{
    return vminq_s8(vmaxq_s8(value, vdupq_n_s8((int8_t)minimum)), vdupq_n_s8((int8_t)maximum));
}

/* Stores the first `count` words, each with the zero point added and clamped, as bytes. */
DW_MVE_INLINE void dw_mve_store_clamped(
    int8_t *to, dw_mve_words value, int zero_point, int minimum, int maximum, int count)
{
    value = vqaddq_n_s32(value, zero_point);
    value = vminq_s32(vmaxq_s32(value, vdupq_n_s32(minimum)), vdupq_n_s32(maximum));
    if (count < 4) {
        vstrbq_p_s32(to, value, vctp32q((uint32_t)count));
    } else {
        vstrbq_s32(to, value);
    }
}

/* The first `count` bytes, at most 16; the others 0. */
DW_MVE_INLINE dw_mve_bytes dw_mve_load_bytes(const int8_t *from, int count)
{
    return count < 16 ? vldrbq_z_s8(from, vctp8q((uint32_t)count)) : vldrbq_s8(from);
}

DW_MVE_INLINE void dw_mve_store_bytes(int8_t *to, dw_mve_bytes value, int count)
{
    if (count < 16) {
        vstrbq_p_s8(to, value, vctp8q((uint32_t)count));
    } else {
        vstrbq_s8(to, value);
    }
}

/* Products of bytes 0, 2, 4, ... 14. */
DW_MVE_INLINE dw_mve_halves dw_mve_even_products(dw_mve_bytes a, dw_mve_bytes b)
{
    return vmullbq_int_s8(a, b);
}

/* Products of bytes 1, 3, 5, ... 15. */
DW_MVE_INLINE dw_mve_halves dw_mve_odd_products(dw_mve_bytes a, dw_mve_bytes b)
{
    return vmulltq_int_s8(a, b);
}

DW_MVE_INLINE dw_mve_halves dw_mve_add_halves(dw_mve_halves a, dw_mve_halves b)
{
    return vaddq_s16(a, b);
}

/* Adds halves 0, 2, 4, 6. */
DW_MVE_INLINE dw_mve_words dw_mve_add_even(dw_mve_words sum, dw_mve_halves halves)
{
    return vaddq_s32(sum, vmovlbq_s16(halves));
}

/* Adds halves 1, 3, 5, 7. */
DW_MVE_INLINE dw_mve_words dw_mve_add_odd(dw_mve_words sum, dw_mve_halves halves)
{
    return vaddq_s32(sum, vmovltq_s16(halves));
}

#else
#include "dw_mve_twin.h"
#endif

/* What becomes of sums: `dw_rescale_value` of each lane for shifts of 0 and to the right, which are
 * negative here. With `is_signed` 0, halves are rounded upward: the same behind a clamp at or above
 * the zero point, since only negative values differ and all of these are at most 0 either way. */
DW_MVE_INLINE dw_mve_words dw_mve_scale(
    dw_mve_words sums, const int32_t *multipliers, const int32_t *shifts, int is_signed)
{
    const dw_mve_words shift = dw_mve_load_words(shifts);
    dw_mve_words value = dw_mve_high_multiply(sums, dw_mve_load_words(multipliers));
    if (is_signed) {
        value = dw_mve_add_words(value, dw_mve_both_negative(value, shift));
    }
    return dw_mve_round_shift(value, shift);
}

#endif
