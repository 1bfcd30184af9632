/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of pairs of pixels (dw_paired.h) in assembly for Armv7-M.
 *
 * Four inputs of five pixels take 26 instructions for 20 products, of four pixels 20 for 16. Registers:
 *
 *     r4 r5 r6 r7   sums of whole groups and of upper halves, of each pair     r0-r2   words of an input
 *     r9 r10        group of each pair                                          r3      weight
 *     r8            sum of a pixel of its own, or a word                        r11     next words
 *     r12           what a group begins at, which counts down                   lr      stream
 *
 * While sums become outputs: r0 multiplier, r1 r2 r3 biases, r9 what is too much, then the
 * lower half of a product, r12 shift, r10 half;
 * r0 r1 clamp; then r0 where outputs go, r1 channels, r2 three times that.
 * On the stack: 0 output, 4 channels, 8 words, 12 their end, 16 end of the outputs, 20 half, 24 minimum,
 * 28 maximum. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_PAIRED_ASM_H)
#define DW_PAIRED_ASM_H

#include "dw_armv7m.h"
#include "dw_armv7m_asm.h"

/* clang-format off */
#define DW_PAIRED_WEIGHT "ldrsb r3, [lr], #1\n"
#define DW_PAIRED_MLA(sum, word, onto) "mla " #sum ", " #word ", r3, " #onto "\n"
/* Two inputs; groups go on from `a` and `b`. */
#define DW_PAIRED_TWO_1(a, b) \
    "ldm r11!, {r0, r1}\n" DW_PAIRED_WEIGHT DW_PAIRED_MLA(r8, r0, r8) DW_PAIRED_WEIGHT DW_PAIRED_MLA(r8, r1, r8)
#define DW_PAIRED_TWO_2(a, b) \
    "ldm r11!, {r0, r1}\n" DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r0, a) DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r1, r9)
#define DW_PAIRED_TWO_3(a, b) \
    "ldm r11!, {r0, r1, r2, r6}\n" DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r0, a) DW_PAIRED_MLA(r8, r1, r8) \
    DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r2, r9) DW_PAIRED_MLA(r8, r6, r8)
#define DW_PAIRED_TWO_4(a, b) \
    "ldm r11!, {r0, r1, r2, r8}\n" DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r0, a) DW_PAIRED_MLA(r10, r1, b) \
    DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r2, r9) DW_PAIRED_MLA(r10, r8, r10)
#define DW_PAIRED_ONE_5(a, b) \
    "ldm r11!, {r0-r2}\n" DW_PAIRED_WEIGHT DW_PAIRED_MLA(r9, r0, a) DW_PAIRED_MLA(r10, r1, b) \
    DW_PAIRED_MLA(r8, r2, r8)
#define DW_PAIRED_TWO_5(a, b) DW_PAIRED_ONE_5(a, b) DW_PAIRED_ONE_5(r9, r10)
#define DW_PAIRED_GROUP(whole, upper, group) \
    "add " #whole ", " #whole ", " #group "\n add " #upper ", " #upper ", " #group ", asr #16\n"
#define DW_PAIRED_ADDED_1
#define DW_PAIRED_ADDED_2 DW_PAIRED_GROUP(r4, r5, r9)
#define DW_PAIRED_ADDED_3 DW_PAIRED_ADDED_2
#define DW_PAIRED_ADDED_4 DW_PAIRED_ADDED_2 DW_PAIRED_GROUP(r6, r7, r10)
#define DW_PAIRED_ADDED_5 DW_PAIRED_ADDED_4
#define DW_PAIRED_BEGUN_1 "mov r8, #0\n"
#define DW_PAIRED_BEGUN_2 "mov r4, #0\n mov r5, #0\n"
#define DW_PAIRED_BEGUN_3 DW_PAIRED_BEGUN_2 DW_PAIRED_BEGUN_1
#define DW_PAIRED_BEGUN_4 DW_PAIRED_BEGUN_2 "mov r6, #0\n mov r7, #0\n"
#define DW_PAIRED_BEGUN_5 DW_PAIRED_BEGUN_4 DW_PAIRED_BEGUN_1

