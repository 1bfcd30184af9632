/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium, weights with a zero point (dw_mve_dot_offset.h), in assembly.
 *
 * As in dw_mve_dot_asm.h, registers as there; sums begin with what lies on the stack behind all else, at 12: on a line two
 * words of each pixel, elsewhere the first pixel's and how much more the second's are, to which biases are added. */
#include "dw_asm.h"

#if DW_ASM_MVE && !defined(DW_MVE_DOT_OFFSET_ASM_H)
#define DW_MVE_DOT_OFFSET_ASM_H

/* `common` times each of so many bytes. VADDVA adds to even registers. */
DW_NAKED int32_t dw_mve_total(
    DW_PARAMETER const int8_t *x, DW_PARAMETER int count, DW_PARAMETER int32_t common)
{
    DW_CODE("push {r4, lr}\n mov r12, #0\n wlstp.8 lr, r1, 2f\n"
            "1:\n vldrb.8 q0, [r0], #16\n vaddva.s8 r12, q0\n letp lr, 1b\n"
            "2:\n mul r0, r12, r2\n pop {r4, pc}\n");
}

/* clang-format off */
/* Words of both pixels, r4 and r6, as four words from r4 to r7. */
#define DW_MVE_WORDS_line "mov r5, r4\n mov r7, r6\n"
#define DW_MVE_WORDS_plain "sub r5, r6, r4\n"
#define DW_MVE_WORDS_signed DW_MVE_WORDS_plain
#define DW_MVE_WORDS_left DW_MVE_WORDS_plain
/* Sums of two channels of the first pixel begin; those of the second, where the first ones have begun. */
#define DW_MVE_FROM_line(a, b) "ldrd " #a ", " #b ", [sp, #12]\n"
#define DW_MVE_FROM_plain(a, b) \
    "ldrd " #a ", " #b ", [r3], #8\n ldr lr, [sp, #12]\n add " #a ", " #a ", lr\n add " #b ", " #b ", lr\n"
#define DW_MVE_FROM_signed(a, b) DW_MVE_FROM_plain(a, b)
#define DW_MVE_FROM_left(a, b) DW_MVE_FROM_plain(a, b)
#define DW_MVE_OTHER_line(a, b, as_a, as_b) "ldrd " #a ", " #b ", [sp, #20]\n"
#define DW_MVE_OTHER_plain(a, b, as_a, as_b) \
    "ldr lr, [sp, #16]\n add " #a ", " #as_a ", lr\n add " #b ", " #as_b ", lr\n"
#define DW_MVE_OTHER_signed(a, b, as_a, as_b) DW_MVE_OTHER_plain(a, b, as_a, as_b)
#define DW_MVE_OTHER_left(a, b, as_a, as_b) DW_MVE_OTHER_plain(a, b, as_a, as_b)

#define DW_MVE_BOTH_FROM(form) DW_MVE_FROM_##form(r4, r6) DW_MVE_OTHER_##form(r8, r10, r4, r6)
#define DW_MVE_TWO_OFFSET_CODE(form) \
    "push {r4-r11, lr}\n vpush {d8-d15}\n ldrd r4, r6, [r3, #32]\n" DW_MVE_WORDS_##form "push {r4-r7}\n" \
    "ldrd r9, r6, [r3, #8]\n ldrd r4, r7, [r3, #20]\n ldr r8, [r3, #28]\n" \
    DW_MVE_FACTOR_##form(r4) "vdup.32 q6, r7\n vdup.32 q7, r8\n ldrd r5, r3, [r3]\n" \
    "bic r7, r6, #3\n adds r7, r7, r2\n push {r4, r6, r7}\n" \
    "add r11, r9, #15\n bic r11, r11, #15\n sub r12, r9, r11\n add r7, r5, r9, lsl #1\n b 4f\n" \
    "1:\n" DW_MVE_BOTH_FROM(form) DW_MVE_2X2 \
    "vmov q4[2], q4[0], r4, r6\n vmov q5[2], q5[0], r8, r10\n add r5, r5, r12\n add r7, r7, r12\n" \
    DW_MVE_BOTH_FROM(form) DW_MVE_2X2 \
    "vmov q4[3], q4[1], r4, r6\n vmov q5[3], q5[1], r8, r10\n" \
    "add r5, r7, r12\n add r7, r5, r9, lsl #1\n" \
    DW_MVE_LEFT_##form(q4, q0) DW_MVE_ALSO_##form(q5, q0) \
    "vldrw.32 q0, [r3], #16\n vldrw.32 q1, [r3], #16\n ldrd r4, r6, [sp]\n" DW_MVE_TWICE_##form(q3, q0) \
    DW_MVE_OUT_##form(q4, q0, q1, q2, r4, q6, q7) DW_MVE_AGAIN_##form(q5, q0, q3, q1, q2, r4, q6, q7) \
    "add r6, r6, r2\n vstrb.32 q5, [r6]\n vstrb.32 q4, [r2], #4\n" \
    "4:\n ldr r4, [sp, #8]\n cmp r2, r4\n bne 1b\n" \
    "add sp, #28\n vpop {d8-d15}\n pop {r4-r11, pc}\n"

#define DW_MVE_REST_OFFSET_CODE(form) \
    DW_MVE_REST_FROM("ldr r4, [r2, #32]\n mov r5, r4\n push {r4, r5}\n", DW_MVE_FROM_##form, "20", form)
/* clang-format on */

#define DW_MVE_OFFSET_FOURS(suffix, form)                                                          \
    DW_NAKED void dw_mve_two_fours_offset##suffix(DW_PARAMETER const int8_t *a,                    \
        DW_PARAMETER const int8_t *b, DW_PARAMETER int8_t *out,                                    \
        DW_PARAMETER const struct dw_mve_begun *both)                                              \
    {                                                                                              \
        DW_CODE(DW_MVE_TWO_OFFSET_CODE(form));                                                     \
    }                                                                                              \
    DW_NAKED void dw_mve_rest_offset##suffix(DW_PARAMETER const int8_t *x,                         \
        DW_PARAMETER int8_t *out, DW_PARAMETER const struct dw_mve_begun *one,                     \
        DW_PARAMETER int first)                                                                    \
    {                                                                                              \
        DW_CODE(DW_MVE_REST_OFFSET_CODE(form));                                                    \
    }

#endif
