/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of two pixels by three channels (dw_dsp_threes.h) in assembly for the DSP extension.
 *
 * In the inner loops all fourteen registers are taken:
 *
 *     r0          inputs                  r4 r5 r6   sums of A with channels 0, 1 and 2
 *     r1          constants               r7 r8 r9   sums of B
 *     r2 r3 r12   weights                 r10 r11    lanes of inputs of A and B
 *     lr          where outputs are written
 *
 * On the stack: 0 end of the row's inputs, 4 the end of weights, 8 the end of constants, 12 where they are copied to, 16
 * minimum, 20 maximum or what lines are moved by, 24 the next constants, 28 inputs.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_THREES_ASM_H)
#define DW_DSP_THREES_ASM_H

/* clang-format off */
/* Four inputs of both pixels and three channels; the first group takes biases as its third operand. */
#define DW_THREES_LOADS \
    "ldr r2, [r1], #12\n ldr r3, [r1, #-8]\n ldr r12, [r1, #-4]\n ldr r10, [r0], #8\n ldr r11, [r0, #(.Lstep - 8)]\n"
#define DW_THREES_MACS(macs) macs(r2, r4, r7, r10, r11) macs(r3, r5, r8, r10, r11) macs(r12, r6, r9, r10, r11)
#define DW_THREES_GROUP(first) \
    DW_THREES_LOADS DW_THREES_MACS(first) "ldr r10, [r0, #-4]\n ldr r11, [r0, #(.Lstep - 4)]\n" \
    DW_DOT_LOWER "sxtb16 r12, r12\n" DW_THREES_MACS(DW_DOT_MACS_2)
#define DW_THREES_BIASES "ldr r4, [r1], #12\n ldr r5, [r1, #-8]\n ldr r6, [r1, #-4]\n"
#define DW_THREES_GROUPS \
    DW_THREES_BIASES ".if .Lhead\n" DW_THREES_GROUP(DW_KNOWN_FIRST_MACS_2) \
    ".rept .Lhead - 1\n" DW_THREES_GROUP(DW_DOT_MACS_2) ".endr\n" \
    ".else\n mov r7, r4\n mov r8, r5\n mov r9, r6\n .endif\n" \
    ".if .Lunrolled\n 1:\n .rept .Lunrolled\n" DW_THREES_GROUP(DW_DOT_MACS_2) ".endr\n" \
    "ldr r10, [sp, #4]\n cmp r10, r1\n bne 1b\n .endif\n"

/* Sums to outputs, as in dw_dsp_dot_asm.h; then r11 is the end of the row's inputs. */
#define DW_THREES_ALL(finish) finish(r4) finish(r7) finish(r5) finish(r8) finish(r6) finish(r9)
#define DW_THREES_END "ldr r11, [sp]\n"
#define DW_THREES_MULTIPLIERS "ldr r2, [r1]\n ldr r3, [r1, #4]\n ldr r12, [r1, #8]\n"
#define DW_THREES_ENDS_line \
    DW_THREES_MULTIPLIERS DW_THREES_END DW_DOT_ON_LINE(r4, r2) DW_DOT_ON_LINE(r7, r2) DW_DOT_ON_LINE(r5, r3) \
    DW_DOT_ON_LINE(r8, r3) DW_DOT_ON_LINE(r6, r12) DW_DOT_ON_LINE(r9, r12)
#define DW_THREES_ENDS_moved "ldr r10, [sp, #20]\n" DW_THREES_ENDS_line DW_THREES_ALL(DW_DOT_BACK)
#define DW_THREES_ENDS_held \
    "ldr r10, [sp, #20]\n" DW_THREES_MULTIPLIERS DW_THREES_END DW_DOT_UNSIGNED(r4, r2) DW_DOT_UNSIGNED(r7, r2) \
    DW_DOT_UNSIGNED(r5, r3) DW_DOT_UNSIGNED(r8, r3) DW_DOT_UNSIGNED(r6, r12) DW_DOT_UNSIGNED(r9, r12) \
    DW_THREES_ALL(DW_DOT_HELD)
