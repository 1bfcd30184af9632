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

/* The same for all shifts, `left` 0 or `right` 0. */
DW_INLINE int32_t dw_mve_scaled_left(int32_t sum, int32_t multiplier, int32_t left, int32_t right)
{
    return dw_mve_scaled(dw_shift_left(sum, left), multiplier, right, 1);
}

/* What becomes of a sum on a line (codegen/arithmetic/thresholds.py): `bias` is for 256 times the sum, and has all
 * offsets; narrowed to int16, then to int8, saturating. */
DW_INLINE int32_t dw_mve_on_line(int32_t sum, int32_t bias, int32_t multiplier)
{
    const int32_t sum256 = (int32_t)(((uint32_t)sum << 8) + (uint32_t)bias);
    const int32_t upper = (int32_t)(((int64_t)sum256 * multiplier) >> 32);
    return dw_clamped(dw_clamped(upper >> 12, INT16_MIN, INT16_MAX), INT8_MIN, INT8_MAX);
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
/* Four words on a line, before they are narrowed; `factor` is 256, `biases` are changed. (VQSHRNB would narrow them at
 * once, but GNU's assembler 2.40 makes VQRSHRNB of it, which rounds.) */
#define DW_MVE_ON_LINE(sums, biases, multipliers, factor) \
    "vmla.s32 " #biases ", " #sums ", " #factor "\n vmulh.s32 " #sums ", " #biases ", " #multipliers "\n" \
    "vshr.s32 " #sums ", " #sums ", #12\n"
/* clang-format on */

#endif
#endif