/* Sums of pixels are r4 and r5, r6 and r7, r8. */
#define DW_PAIRED_LOWER_2 "sub r4, r4, r5, lsl #16\n"
#define DW_PAIRED_LOWER_4 DW_PAIRED_LOWER_2 "sub r6, r6, r7, lsl #16\n"
#define DW_PAIRED_SCALED_1(S) S(r8, r3, r0, r9, r12, r10)
#define DW_PAIRED_PAIR(S, low, high) S(low, r1, r0, r9, r12, r10) S(high, r2, r0, r9, r12, r10)
#define DW_PAIRED_SCALED_2(S) DW_PAIRED_LOWER_2 DW_PAIRED_PAIR(S, r4, r5)
#define DW_PAIRED_SCALED_3(S) DW_PAIRED_SCALED_2(S) DW_PAIRED_SCALED_1(S)
#define DW_PAIRED_SCALED_4(S) DW_PAIRED_LOWER_4 DW_PAIRED_PAIR(S, r4, r5) DW_PAIRED_PAIR(S, r6, r7)
#define DW_PAIRED_SCALED_5(S) DW_PAIRED_SCALED_4(S) DW_PAIRED_SCALED_1(S)
#define DW_PAIRED_WITHIN_1 DW_V7M_WITHIN(r8, r0, r1)
#define DW_PAIRED_WITHIN_2 DW_V7M_WITHIN(r4, r0, r1) DW_V7M_WITHIN(r5, r0, r1)
#define DW_PAIRED_WITHIN_3 DW_PAIRED_WITHIN_2 DW_PAIRED_WITHIN_1
#define DW_PAIRED_WITHIN_4 DW_PAIRED_WITHIN_2 DW_V7M_WITHIN(r6, r0, r1) DW_V7M_WITHIN(r7, r0, r1)
#define DW_PAIRED_WITHIN_5 DW_PAIRED_WITHIN_4 DW_PAIRED_WITHIN_1
/* Biases of both pixels of a pair, without what the sums have too much: r9, of whose bits `groups` are lower ones'. */
#define DW_PAIRED_BIASES_1(bits, factor, groups)
#define DW_PAIRED_BIASES_2(bits, factor, groups) \
    "sub r1, r3, r9, lsl #" #bits "\n lsr r9, r9, #" #groups "\n sub r2, r3, r9, lsl #" #factor "\n"
#define DW_PAIRED_BIASES_3(bits, factor, groups) DW_PAIRED_BIASES_2(bits, factor, groups)
#define DW_PAIRED_BIASES_4(bits, factor, groups) DW_PAIRED_BIASES_2(bits, factor, groups)
#define DW_PAIRED_BIASES_5(bits, factor, groups) DW_PAIRED_BIASES_2(bits, factor, groups)
#define DW_PAIRED_SCALE "ldr r0, [lr], #4\n ldr r3, [lr], #4\n ldr r9, [lr], #4\n"
#define DW_PAIRED_OUTPUTS_line(pixels) \
    DW_PAIRED_SCALE DW_PAIRED_BIASES_##pixels(23, 8, 9) DW_PAIRED_SCALED_##pixels(DW_V7M_ON_LINE)
#define DW_PAIRED_ROUNDED(pixels, S) \
    DW_PAIRED_SCALE "ldr r12, [lr], #4\n ldr r10, [sp, #20]\n" DW_PAIRED_BIASES_##pixels(17, 2, 15) \
    DW_PAIRED_SCALED_##pixels(S)
#define DW_PAIRED_OUTPUTS_signed(pixels) DW_PAIRED_ROUNDED(pixels, DW_V7M_SIGNED)
#define DW_PAIRED_OUTPUTS_clamped(pixels) \
    DW_PAIRED_ROUNDED(pixels, DW_V7M_UNCLAMPED) "ldrd r0, r1, [sp, #24]\n" DW_PAIRED_WITHIN_##pixels

/* By numbers of each channel's own: first r12 shift to the left, r1 r2 r3 biases as above, then r3 offset, r10
 * correction, r12 shift to the right. */
#define DW_PAIRED_OWN_BIASES_1
#define DW_PAIRED_OWN_BIASES_2 \
    "lsl r1, r9, #17\n lsr r1, r1, #2\n lsl r1, r1, r12\n sub r1, r3, r1\n" \
    "lsr r9, r9, #15\n lsl r9, r9, r12\n sub r2, r3, r9\n"