#define DW_THREES_CHANNEL(form, at, a, b) \
    "ldr r2, [r1, #" #at "]\n ldr r3, [r1, #(" #at " + 4)]\n ldr r12, [r1, #(" #at " + 8)]\n" \
    DW_DOT_FINISHED_2(DW_DOT_FINISH_##form, a, b, b)
#define DW_THREES_LIMITS_scaled ""
#define DW_THREES_LIMITS_signed ""
#define DW_THREES_LIMITS_clamped "ldr r10, [sp, #20]\n"
#define DW_THREES_SCALED(form) \
    DW_THREES_LIMITS_##form DW_THREES_CHANNEL(form, 0, r4, r7) DW_THREES_CHANNEL(form, 12, r5, r8) \
    DW_THREES_CHANNEL(form, 24, r6, r9) DW_THREES_END
#define DW_THREES_ENDS_scaled DW_THREES_SCALED(scaled)
#define DW_THREES_ENDS_signed DW_THREES_SCALED(signed)
#define DW_THREES_ENDS_clamped DW_THREES_SCALED(clamped)
#define DW_THREES_STORES \
    "strb r7, [lr, #.Lpixel]\n strb r5, [lr, #.Lchannel]\n strb r8, [lr, #(.Lchannel + .Lpixel)]\n" \
    "strb r6, [lr, #(2 * .Lchannel)]\n strb r9, [lr, #(2 * .Lchannel + .Lpixel)]\n" \
    ".if 2 * .Lpixel < 256\n strb r4, [lr], #(2 * .Lpixel)\n .else\n strb r4, [lr]\n addw lr, lr, #(2 * .Lpixel)\n .endif\n"

/* Constants of three channels, copied six words at a time, and how many sixes there are. */
#define DW_THREES_SIX "ldm r1!, {r4-r9}\n stm r0!, {r4-r9}\n"
#define DW_THREES_COPY \
    ".if .Lcopy\n ldr r0, [sp, #12]\n .rept .Lsixes & 1\n" DW_THREES_SIX ".endr\n" \
    ".if .Lsixes > 1\n movw r12, #(.Lsixes / 2)\n 7:\n" DW_THREES_SIX DW_THREES_SIX "subs r12, r12, #1\n bne 7b\n .endif\n" \
    "str r1, [sp, #24]\n ldr r1, [sp, #12]\n .endif\n"
/* Adds a number of either sign; one that no instruction holds by way of r2. */
#define DW_THREES_ADD(reg, number) \
    ".if (" number ") >= 4096\n" DW_NUMBER(r2, number) "add " #reg ", " #reg ", r2\n" \
    ".elseif (" number ") >= 0\n addw " #reg ", " #reg ", #(" number ")\n" \
    ".elseif (" number ") > -4096\n subw " #reg ", " #reg ", #-(" number ")\n" \
    ".else\n" DW_NUMBER(r2, "-(" number ")") "sub " #reg ", " #reg ", r2\n .endif\n"
#define DW_THREES_ROW(form) \
    "3:\n" DW_THREES_COPY "ldr r0, [sp, #28]\n" \
    ".if .Lunrolled\n mov r3, r1\n" DW_THREES_ADD(r3, ".Lwhole") "str r3, [sp, #4]\n .endif\n" \
    "2:\n" DW_THREES_GROUPS DW_DOT_UNIT_joint_3(form) DW_THREES_ENDS_##form DW_THREES_STORES \
    DW_THREES_ADD(r1, "-.Lwhole") DW_THREES_ADD(r0, "2 * .Lstep - 8 * .Lgroups") "cmp r0, r11\n bne 2b\n" \
    DW_THREES_ADD(lr, "3 * .Lchannel - 2 * .Lpixel * .Lblocks") \
    ".if .Lcopy\n ldr r1, [sp, #24]\n .else\n" DW_THREES_ADD(r1, ".Lsize") ".endif\n" \
    "ldr r10, [sp, #8]\n cmp r10, r1\n bne 3b\n"
#define DW_THREES_SCALES_line "12"
#define DW_THREES_SCALES_moved "12"
#define DW_THREES_SCALES_held "12"
#define DW_THREES_SCALES_scaled "36"
#define DW_THREES_SCALES_signed "36"
#define DW_THREES_SCALES_clamped "36"
#define DW_THREES_CODE(form) \
    ".set .Lwhole, 12 + 12 * .Lgroups\n .set .Lsize, .Lwhole + " DW_THREES_SCALES_##form "\n .set .Lsixes, .Lsize / 24\n" \
    "push {r4-r11, lr}\n sub sp, #36\n ldm r2, {r6-r10}\n" \
    DW_DOT_MOVES_##form "str r9, [sp, #16]\n str r10, [sp, #20]\n str r0, [sp, #28]\n mov lr, r1\n mov r1, r6\n" \
    DW_NUMBER(r3, "2 * .Lstep * .Lblocks") "add r3, r3, r0\n str r3, [sp]\n" \
    DW_NUMBER(r3, ".Lsize * .Lthrees") "add r3, r3, r1\n str r3, [sp, #8]\n" \
    ".if .Lcopy\n" DW_NUMBER(r3, ".Lcopy") "add r3, r3, r0\n str r3, [sp, #12]\n .endif\n" \
    DW_THREES_ROW(form) "add sp, #36\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_THREES_SET(symbol, number) ".set " #symbol ", " DW_TEXT(number) "\n"
#define DW_ROW_THREES(                                                                             \
    name, blocks, weights, form, step, groups, head, unrolled, copy, pixel, channel, threes)       \
    DW_NAKED void name(DW_PARAMETER const uint32_t *x, DW_PARAMETER int8_t *out,                   \
        DW_PARAMETER const struct dw_dot *layer)                                                   \
    {                                                                                              \
        DW_CODE(DW_THREES_SET(.Lblocks, blocks) DW_THREES_SET(.Lstep, step)                        \
                DW_THREES_SET(.Lgroups, groups) DW_THREES_SET(.Lhead, head)                        \
                    DW_THREES_SET(.Lunrolled, unrolled) DW_THREES_SET(.Lcopy, copy)                \
                        DW_THREES_SET(.Lpixel, pixel) DW_THREES_SET(.Lchannel, channel)            \
                            DW_THREES_SET(.Lthrees, threes) DW_THREES_CODE(form));                 \
    }

#endif
