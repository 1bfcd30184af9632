/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels for the Arm M-profile vector extension share (Helium: Cortex-M55, M85).
 *
 * Armv8-M Architecture Reference Manual (DDI 0553), C2.4. A vector has 128 bits; vectors 4 to 7 belong
 * to the caller. What assembly does with vectors is said here of single values, in plain C: the twins
 * compute with it, and tests hold it against dw_fixedpoint.h.
 */
#ifndef DW_MVE_H
#define DW_MVE_H

#include <stdint.h>

#include "dw_asm.h"
#include "dw_fixedpoint.h"

/* What becomes of a sum: `dw_rescale_value` for shifts of 0 and to the right, which are negative here.
 * With `is_signed` 0, halves are rounded upward: the same behind a clamp at or above the zero point,
 * since only negative values differ and all of these are at most 0 either way. */
DW_INLINE int32_t dw_mve_scaled(int32_t sum, int32_t multiplier, int32_t shift, int is_signed)
{
    int32_t value = dw_doubling_high_multiply(sum, multiplier);
    if (is_signed) {
        value += (value & shift) >> 31;
    }
    const int64_t half = shift ? INT64_C(1) << (-shift - 1) : 0;
    return (int32_t)((value + half) >> -shift);
}

/* Narrowed to int16, the zero point added, narrowed to int8: saturating each time. */
DW_INLINE int32_t dw_mve_narrowed(int32_t value, int32_t zero_point)
{
    const int32_t half = dw_clamped(value, INT16_MIN, INT16_MAX);
    return dw_clamped(dw_clamped(half + zero_point, INT16_MIN, INT16_MAX), INT8_MIN, INT8_MAX);
}

#if DW_ASM_MVE

/* clang-format off */
/* Four words scaled with vectors of multipliers and of shifts, which are negative; `free` is changed. */
#define DW_MVE_SCALE(sums, multipliers, shifts, free) \
    "vqrdmulh.s32 " #sums ", " #sums ", " #multipliers "\n vrshl.s32 " #sums ", " #sums ", " #shifts "\n"
#define DW_MVE_SCALE_SIGNED(sums, multipliers, shifts, free) \
    "vqrdmulh.s32 " #sums ", " #sums ", " #multipliers "\n vand " #free ", " #sums ", " #shifts "\n" \
    "vshr.s32 " #free ", " #free ", #31\n vadd.i32 " #sums ", " #sums ", " #free "\n" \
    "vrshl.s32 " #sums ", " #sums ", " #shifts "\n"
/* clang-format on */

#endif
#endif
