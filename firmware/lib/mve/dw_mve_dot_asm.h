/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium (dw_mve_dot.h) in assembly. */
#include "dw_asm.h"

#if DW_ASM_MVE && !defined(DW_MVE_DOT_ASM_H)
#define DW_MVE_DOT_ASM_H

/* clang-format off */
#define DW_MVE_SCALE_plain DW_MVE_SCALE
#define DW_MVE_SCALE_signed DW_MVE_SCALE_SIGNED

/* Two pixels. VMLADAVA adds to even registers:
 *
 *     r0 r1   inputs of both               r4 r6    sums of the first with two channels
 *     r5 r7   weights of two channels      r8 r10   sums of the second
 *     r3      biases, scales of a four     r9       number of inputs
 *     r2      outputs                      r11      as many, in whole sixteens: by this pointers move on
 *     r12     r9 - r11
 *
 * q4, q5 collect sums of four channels; q6, q7 hold the clamp. On the stack: 0 the zero point, 4 the number
 * of channels, 8 the end of the first pixel's outputs. */
#define DW_MVE_BIASES "ldrd r4, r6, [r3], #8\n mov r8, r4\n mov r10, r6\n"
#define DW_MVE_2X2 \
    "wlstp.8 lr, r9, 3f\n" \
    "2:\n vldrb.8 q0, [r0], #16\n vldrb.8 q1, [r5], #16\n vmladava.s8 r4, q0, q1\n" \
    "vldrb.8 q2, [r1], #16\n vmladava.s8 r8, q2, q1\n vldrb.8 q3, [r7], #16\n" \
    "vmladava.s8 r6, q0, q3\n vmladava.s8 r10, q2, q3\n letp lr, 2b\n" \
    "3:\n sub r0, r0, r11\n sub r1, r1, r11\n"
#define DW_MVE_TWO_CODE(form) \
    "push {r4-r11, lr}\n vpush {d8-d15}\n" \
    "ldrd r9, r6, [r3, #8]\n ldrd r4, r7, [r3, #20]\n ldr r8, [r3, #28]\n" \
    "vdup.32 q6, r7\n vdup.32 q7, r8\n ldrd r5, r3, [r3]\n" \
    "bic r7, r6, #3\n adds r7, r7, r2\n push {r4, r6, r7}\n" \
    "add r11, r9, #15\n bic r11, r11, #15\n sub r12, r9, r11\n add r7, r5, r9, lsl #1\n b 4f\n" \
    "1:\n" DW_MVE_BIASES DW_MVE_2X2 \
    "vmov q4[2], q4[0], r4, r6\n vmov q5[2], q5[0], r8, r10\n add r5, r5, r12\n add r7, r7, r12\n" \
    DW_MVE_BIASES DW_MVE_2X2 \
    "vmov q4[3], q4[1], r4, r6\n vmov q5[3], q5[1], r8, r10\n" \
    "add r5, r7, r12\n add r7, r5, r9, lsl #1\n" \
    "vldrw.32 q0, [r3], #16\n vldrw.32 q1, [r3], #16\n ldrd r4, r6, [sp]\n" \
    DW_MVE_SCALE_##form(q4, q0, q1, q2) DW_MVE_SCALE_##form(q5, q0, q1, q2) \
    "vqadd.s32 q4, q4, r4\n vqadd.s32 q5, q5, r4\n" \
    "vmax.s32 q4, q4, q6\n vmax.s32 q5, q5, q6\n vmin.s32 q4, q4, q7\n vmin.s32 q5, q5, q7\n" \
    "add r6, r6, r2\n vstrb.32 q5, [r6]\n vstrb.32 q4, [r2], #4\n" \
    "4:\n ldr r4, [sp, #8]\n cmp r2, r4\n bne 1b\n" \
    "add sp, #12\n vpop {d8-d15}\n pop {r4-r11, pc}\n"

