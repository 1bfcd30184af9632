/* SPDX-License-Identifier: Apache-2.0 */
/* From upper halves of products to outputs in assembly for Thumb-2: dw_scaled_sum and its kin (dw_plain.h).
 *
 * r12 is a channel's shift, r2 half, lr the correction of a negative sum, whose upper half is negative as
 * well; r0 and r1 are the ends of the clamp.
 */
#ifndef DW_PLAIN_THUMB2_H
#define DW_PLAIN_THUMB2_H

/* clang-format off */
#define DW_THUMB2_PLUS_ONE(sum) "add " #sum ", " #sum ", #1\n"
#define DW_THUMB2_PLUS_SIGN(sum) \
    "asr lr, " #sum ", #31\n orr lr, lr, #1\n add " #sum ", " #sum ", lr\n"
#define DW_THUMB2_SHIFTED(sum, rounded) \
    rounded(sum) "asr " #sum ", " #sum ", r12\n add " #sum ", " #sum ", r2\n"
#define DW_THUMB2_SATURATED(sum, out, k) \
    "ssat " #sum ", #8, " #sum ", asr #1\n strb " #sum ", [" #out ", #" #k "]\n"
#define DW_THUMB2_CLAMPED(sum, out, k) "asr " #sum ", " #sum ", #1\n" DW_THUMB2_WITHIN(sum, out, k)
#define DW_THUMB2_WITHIN(sum, out, k) \
    "cmp " #sum ", r0\n it lt\n movlt " #sum ", r0\n" \
    "cmp " #sum ", r1\n it gt\n movgt " #sum ", r1\n strb " #sum ", [" #out ", #" #k "]\n"
/* Numbers of each channel's own (dw_fitted.h): r0, behind the multiplier, is moved on to the next ones; r1 offset, r3
 * correction, r12 shift. */
#define DW_THUMB2_FITTED_NUMBERS "ldrsb r3, [r0, #6]\n ldrb r12, [r0, #5]\n ldr r1, [r0], #8\n"
#define DW_THUMB2_FITTED(sum) \
    "and lr, r3, " #sum ", asr #31\n add " #sum ", " #sum ", r1\n add " #sum ", " #sum ", lr\n" \
    "asr " #sum ", " #sum ", r12\n"
/* clang-format on */

#endif
