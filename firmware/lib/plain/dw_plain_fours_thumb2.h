/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of two pixels side by side (dw_plain_fours.h) in assembly for Thumb-2.
 *
 * Eight products take 14 instructions, an output's scaling 8: sums never leave the registers.
 *
 *     r4-r7 r8-r11   sums of four channels of each pixel     r2 r3   an input of each
 *     r0 r1          inputs of the pixels                    r12     a weight
 *                                                            lr      next weights
 *
 * While sums become outputs: r0 r1 multipliers and shifts, r2 half, r12 a channel's multiplier and shift,
 * lr lower half of a product, correction of a negative one; then r0 r1 clamp, r3 r2 outputs of the pixels.
 * On the stack: 0 runs, 4 their end, 8 length of a run, 12 output, 16 biases, 20 multipliers, 24 shifts,
 * 28 next run, 32 end of this run, 36 next weights, 40 end of the outputs; 80 data, 84 is_signed.
 */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_PLAIN_FOURS_THUMB2_H)
#define DW_PLAIN_FOURS_THUMB2_H

#include "dw_plain_fours_sums.h"
#include "dw_plain_thumb2.h"

#define DW_TOGETHER 2

/* clang-format off */
#define DW_FOURS_PRODUCTS(one, other) \
    "ldrsb r12, [lr], #1\n mla " #one ", r2, r12, " #one "\n mla " #other ", r3, r12, " #other "\n"
#define DW_FOURS_INPUT \
    "ldrsb r2, [r0], #1\n ldrsb r3, [r1], #1\n" DW_FOURS_PRODUCTS(r4, r8) \
    DW_FOURS_PRODUCTS(r5, r9) DW_FOURS_PRODUCTS(r6, r10) DW_FOURS_PRODUCTS(r7, r11)
#define DW_FOURS_SCALED(one, other, rounded) \
    "ldr r12, [r0], #4\n lsl " #one ", " #one ", #2\n lsl " #other ", " #other ", #2\n" \
    "smull lr, " #one ", " #one ", r12\n smull lr, " #other ", " #other ", r12\n" \
    "ldrb r12, [r1], #1\n" DW_THUMB2_SHIFTED(one, rounded) DW_THUMB2_SHIFTED(other, rounded)
#define DW_FOURS_ALL_SCALED(rounded) \
    DW_FOURS_SCALED(r4, r8, rounded) DW_FOURS_SCALED(r5, r9, rounded) \
    DW_FOURS_SCALED(r6, r10, rounded) DW_FOURS_SCALED(r7, r11, rounded)
#define DW_FOURS_STORED(clamped) \
    clamped(r4, r3, 0) clamped(r5, r3, 1) clamped(r6, r3, 2) clamped(r7, r3, 3) \
    clamped(r8, r2, 0) clamped(r9, r2, 1) clamped(r10, r2, 2) clamped(r11, r2, 3)
#define DW_FOURS_PLACES \
    "str r0, [sp, #20]\n str r1, [sp, #24]\n ldr r12, [sp, #80]\n ldr r3, [sp, #12]\n" \
    "ldr r2, [r12, #20]\n add r2, r2, r3\n"

#define DW_FOURS_ROUNDED_OUTPUTS \
    "ldr r12, [sp, #80]\n ldr r2, [r12, #28]\n ldr r0, [sp, #20]\n" \
    "ldr r1, [sp, #24]\n ldr r3, [sp, #84]\n cmp r3, #0\n bne 7f\n" \
    DW_FOURS_ALL_SCALED(DW_THUMB2_PLUS_ONE) DW_FOURS_PLACES DW_FOURS_STORED(DW_THUMB2_SATURATED) \
    "b 8f\n" \
    "7:\n" DW_FOURS_ALL_SCALED(DW_THUMB2_PLUS_SIGN) DW_FOURS_PLACES \
    "ldr r0, [r12, #32]\n ldr r1, [r12, #36]\n" DW_FOURS_STORED(DW_THUMB2_CLAMPED)
