/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium (dw_mve_dot.h) in assembly. */
#include "dw_asm.h"

#if DW_ASM_MVE && !defined(DW_MVE_DOT_ASM_H)
#define DW_MVE_DOT_ASM_H

/* clang-format off */
/* From sums to outputs in the lowest bytes, by form; on a line biases are no part of the sums. */
#define DW_MVE_OUT(scale, sums, first, second, free, zero, least, most) scale(sums, first, second, free) \
    "vqadd.s32 " #sums ", " #sums ", " #zero "\n" \
    "vmax.s32 " #sums ", " #sums ", " #least "\n vmin.s32 " #sums ", " #sums ", " #most "\n"
#define DW_MVE_OUT_plain(...) DW_MVE_OUT(DW_MVE_SCALE, __VA_ARGS__)
#define DW_MVE_OUT_signed(...) DW_MVE_OUT(DW_MVE_SCALE_SIGNED, __VA_ARGS__)
#define DW_MVE_OUT_left(...) DW_MVE_OUT_signed(__VA_ARGS__)
#define DW_MVE_OUT_line(sums, biases, multipliers, free, factor, least, most) \
    DW_MVE_ON_LINE(sums, biases, multipliers, factor) \
    "vqmovnb.s32 " #sums ", " #sums "\n vqmovnb.s16 " #sums ", " #sums "\n"
/* Sums of two channels begin with their biases, or with 0, two of which lie on the stack behind all else. */
#define DW_MVE_BEGIN_plain(a, b) "ldrd " #a ", " #b ", [r3], #8\n"
#define DW_MVE_BEGIN_signed(a, b) DW_MVE_BEGIN_plain(a, b)
#define DW_MVE_BEGIN_left(a, b) DW_MVE_BEGIN_plain(a, b)
#define DW_MVE_BEGIN_line(a, b) "ldrd " #a ", " #b ", [sp, #12]\n"
#define DW_MVE_SAME_plain(a, b, as_a, as_b) "mov " #a ", " #as_a "\n mov " #b ", " #as_b "\n"
#define DW_MVE_SAME_signed(a, b, as_a, as_b) DW_MVE_SAME_plain(a, b, as_a, as_b)
#define DW_MVE_SAME_left(a, b, as_a, as_b) DW_MVE_SAME_plain(a, b, as_a, as_b)
#define DW_MVE_SAME_line(a, b, as_a, as_b) DW_MVE_BEGIN_line(a, b)
#define DW_MVE_ZEROS_plain ""
#define DW_MVE_ZEROS_signed ""
#define DW_MVE_ZEROS_left ""
#define DW_MVE_ZEROS_line "mov lr, #0\n str lr, [sp, #-8]!\n str lr, [sp, #4]\n"
#define DW_MVE_FRAME_plain "12"
#define DW_MVE_FRAME_signed "12"
#define DW_MVE_FRAME_left "12"
#define DW_MVE_FRAME_line "20"
/* What lies on the stack in the place of the zero point. */
#define DW_MVE_FACTOR_plain(zero) ""
#define DW_MVE_FACTOR_signed(zero) ""
#define DW_MVE_FACTOR_left(zero) ""
#define DW_MVE_FACTOR_line(zero) "mov " #zero ", #256\n"
/* On a line biases are used up by one pixel: a copy for the other. */
#define DW_MVE_TWICE_plain(copy, biases) ""
#define DW_MVE_TWICE_signed(copy, biases) ""
#define DW_MVE_TWICE_left(copy, biases) ""
#define DW_MVE_TWICE_line(copy, biases) "vmov " #copy ", " #biases "\n"
#define DW_MVE_AGAIN_plain(sums, first, copy, ...) DW_MVE_OUT_plain(sums, first, __VA_ARGS__)
#define DW_MVE_AGAIN_signed(sums, first, copy, ...) DW_MVE_OUT_signed(sums, first, __VA_ARGS__)
#define DW_MVE_AGAIN_left(sums, first, copy, ...) DW_MVE_OUT_signed(sums, first, __VA_ARGS__)
#define DW_MVE_AGAIN_line(sums, first, copy, ...) DW_MVE_OUT_line(sums, copy, __VA_ARGS__)
/* Sums are shifted to the left where a channel's are. */
#define DW_MVE_LEFT_OF(sums, lefts) "vshl.s32 " #sums ", " #sums ", " #lefts "\n"
#define DW_MVE_LEFT_plain(sums, lefts) ""
#define DW_MVE_LEFT_signed(sums, lefts) ""
#define DW_MVE_LEFT_left(sums, lefts) "vldrw.32 " #lefts ", [r3], #16\n" DW_MVE_LEFT_OF(sums, lefts)
#define DW_MVE_LEFT_line(sums, lefts) ""
#define DW_MVE_ALSO_plain(sums, lefts) ""
#define DW_MVE_ALSO_signed(sums, lefts) ""
#define DW_MVE_ALSO_left(sums, lefts) DW_MVE_LEFT_OF(sums, lefts)
#define DW_MVE_ALSO_line(sums, lefts) ""
/* Bytes of a channel's biases and scales. */
#define DW_MVE_BYTES_plain "12"
#define DW_MVE_BYTES_signed "12"
#define DW_MVE_BYTES_left "16"
#define DW_MVE_BYTES_line "8"

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
#define DW_MVE_BIASES(form) DW_MVE_BEGIN_##form(r4, r6) DW_MVE_SAME_##form(r8, r10, r4, r6)
#define DW_MVE_2X2 \
    "wlstp.8 lr, r9, 3f\n" \
    "2:\n vldrb.8 q0, [r0], #16\n vldrb.8 q1, [r5], #16\n vmladava.s8 r4, q0, q1\n" \
    "vldrb.8 q2, [r1], #16\n vmladava.s8 r8, q2, q1\n vldrb.8 q3, [r7], #16\n" \
    "vmladava.s8 r6, q0, q3\n vmladava.s8 r10, q2, q3\n letp lr, 2b\n" \
    "3:\n sub r0, r0, r11\n sub r1, r1, r11\n"