#define DW_PAIRED_OWN_BIASES_3 DW_PAIRED_OWN_BIASES_2
#define DW_PAIRED_OWN_BIASES_4 DW_PAIRED_OWN_BIASES_2
#define DW_PAIRED_OWN_BIASES_5 DW_PAIRED_OWN_BIASES_2
#define DW_PAIRED_OWN(sum) DW_V7M_FITTED(sum, r0, r9, r10, r3, r12)
#define DW_PAIRED_EACH_1(S) S(r8)
#define DW_PAIRED_EACH_2(S) S(r4) S(r5)
#define DW_PAIRED_EACH_3(S) DW_PAIRED_EACH_2(S) S(r8)
#define DW_PAIRED_EACH_4(S) DW_PAIRED_EACH_2(S) S(r6) S(r7)
#define DW_PAIRED_EACH_5(S) DW_PAIRED_EACH_4(S) S(r8)
#define DW_PAIRED_OWN_OUTPUTS(pixels) \
    DW_PAIRED_SCALE "ldrb r12, [lr, #4]\n" DW_PAIRED_OWN_BIASES_##pixels DW_PAIRED_SCALED_##pixels(DW_V7M_WIDE) \
    "ldr r3, [lr], #4\n ldrb r12, [lr, #1]\n ldrsb r10, [lr, #2]\n add lr, lr, #4\n" \
    DW_PAIRED_EACH_##pixels(DW_PAIRED_OWN)
#define DW_PAIRED_OUTPUTS_fitted(pixels) DW_PAIRED_OWN_OUTPUTS(pixels) DW_PAIRED_EACH_##pixels(DW_V7M_SATURATED)
#define DW_PAIRED_OUTPUTS_fitted_clamped(pixels) \
    DW_PAIRED_OWN_OUTPUTS(pixels) "ldrd r0, r1, [sp, #24]\n" DW_PAIRED_WITHIN_##pixels

#define DW_PAIRED_STORED_1 "strb r8, [r0]\n"
#define DW_PAIRED_STORED_2 "strb r4, [r0]\n strb r5, [r0, r1]\n"
#define DW_PAIRED_STORED_3 DW_PAIRED_STORED_2 "strb r8, [r0, r1, lsl #1]\n"
#define DW_PAIRED_STORED_4 \
    DW_PAIRED_STORED_2 "add r2, r1, r1, lsl #1\n strb r6, [r0, r1, lsl #1]\n strb r7, [r0, r2]\n"
#define DW_PAIRED_STORED_5 DW_PAIRED_STORED_4 "strb r8, [r0, r1, lsl #2]\n"

/* Where words end: r9 inputs of so many words each from r0 on. */
#define DW_PAIRED_END_1 "add r9, r0, r9, lsl #2\n"
#define DW_PAIRED_END_2 DW_PAIRED_END_1
#define DW_PAIRED_END_3 "add r9, r0, r9, lsl #3\n"
#define DW_PAIRED_END_4 DW_PAIRED_END_3
#define DW_PAIRED_END_5 "add r9, r9, r9, lsl #1\n" DW_PAIRED_END_1

/* `words` brings r9 to where words end, `begun` is what sums begin with. */
#define DW_PAIRED_CODE(pixels, form) DW_PAIRED_CODE_FROM("", DW_PAIRED_BEGUN_##pixels, pixels, form)
#define DW_PAIRED_CODE_FROM(words, begun, pixels, form) \
    "push {r4-r11, lr}\n sub sp, sp, #36\n ldm r2, {r3-r9}\n mov lr, r3\n strd r1, r5, [sp]\n" \
    DW_PAIRED_END_##pixels words "strd r0, r9, [sp, #8]\n add r5, r5, r1\n strd r5, r6, [sp, #16]\n" \
    "strd r7, r8, [sp, #24]\n" \
    "1: ldr r11, [sp, #8]\n" begun \
    "2: ldrsb r3, [lr], #1\n lsl r12, r3, #16\n subs r12, r12, #32768\n bmi 4f\n" \
    "3:\n" DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_TWO_##pixels(r9, r10) DW_PAIRED_ADDED_##pixels \
    "subs r12, r12, #65536\n bpl 3b\n" \
    "4: add r12, r12, #65536\n" DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_ADDED_##pixels \
    DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_ADDED_##pixels \
    "ldr r3, [sp, #12]\n cmp r11, r3\n bne 2b\n" \
    DW_PAIRED_OUTPUTS_##form(pixels) \
    "ldrd r0, r1, [sp]\n" DW_PAIRED_STORED_##pixels \
    "add r0, r0, #1\n str r0, [sp]\n ldr r1, [sp, #16]\n cmp r0, r1\n bne 1b\n" \
    "add sp, sp, #36\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_PAIRED_FORM(pixels, form)                                                               \
    DW_NAKED void dw_paired_##pixels##_##form(DW_PARAMETER const uint32_t *words,                  \
        DW_PARAMETER int8_t *restrict out, DW_PARAMETER const struct dw_streamed *layer)           \
    {                                                                                              \
        DW_CODE(DW_PAIRED_CODE(pixels, form));                                                     \
    }

#endif