/* By numbers of each channel's own, which are at r0. */
#define DW_FOURS_FITTED(one, other) \
    "ldr r1, [r0, #8]\n ldr r12, [r0], #4\n lsl " #one ", " #one ", r1\n lsl " #other ", " #other ", r1\n" \
    "add " #one ", " #one ", r1, lsr #24\n add " #other ", " #other ", r1, lsr #24\n" \
    "smull lr, " #one ", " #one ", r12\n smull lr, " #other ", " #other ", r12\n" DW_THUMB2_FITTED_NUMBERS \
    DW_THUMB2_FITTED(one) DW_THUMB2_FITTED(other)
#define DW_FOURS_FITTED_OUTPUTS \
    "ldr r0, [sp, #20]\n" DW_FOURS_FITTED(r4, r8) DW_FOURS_FITTED(r5, r9) DW_FOURS_FITTED(r6, r10) \
    DW_FOURS_FITTED(r7, r11) DW_FOURS_PLACES "ldr r0, [r12, #32]\n ldr r1, [r12, #36]\n" \
    DW_FOURS_STORED(DW_THUMB2_WITHIN)

#define DW_FOURS_TOGETHER(name, outputs) \
DW_NAKED void name(DW_PARAMETER const struct dw_run *runs, \
    DW_PARAMETER const struct dw_run *end, DW_PARAMETER int length, DW_PARAMETER int8_t *out, \
    DW_PARAMETER const struct dw_dense *data, DW_PARAMETER int is_signed) \
{ \
    DW_CODE( \
        "push {r4-r11, lr}\n sub sp, sp, #44\n str r0, [sp]\n str r1, [sp, #4]\n str r2, [sp, #8]\n" \
        "str r3, [sp, #12]\n ldr r12, [sp, #80]\n ldm r12, {r0, r1, r2, r4}\n mov lr, r0\n" \
        "str r1, [sp, #16]\n str r2, [sp, #20]\n str r4, [sp, #24]\n ldr r1, [r12, #20]\n" \
        "bic r1, r1, #3\n add r1, r1, r3\n str r1, [sp, #40]\n cmp r1, r3\n beq 9f\n" \
        "1: ldr r0, [sp, #16]\n ldm r0!, {r4-r7}\n str r0, [sp, #16]\n mov r8, r4\n mov r9, r5\n" \
        "mov r10, r6\n mov r11, r7\n ldr r12, [sp]\n" \
        "2: ldm r12!, {r0, r1}\n str r12, [sp, #28]\n add r1, r1, r0\n ldr r2, [sp, #8]\n" \
        "bic r3, r2, #3\n add r3, r3, r0\n str r3, [sp, #32]\n cmp r0, r3\n beq 4f\n" \
        "3:\n" DW_FOURS_INPUT DW_FOURS_INPUT DW_FOURS_INPUT DW_FOURS_INPUT \
        "ldr r12, [sp, #32]\n cmp r0, r12\n bne 3b\n" \
        "4: ldr r2, [sp, #8]\n ands r2, r2, #3\n beq 6f\n add r2, r2, r0\n str r2, [sp, #32]\n" \
        "5:\n" DW_FOURS_INPUT "ldr r12, [sp, #32]\n cmp r0, r12\n bne 5b\n" \
        "6: ldr r12, [sp, #28]\n ldr r0, [sp, #4]\n cmp r12, r0\n bne 2b\n" \
        "str lr, [sp, #36]\n" \
        outputs \
        "8: add r3, r3, #4\n str r3, [sp, #12]\n ldr lr, [sp, #36]\n ldr r0, [sp, #40]\n cmp r3, r0\n" \
        "bne 1b\n" \
        "9: add sp, sp, #44\n pop {r4-r11, pc}\n"); \
}
/* clang-format on */

DW_FOURS_TOGETHER(dw_fours_together, DW_FOURS_ROUNDED_OUTPUTS)
DW_FOURS_TOGETHER(dw_fours_together_fitted, DW_FOURS_FITTED_OUTPUTS)

#endif
