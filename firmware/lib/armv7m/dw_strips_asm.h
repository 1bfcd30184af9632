/* SPDX-License-Identifier: Apache-2.0 */
/* Strips of depthwise outputs (dw_strips.h) in assembly for Armv7-M.
 *
 * Four outputs of a channel at stride 1 take 95 instructions for 36 products: an input's address is read and
 * overwritten by the input, its products go to all sums that see it. Registers:
 *
 *     r3-r7      sums, the last output's in r7      r12   where the next addresses are
 *     r0-r4      addresses, then inputs             r11   channel
 *     r8 r9 r10  a row's weights                    lr    stream
 *
 * While sums become outputs: r8 multiplier, r9 bias, r10 lower half of a product, r12 shift, r2 half; r0 r1 clamp;
 * then r0 where outputs go, r1 how far apart, r2 three times that.
 * On the stack: 0 output, 4 step, 8 addresses, 12 half, 16 minimum, 20 maximum, 24 channels. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_STRIPS_ASM_H)
#define DW_STRIPS_ASM_H

#include "dw_armv7m.h"
#include "dw_armv7m_asm.h"

/* clang-format off */
#define DW_STRIP_WEIGHTS "ldrsb r8, [lr], #1\n ldrsb r9, [lr], #1\n ldrsb r10, [lr], #1\n"
#define DW_STRIP_X(at) "ldrsb " #at ", [" #at ", r11]\n"
#define DW_STRIP_2X "ldm r12!, {r0, r1}\n" DW_STRIP_X(r0) DW_STRIP_X(r1)
#define DW_STRIP_3X "ldm r12!, {r0-r2}\n" DW_STRIP_X(r0) DW_STRIP_X(r1) DW_STRIP_X(r2)
#define DW_STRIP_4X "ldm r12!, {r0-r3}\n" DW_STRIP_X(r0) DW_STRIP_X(r1) DW_STRIP_X(r2) DW_STRIP_X(r3)
#define DW_STRIP_5X \
    "ldm r12!, {r0-r4}\n" DW_STRIP_X(r0) DW_STRIP_X(r1) DW_STRIP_X(r2) DW_STRIP_X(r3) DW_STRIP_X(r4)
/* Products with a row's three weights; the first one of a sum begins it. */
#define DW_STRIP_BEGUN(sum, x) "mul " #sum ", " #x ", r8\n"
#define DW_STRIP_ADDED(sum, x) "mla " #sum ", " #x ", r8, " #sum "\n"
#define DW_STRIP_B(sum, x) "mla " #sum ", " #x ", r9, " #sum "\n"
#define DW_STRIP_C(sum, x) "mla " #sum ", " #x ", r10, " #sum "\n"

#define DW_STRIP_ROW_1_BY_1(A) DW_STRIP_3X A(r7, r0) DW_STRIP_B(r7, r1) DW_STRIP_C(r7, r2)
#define DW_STRIP_ROW_2_BY_1(A) \
    DW_STRIP_4X A(r6, r0) DW_STRIP_B(r6, r1) A(r7, r1) DW_STRIP_C(r6, r2) DW_STRIP_B(r7, r2) DW_STRIP_C(r7, r3)
#define DW_STRIP_ROW_3_BY_1(A) \
    DW_STRIP_5X A(r5, r0) DW_STRIP_B(r5, r1) A(r6, r1) DW_STRIP_C(r5, r2) DW_STRIP_B(r6, r2) A(r7, r2) \
    DW_STRIP_C(r6, r3) DW_STRIP_B(r7, r3) DW_STRIP_C(r7, r4)
#define DW_STRIP_ROW_4_BY_1(A) \
    DW_STRIP_4X A(r4, r0) DW_STRIP_B(r4, r1) A(r5, r1) DW_STRIP_C(r4, r2) DW_STRIP_B(r5, r2) A(r6, r2) \
    DW_STRIP_C(r5, r3) DW_STRIP_B(r6, r3) A(r7, r3) \
    DW_STRIP_2X DW_STRIP_C(r6, r0) DW_STRIP_B(r7, r0) DW_STRIP_C(r7, r1)