/* One pixel:
 *
 *     r0   inputs                          r4 r6 r8 r10   sums of four channels
 *     r1   outputs                         r5 r7 r9 r11   their weights
 *     r2   channels left                   r12            number of inputs
 *     r3   biases, scales of a four
 *
 * q4, q5 hold the clamp. On the stack: 0 inputs, 4 weights of the four, 8 the zero point. Where less than
 * four channels are left, the first one's weights stand for those that do not exist. */
#define DW_MVE_REST_CODE(form) \
    "push {r4-r11, lr}\n vpush {d8-d11}\n" \
    "ldrd r12, r6, [r2, #8]\n ldrd r9, r10, [r2, #20]\n ldr r8, [r2, #28]\n" \
    "vdup.32 q4, r10\n vdup.32 q5, r8\n ldrd r7, r5, [r2]\n subs r2, r6, r3\n" \
    "mla r8, r3, r12, r7\n mov r7, #12\n mla r3, r3, r7, r5\n push {r0, r8, r9}\n" \
    "1:\n ldrd r4, r8, [r3], #8\n ldrd r6, r10, [r3], #8\n ldrd r0, r5, [sp]\n" \
    "mov r7, r5\n mov r9, r5\n mov r11, r5\n" \
    "cmp r2, #1\n it gt\n addgt r7, r5, r12\n" \
    "cmp r2, #2\n it gt\n addgt r9, r5, r12, lsl #1\n" \
    "cmp r2, #3\n it gt\n addgt r11, r9, r12\n" \
    "add lr, r11, r12\n str lr, [sp, #4]\n" \
    "wlstp.8 lr, r12, 3f\n" \
    "2:\n vldrb.8 q0, [r0], #16\n vldrb.8 q1, [r5], #16\n vmladava.s8 r4, q0, q1\n" \
    "vldrb.8 q2, [r7], #16\n vmladava.s8 r6, q0, q2\n vldrb.8 q1, [r9], #16\n" \
    "vmladava.s8 r8, q0, q1\n vldrb.8 q2, [r11], #16\n vmladava.s8 r10, q0, q2\n letp lr, 2b\n" \
    "3:\n vmov q0[2], q0[0], r4, r8\n vmov q0[3], q0[1], r6, r10\n" \
    "vldrw.32 q1, [r3], #16\n vldrw.32 q2, [r3], #16\n ldr r4, [sp, #8]\n" \
    DW_MVE_SCALE_##form(q0, q1, q2, q3) \
    "vqadd.s32 q0, q0, r4\n vmax.s32 q0, q0, q4\n vmin.s32 q0, q0, q5\n" \
    "vctp.32 r2\n vpst\n vstrbt.32 q0, [r1], #4\n subs r2, r2, #4\n bgt 1b\n" \
    "add sp, #12\n vpop {d8-d11}\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_MVE_FOURS(suffix, form)                                                                 \
    DW_NAKED void dw_mve_two_fours##suffix(DW_PARAMETER const int8_t *a,                           \
        DW_PARAMETER const int8_t *b, DW_PARAMETER int8_t *out,                                    \
        DW_PARAMETER const struct dw_mve_dot *layer)                                               \
    {                                                                                              \
        DW_CODE(DW_MVE_TWO_CODE(form));                                                            \
    }                                                                                              \
    DW_NAKED void dw_mve_rest##suffix(DW_PARAMETER const int8_t *x, DW_PARAMETER int8_t *out,      \
        DW_PARAMETER const struct dw_mve_dot *layer, DW_PARAMETER int first)                       \
    {                                                                                              \
        DW_CODE(DW_MVE_REST_CODE(form));                                                           \
    }

/* Copies bytes; returns where the next ones go. The few operands suit every compiler. */
DW_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    int8_t *at = to;
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n vldrb.8 q0, [%[from]], #16\n vstrb.8 q0, [%[at]], #16\n letp lr, 1b\n 2:"
                     : [at] "+r"(at), [from] "+r"(from)
                     : [count] "r"(count)
                     : "q0", "lr", "memory");
    return to + count;
}

#endif