#define DW_MVE_TWO_CODE(form) \
    "push {r4-r11, lr}\n vpush {d8-d15}\n" DW_MVE_ZEROS_##form \
    "ldrd r9, r6, [r3, #8]\n ldrd r4, r7, [r3, #20]\n ldr r8, [r3, #28]\n" \
    DW_MVE_FACTOR_##form(r4) "vdup.32 q6, r7\n vdup.32 q7, r8\n ldrd r5, r3, [r3]\n" \
    "bic r7, r6, #3\n adds r7, r7, r2\n push {r4, r6, r7}\n" \
    "add r11, r9, #15\n bic r11, r11, #15\n sub r12, r9, r11\n add r7, r5, r9, lsl #1\n b 4f\n" \
    "1:\n" DW_MVE_BIASES(form) DW_MVE_2X2 \
    "vmov q4[2], q4[0], r4, r6\n vmov q5[2], q5[0], r8, r10\n add r5, r5, r12\n add r7, r7, r12\n" \
    DW_MVE_BIASES(form) DW_MVE_2X2 \
    "vmov q4[3], q4[1], r4, r6\n vmov q5[3], q5[1], r8, r10\n" \
    "add r5, r7, r12\n add r7, r5, r9, lsl #1\n" \
    DW_MVE_LEFT_##form(q4, q0) DW_MVE_ALSO_##form(q5, q0) \
    "vldrw.32 q0, [r3], #16\n vldrw.32 q1, [r3], #16\n ldrd r4, r6, [sp]\n" DW_MVE_TWICE_##form(q3, q0) \
    DW_MVE_OUT_##form(q4, q0, q1, q2, r4, q6, q7) DW_MVE_AGAIN_##form(q5, q0, q3, q1, q2, r4, q6, q7) \
    "add r6, r6, r2\n vstrb.32 q5, [r6]\n vstrb.32 q4, [r2], #4\n" \
    "4:\n ldr r4, [sp, #8]\n cmp r2, r4\n bne 1b\n" \
    "add sp, #" DW_MVE_FRAME_##form "\n vpop {d8-d15}\n pop {r4-r11, pc}\n"

/* One pixel:
 *
 *     r0   inputs                          r4 r6 r8 r10   sums of four channels
 *     r1   outputs                         r5 r7 r9 r11   their weights
 *     r2   channels left                   r12            number of inputs
 *     r3   biases, scales of a four
 *
 * q4, q5 hold the clamp. On the stack: 0 inputs, 4 weights of the four, 8 the zero point. Where less than
 * four channels are left, the first one's weights stand for those that do not exist. */
#define DW_MVE_REST_CODE(form) DW_MVE_REST_FROM(DW_MVE_ZEROS_##form, DW_MVE_BEGIN_##form, DW_MVE_FRAME_##form, form)
#define DW_MVE_REST_FROM(front, begin, frame, form) \
    "push {r4-r11, lr}\n vpush {d8-d11}\n" front \
    "ldrd r12, r6, [r2, #8]\n ldrd r9, r10, [r2, #20]\n ldr r8, [r2, #28]\n" \
    DW_MVE_FACTOR_##form(r9) "vdup.32 q4, r10\n vdup.32 q5, r8\n ldrd r7, r5, [r2]\n subs r2, r6, r3\n" \
    "mla r8, r3, r12, r7\n mov r7, #" DW_MVE_BYTES_##form "\n mla r3, r3, r7, r5\n push {r0, r8, r9}\n" \
    "1:\n" begin(r4, r8) begin(r6, r10) "ldrd r0, r5, [sp]\n" \
    "mov r7, r5\n mov r9, r5\n mov r11, r5\n" \
    "cmp r2, #1\n it gt\n addgt r7, r5, r12\n" \
    "cmp r2, #2\n it gt\n addgt r9, r5, r12, lsl #1\n" \
    "cmp r2, #3\n it gt\n addgt r11, r9, r12\n" \
    "add lr, r11, r12\n str lr, [sp, #4]\n" \
    "wlstp.8 lr, r12, 3f\n" \
    "2:\n vldrb.8 q0, [r0], #16\n vldrb.8 q1, [r5], #16\n vmladava.s8 r4, q0, q1\n" \
    "vldrb.8 q2, [r7], #16\n vmladava.s8 r6, q0, q2\n vldrb.8 q1, [r9], #16\n" \
    "vmladava.s8 r8, q0, q1\n vldrb.8 q2, [r11], #16\n vmladava.s8 r10, q0, q2\n letp lr, 2b\n" \
    "3:\n vmov q0[2], q0[0], r4, r8\n vmov q0[3], q0[1], r6, r10\n" DW_MVE_LEFT_##form(q0, q1) \
    "vldrw.32 q1, [r3], #16\n vldrw.32 q2, [r3], #16\n ldr r4, [sp, #8]\n" \
    DW_MVE_OUT_##form(q0, q1, q2, q3, r4, q4, q5) \
    "vctp.32 r2\n vpst\n vstrbt.32 q0, [r1], #4\n subs r2, r2, #4\n bgt 1b\n" \
    "add sp, #" frame "\n vpop {d8-d11}\n pop {r4-r11, pc}\n"
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