#define DW_STRIP_ROW_5_BY_1(A) \
    DW_STRIP_3X A(r3, r0) DW_STRIP_B(r3, r1) A(r4, r1) DW_STRIP_C(r3, r2) DW_STRIP_B(r4, r2) A(r5, r2) \
    DW_STRIP_2X DW_STRIP_C(r4, r0) DW_STRIP_B(r5, r0) A(r6, r0) DW_STRIP_C(r5, r1) DW_STRIP_B(r6, r1) A(r7, r1) \
    DW_STRIP_2X DW_STRIP_C(r6, r0) DW_STRIP_B(r7, r0) DW_STRIP_C(r7, r1)
#define DW_STRIP_ROW_1_BY_2 DW_STRIP_ROW_1_BY_1
#define DW_STRIP_ROW_2_BY_2(A) \
    DW_STRIP_5X A(r6, r0) DW_STRIP_B(r6, r1) DW_STRIP_C(r6, r2) A(r7, r2) DW_STRIP_B(r7, r3) DW_STRIP_C(r7, r4)
#define DW_STRIP_ROW_3_BY_2(A) \
    DW_STRIP_5X A(r5, r0) DW_STRIP_B(r5, r1) DW_STRIP_C(r5, r2) A(r6, r2) DW_STRIP_B(r6, r3) DW_STRIP_C(r6, r4) \
    A(r7, r4) DW_STRIP_2X DW_STRIP_B(r7, r0) DW_STRIP_C(r7, r1)
#define DW_STRIP_ROW_4_BY_2(A) \
    DW_STRIP_3X A(r4, r0) DW_STRIP_B(r4, r1) DW_STRIP_C(r4, r2) A(r5, r2) \
    DW_STRIP_4X DW_STRIP_B(r5, r0) DW_STRIP_C(r5, r1) A(r6, r1) DW_STRIP_B(r6, r2) DW_STRIP_C(r6, r3) A(r7, r3) \
    DW_STRIP_2X DW_STRIP_B(r7, r0) DW_STRIP_C(r7, r1)

/* Outputs that share no inputs. */
#define DW_STRIP_ROW_1_BY_3 DW_STRIP_ROW_1_BY_1
#define DW_STRIP_APART(A, sum) DW_STRIP_3X A(sum, r0) DW_STRIP_B(sum, r1) DW_STRIP_C(sum, r2)
#define DW_STRIP_ROW_2_BY_3(A) DW_STRIP_APART(A, r6) DW_STRIP_APART(A, r7)
#define DW_STRIP_ROW_3_BY_3(A) DW_STRIP_APART(A, r5) DW_STRIP_ROW_2_BY_3(A)
#define DW_STRIP_ROW_4_BY_3(A) DW_STRIP_APART(A, r4) DW_STRIP_ROW_3_BY_3(A)
#define DW_STRIP_ROW_5_BY_3(A) DW_STRIP_APART(A, r3) DW_STRIP_ROW_4_BY_3(A)

#define DW_STRIP_SCALED_1(S) S(r7, r9, r8, r10, r12, r2)
#define DW_STRIP_SCALED_2(S) S(r6, r9, r8, r10, r12, r2) DW_STRIP_SCALED_1(S)
#define DW_STRIP_SCALED_3(S) S(r5, r9, r8, r10, r12, r2) DW_STRIP_SCALED_2(S)
#define DW_STRIP_SCALED_4(S) S(r4, r9, r8, r10, r12, r2) DW_STRIP_SCALED_3(S)
#define DW_STRIP_SCALED_5(S) S(r3, r9, r8, r10, r12, r2) DW_STRIP_SCALED_4(S)
#define DW_STRIP_WITHIN_1 DW_V7M_WITHIN(r7, r0, r1)
#define DW_STRIP_WITHIN_2 DW_V7M_WITHIN(r6, r0, r1) DW_STRIP_WITHIN_1
#define DW_STRIP_WITHIN_3 DW_V7M_WITHIN(r5, r0, r1) DW_STRIP_WITHIN_2
#define DW_STRIP_WITHIN_4 DW_V7M_WITHIN(r4, r0, r1) DW_STRIP_WITHIN_3
#define DW_STRIP_WITHIN_5 DW_V7M_WITHIN(r3, r0, r1) DW_STRIP_WITHIN_4
#define DW_STRIP_OUTPUTS_line(outputs) "ldr r8, [lr], #4\n ldr r9, [lr], #4\n" DW_STRIP_SCALED_##outputs(DW_V7M_ON_LINE)
#define DW_STRIP_OUTPUTS_signed(outputs) \
    "ldr r8, [lr], #4\n ldr r9, [lr], #4\n ldr r12, [lr], #4\n ldr r2, [sp, #12]\n" DW_STRIP_SCALED_##outputs(DW_V7M_SIGNED)
#define DW_STRIP_OUTPUTS_clamped(outputs) \
    "ldr r8, [lr], #4\n ldr r9, [lr], #4\n ldr r12, [lr], #4\n ldr r2, [sp, #12]\n" DW_STRIP_SCALED_##outputs(DW_V7M_UNCLAMPED) \
    "ldrd r0, r1, [sp, #16]\n" DW_STRIP_WITHIN_##outputs

/* By numbers of each channel's own: r0 shift to the left, r1 correction, r2 offset, r12 shift to the right. */
#define DW_STRIP_OWN(sum, bias, m, low, right, offset) \
    DW_V7M_WIDE(sum, bias, m, low, r0, offset) DW_V7M_FITTED(sum, m, low, r1, offset, right)
#define DW_STRIP_OWN_OUTPUTS(outputs) \
    "ldr r8, [lr], #4\n ldr r9, [lr], #4\n ldr r2, [lr], #4\n ldrb r0, [lr]\n ldrb r12, [lr, #1]\n" \
    "ldrsb r1, [lr, #2]\n add lr, lr, #4\n" DW_STRIP_SCALED_##outputs(DW_STRIP_OWN)
#define DW_STRIP_EACH_1(S) S(r7)
#define DW_STRIP_EACH_2(S) S(r6) DW_STRIP_EACH_1(S)
#define DW_STRIP_EACH_3(S) S(r5) DW_STRIP_EACH_2(S)
#define DW_STRIP_EACH_4(S) S(r4) DW_STRIP_EACH_3(S)
#define DW_STRIP_EACH_5(S) S(r3) DW_STRIP_EACH_4(S)
#define DW_STRIP_OUTPUTS_fitted(outputs) DW_STRIP_OWN_OUTPUTS(outputs) DW_STRIP_EACH_##outputs(DW_V7M_SATURATED)
#define DW_STRIP_OUTPUTS_fitted_clamped(outputs) \
    DW_STRIP_OWN_OUTPUTS(outputs) "ldrd r0, r1, [sp, #16]\n" DW_STRIP_WITHIN_##outputs

#define DW_STRIP_STORED_1 "strb r7, [r0]\n"
#define DW_STRIP_STORED_2 "strb r6, [r0]\n strb r7, [r0, r1]\n"
#define DW_STRIP_STORED_3 "strb r5, [r0]\n strb r6, [r0, r1]\n strb r7, [r0, r1, lsl #1]\n"
#define DW_STRIP_STORED_4 \
    "add r2, r1, r1, lsl #1\n strb r4, [r0]\n strb r5, [r0, r1]\n strb r6, [r0, r1, lsl #1]\n strb r7, [r0, r2]\n"
#define DW_STRIP_STORED_5 \
    "add r2, r1, r1, lsl #1\n strb r3, [r0]\n strb r4, [r0, r1]\n strb r5, [r0, r1, lsl #1]\n strb r6, [r0, r2]\n" \
    "strb r7, [r0, r1, lsl #2]\n"

#define DW_STRIP_CODE(outputs, stride, form) \
    "push {r4-r11, lr}\n sub sp, sp, #28\n strd r1, r3, [sp]\n ldm r2, {r3-r8}\n mov lr, r3\n"                \
    "strd r0, r6, [sp, #8]\n strd r7, r8, [sp, #16]\n str r5, [sp, #24]\n mov r11, #0\n" \
    "1: ldr r12, [sp, #8]\n" \
    DW_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_BEGUN) \
    DW_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_ADDED) \
    DW_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_ADDED) \
    DW_STRIP_OUTPUTS_##form(outputs) \
    "ldrd r0, r1, [sp]\n add r0, r0, r11\n" DW_STRIP_STORED_##outputs \
    "ldr r1, [sp, #24]\n add r11, r11, #1\n cmp r11, r1\n bne 1b\n add sp, sp, #28\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_STRIP(outputs, stride, form)                                                            \
    DW_NAKED void dw_strip_##outputs##_by_##stride##_##form(DW_PARAMETER const int8_t *const *at,  \
        DW_PARAMETER int8_t *restrict out, DW_PARAMETER const struct dw_streamed *layer,           \
        DW_PARAMETER int step)                                                                     \
    {                                                                                              \
        DW_CODE(DW_STRIP_CODE(outputs, stride, form));                                             \
    }

#endif
