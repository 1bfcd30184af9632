/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dot products whose sizes are known (DW_ROW_KNOWN of dw_dsp_dot.h) in assembly for the DSP extension.
 *
 * As in dw_dsp_dot_asm.h, but sizes are symbols of the assembler, and so immediates. The first group takes the biases
 * as its third operand, `.Lhead` groups in all are computed without a loop, the others in rounds of `.Lunrolled`. Where
 * there is no loop and lanes of weights need no register, lr is where outputs are stored, else that lies on the stack.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_DOT_KNOWN_ASM_H)
#define DW_DSP_DOT_KNOWN_ASM_H

/* clang-format off */
/* A step of 0 is one of interleaved pixels. */
#define DW_KNOWN_SETTINGS(step, next, groups, head, unrolled, head_rest, unrolled_rest, copy, pixel, channel) \
    ".if " DW_TEXT(step) "\n .set .Lbehind, " DW_TEXT(step) "\n .set .Lodd_of_2, 4\n .set .Ltwo, 8\n" \
    ".set .Lodd_of_3, 4\n .set .Lthree, 8\n .set .Lblock, 3 * .Lbehind\n" \
    ".else\n" DW_DOT_INTERLEAVED ".set .Lblock, 24 * " DW_TEXT(groups) "\n .endif\n" \
    ".set .Lnext, " DW_TEXT(next) "\n .set .Lcopy, " DW_TEXT(copy) "\n" \
    ".set .Lhead, " DW_TEXT(head) "\n .set .Lunrolled, " DW_TEXT(unrolled) "\n" \
    ".set .Lhead_rest, " DW_TEXT(head_rest) "\n .set .Lunrolled_rest, " DW_TEXT(unrolled_rest) "\n" \
    ".set .Lpixel, " DW_TEXT(pixel) "\n .set .Lchannel, " DW_TEXT(channel) "\n .set .Lgroups, " DW_TEXT(groups) "\n"

/* The first group, and the biases that every sum begins with. */
#define DW_KNOWN_FIRST_MACS_2(w, a, b, x, y) \
    "smlad " #b ", " #y ", " #w ", " #a "\n smlad " #a ", " #x ", " #w ", " #a "\n"
#define DW_KNOWN_FIRST_MACS_3(w, a, b, c) \
    "smlad " #b ", r11, " #w ", " #a "\n smlad " #c ", r12, " #w ", " #a "\n smlad " #a ", r10, " #w ", " #a "\n"
#define DW_KNOWN_BIASES "ldr r4, [r1], #8\n ldr r5, [r1, #-4]\n"
#define DW_KNOWN_FIRST_narrow_1 DW_KNOWN_BIASES DW_DOT_GROUP_narrow_1
#define DW_KNOWN_FIRST_joint_1 DW_KNOWN_BIASES DW_DOT_GROUP_joint_1
#define DW_KNOWN_FIRST_joint_2 \
    DW_KNOWN_BIASES DW_DOT_WEIGHTS DW_DOT_INPUTS_2 \
    DW_KNOWN_FIRST_MACS_2(r2, r4, r6, r10, r11) DW_KNOWN_FIRST_MACS_2(r3, r5, r7, r10, r11) \
    DW_DOT_LOWER DW_DOT_MACS_2(r2, r4, r6, r12, r8) DW_DOT_MACS_2(r3, r5, r7, r12, r8)
#define DW_KNOWN_FIRST_joint_3 \
    DW_KNOWN_BIASES DW_DOT_WEIGHTS DW_DOT_EVEN_3 \
    DW_KNOWN_FIRST_MACS_3(r2, r4, r6, r8) DW_KNOWN_FIRST_MACS_3(r3, r5, r7, r9) \
    DW_DOT_ODD_3 DW_DOT_LOWER DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9)
#define DW_KNOWN_FIRST_wide_1 DW_KNOWN_BIASES DW_DOT_GROUP_wide_1
#define DW_KNOWN_FIRST_narrow_2 \
    DW_KNOWN_BIASES DW_DOT_WEIGHTS DW_DOT_INPUTS_2 \
    "sxtb16 lr, r2\n" DW_KNOWN_FIRST_MACS_2(lr, r4, r6, r10, r11) \
    "sxtb16 lr, r3\n" DW_KNOWN_FIRST_MACS_2(lr, r5, r7, r10, r11) \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_2(lr, r4, r6, r12, r8) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_2(lr, r5, r7, r12, r8)
#define DW_KNOWN_FIRST_wide_2 \
    DW_KNOWN_BIASES DW_DOT_INPUTS_2 DW_DOT_WIDE_4(r9, lr) \
    DW_KNOWN_FIRST_MACS_2(r2, r4, r6, r10, r11) DW_KNOWN_FIRST_MACS_2(r3, r5, r7, r10, r11) \
    DW_DOT_MACS_2(r9, r4, r6, r12, r8) DW_DOT_MACS_2(lr, r5, r7, r12, r8)
#define DW_KNOWN_FIRST_narrow_3 \
    DW_KNOWN_BIASES DW_DOT_WEIGHTS DW_DOT_EVEN_3 \
    "sxtb16 lr, r2\n" DW_KNOWN_FIRST_MACS_3(lr, r4, r6, r8) \
    "sxtb16 lr, r3\n" DW_KNOWN_FIRST_MACS_3(lr, r5, r7, r9) DW_DOT_ODD_3 \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_3(lr, r4, r6, r8) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_3(lr, r5, r7, r9)
#define DW_KNOWN_FIRST_wide_3 \
    DW_KNOWN_BIASES DW_DOT_EVEN_3 "ldr r2, [r1], #16\n ldr r3, [r1, #-12]\n" \
    DW_KNOWN_FIRST_MACS_3(r2, r4, r6, r8) DW_KNOWN_FIRST_MACS_3(r3, r5, r7, r9) \
    DW_DOT_ODD_3 "ldr r2, [r1, #-8]\n ldr r3, [r1, #-4]\n" \
    DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9)
/* Weights that are copied are wide by then, or joint. */
#define DW_KNOWN_READ_narrow(macro, pixels) macro##narrow_##pixels
#define DW_KNOWN_READ_joint(macro, pixels) macro##joint_##pixels
#define DW_KNOWN_READ_joint_copied(macro, pixels) macro##joint_##pixels
#define DW_KNOWN_READ_wide(macro, pixels) macro##wide_##pixels
#define DW_KNOWN_READ_copied(macro, pixels) macro##wide_##pixels
#define DW_KNOWN_GROUPS(pixels, read, head, unrolled) \
    ".if " head "\n" read(DW_KNOWN_FIRST_, pixels) \
    ".rept " head " - 1\n" read(DW_DOT_GROUP_, pixels) ".endr\n" \
    ".else\n" DW_KNOWN_BIASES DW_DOT_COPY_##pixels ".endif\n" \
    ".if " unrolled "\n" read(DW_DOT_KEPT_, pixels) \
    "1:\n .rept " unrolled "\n" read(DW_DOT_GROUP_, pixels) ".endr\n" read(DW_DOT_END_, pixels) \
    "cmp lr, r1\n bne 1b\n .endif\n"

/* Outputs of the second channel are stored first: at a step of 0 of the last one of an odd number, in r11, the first
 * are stored over them. */
#define DW_KNOWN_STORE_1(at, step, a, b, c) "strb " #a ", [" #at ", #" step "]\n"
#define DW_KNOWN_STORE_2(at, step, a, b, c) \
    DW_KNOWN_STORE_1(at, step, a, b, c) "strb " #b ", [" #at ", #" step " + .Lpixel]\n"
#define DW_KNOWN_STORE_3(at, step, a, b, c) \
    "strb " #b ", [" #at ", #" step " + .Lpixel]\n strb " #c ", [" #at ", #" step " + 2 * .Lpixel]\n"
#define DW_KNOWN_SECOND(pixels, stores) \
    ".if .Lodd\n add r2, lr, r11\n" stores(r2, "0", r5, r7, r9) ".else\n" stores(lr, ".Lchannel", r5, r7, r9) ".endif\n"
#define DW_KNOWN_ALL_3(at, step, a, b, c) \
    DW_KNOWN_STORE_1(at, step, a, b, c) DW_KNOWN_STORE_3(at, step, a, b, c)
#define DW_KNOWN_STEP ".if .Lodd\n ldr r11, [sp, #16]\n .endif\n"
/* Every block begins at a pair's constants; behind the last one r1 has to be at those of the next. */
#define DW_KNOWN_PLACES_3 \
    ".if .Lagain\n ldr r1, [sp]\n .endif\n .if .Lblocks > 1\n ldr r12, [sp, #20]\n .endif\n .if .Lkept == 0\n ldr lr, [sp, #8]\n .endif\n" DW_KNOWN_STEP
#define DW_KNOWN_PLACES "ldr lr, [sp, #8]\n" DW_KNOWN_STEP
#define DW_KNOWN_BLOCKS_0(read, form) \
    "2:\n" DW_KNOWN_GROUPS(3, read, ".Lhead", ".Lunrolled") read(DW_DOT_UNIT_, 3)(form) DW_DOT_ENDS_##form(3, DW_KNOWN_PLACES_3) \
    DW_KNOWN_SECOND(3, DW_KNOWN_ALL_3) DW_KNOWN_STORE_3(lr, "0", r4, r6, r8) \
    ".if 3 * .Lpixel < 256\n strb r4, [lr], #3 * .Lpixel\n .else\n strb r4, [lr]\n addw lr, lr, #3 * .Lpixel\n .endif\n" \
    ".if .Lkept == 0\n str lr, [sp, #8]\n .endif\n" \
    ".if .Lnext > 0\n addw r0, r0, #.Lnext\n .endif\n .if .Lnext < 0\n subw r0, r0, #-.Lnext\n .endif\n" \
    ".if .Lblocks > 1\n cmp r0, r12\n bne 2b\n .endif\n"
#define DW_KNOWN_BLOCKS_AND(pixels, read, form) \
    ".if .Lblocks\n" DW_KNOWN_BLOCKS_0(read, form) ".endif\n .if .Lkept\n str lr, [sp, #8]\n .endif\n" \
    DW_KNOWN_GROUPS(pixels, read, ".Lhead_rest", ".Lunrolled_rest") read(DW_DOT_UNIT_, pixels)(form) DW_DOT_ENDS_##form(pixels, DW_KNOWN_PLACES) \
    DW_KNOWN_SECOND(pixels, DW_KNOWN_STORE_##pixels) DW_KNOWN_STORE_##pixels(lr, "0", r4, r6, r8)
#define DW_KNOWN_BLOCKS_1(read, form) DW_KNOWN_BLOCKS_AND(1, read, form)
#define DW_KNOWN_BLOCKS_2(read, form) DW_KNOWN_BLOCKS_AND(2, read, form)

/* A pair from r1 on, whose outputs begin at lr. Weights are copied two groups at a time, behind the inputs. */
#define DW_KNOWN_PAIR_narrow(form) \
    DW_KNOWN_ANEW "str r1, [sp]\n .if .Lunrolled + .Lunrolled_rest\n" DW_NUMBER(r2, "8 + (.Lgroups << .Lshift)") \
    "add r2, r2, r1\n str r2, [sp, #4]\n .endif\n"
#define DW_KNOWN_ANEW "ldr r0, [sp, #32]\n .if .Lkept == 0\n str lr, [sp, #8]\n .endif\n"
#define DW_KNOWN_PAIR_joint(form) DW_KNOWN_PAIR_narrow(form)
#define DW_KNOWN_PAIR_wide(form) DW_KNOWN_PAIR_narrow(form)
#define DW_KNOWN_PAIR_OF_COPIES(form, two_groups) \
    "ldr r0, [sp, #60]\n movw r12, #.Lgroups\n str r0, [sp]\n ldm r1!, {r2, r3}\n stm r0!, {r2, r3}\n" \
    "7:\n ldm r1!, {r4-r7}\n" two_groups "subs r12, r12, #2\n bne 7b\n" \
    "str r0, [sp, #4]\n ldm r1!, {" DW_KNOWN_TRAILER_##form "}\n stm r0, {" DW_KNOWN_TRAILER_##form "}\n" \
    "str r1, [sp, #24]\n ldr r1, [sp]\n" DW_KNOWN_ANEW
#define DW_KNOWN_PAIR_copied(form) DW_KNOWN_PAIR_OF_COPIES(form, DW_KNOWN_COPY_GROUP(r4, r5) DW_KNOWN_COPY_GROUP(r6, r7))
#define DW_KNOWN_PAIR_joint_copied(form) DW_KNOWN_PAIR_OF_COPIES(form, "stm r0!, {r4-r7}\n")
#define DW_KNOWN_COPY_GROUP(a, b) \
    "sxtb16 r8, " #a "\n sxtb16 r9, " #b "\n sxtb16 r10, " #a ", ror #8\n sxtb16 r11, " #b ", ror #8\n stm r0!, {r8-r11}\n"
#define DW_KNOWN_TRAILER_line "r2, r3"
#define DW_KNOWN_TRAILER_moved "r2, r3"
#define DW_KNOWN_TRAILER_held "r2, r3"
#define DW_KNOWN_TRAILER_scaled "r2-r7"
#define DW_KNOWN_TRAILER_signed "r2-r7"
#define DW_KNOWN_TRAILER_clamped "r2-r7"
#define DW_KNOWN_BEHIND_0 \
    ".if .Lagain\n .if .Lpair < 4096\n addw r1, r1, #.Lpair\n .else\n" DW_NUMBER(r12, ".Lpair") "add r1, r1, r12\n .endif\n .endif\n"
#define DW_KNOWN_BEHIND_1 ""
#define DW_KNOWN_BEHIND_2 ""
#define DW_KNOWN_NEXT_narrow ""
#define DW_KNOWN_NEXT_joint ""
#define DW_KNOWN_NEXT_wide ""
#define DW_KNOWN_NEXT_joint_copied DW_KNOWN_NEXT_copied
#define DW_KNOWN_NEXT_copied "ldr r1, [sp, #24]\n"
#define DW_KNOWN_SHIFT_narrow "3"
#define DW_KNOWN_SHIFT_joint "3"
#define DW_KNOWN_SHIFT_wide "4"
#define DW_KNOWN_SHIFT_joint_copied "3"
#define DW_KNOWN_SHIFT_copied "3"
#define DW_KNOWN_FREE_joint "1"
#define DW_KNOWN_FREE_narrow "0"
#define DW_KNOWN_FREE_wide "1"
#define DW_KNOWN_FREE_joint_copied "1"
#define DW_KNOWN_FREE_copied "1"

/* The stack is that of dw_dsp_dot_asm.h, but for 24, the next pair's constants, and 60, where they are copied to. */
#define DW_KNOWN_CODE(rest, weights, form) \
    ".set .Lshift, " DW_KNOWN_SHIFT_##weights "\n .set .Lpair, 8 + (.Lgroups << .Lshift) + " DW_DOT_TRAILER_##form "\n" \
    ".set .Lback, 3 * .Lblocks * .Lpixel - 2 * .Lchannel\n .set .Lkept, 0\n .if .Lunrolled == 0\n .set .Lkept, " DW_KNOWN_FREE_##weights "\n .endif\n" \
    ".set .Lagain, 0\n .if .Lblocks > 1 || " #rest "\n .set .Lagain, 1\n .endif\n" \
    "push {r4-r11, lr}\n sub sp, #64\n ldm r2, {r6-r10}\n str r0, [sp, #32]\n mov lr, r1\n" \
    DW_DOT_MOVES_##form "str r9, [sp, #48]\n str r10, [sp, #52]\n" \
    ".if .Lcopy\n" DW_NUMBER(r11, ".Lcopy") "add r11, r11, r0\n str r11, [sp, #60]\n .endif\n" \
    DW_NUMBER(r11, ".Lblock * .Lblocks") "add r11, r11, r0\n str r11, [sp, #20]\n movw r11, #.Lchannel\n str r11, [sp, #16]\n" \
    DW_NUMBER(r11, ".Lpair") "lsr r12, r7, #1\n mla r12, r12, r11, r6\n str r12, [sp, #40]\n" \
    "and r7, r7, #1\n mla r12, r7, r11, r12\n str r12, [sp, #44]\n mov r1, r6\n b 4f\n" \
    "3:\n" DW_KNOWN_PAIR_##weights(form) DW_KNOWN_BLOCKS_##rest(DW_KNOWN_READ_##weights, form) DW_KNOWN_BEHIND_##rest DW_KNOWN_NEXT_##weights \
    ".if .Lback < 0\n addw lr, lr, #-.Lback\n .elseif .Lback < 4096\n subw lr, lr, #.Lback\n .else\n" \
    DW_NUMBER(r12, ".Lback") "sub lr, lr, r12\n .endif\n" \
    "4:\n ldr r12, [sp, #40]\n cmp r1, r12\n bne 3b\n" \
    ".if .Lodd\n ldr r12, [sp, #44]\n cmp r1, r12\n beq 5f\n" \
    "str r12, [sp, #40]\n mov r11, #0\n str r11, [sp, #16]\n b 3b\n 5:\n .endif\n" \
    "add sp, #64\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_ROW_KNOWN(name, blocks, rest, weights, form, step, next, groups, head, unrolled,                    \
    head_rest, unrolled_rest, copy, pixel, channel, odd)                                                       \
    DW_NAKED void name(DW_PARAMETER const uint32_t *x, DW_PARAMETER int8_t *out,                               \
        DW_PARAMETER const struct dw_dot *layer)                                                               \
    {                                                                                                          \
        DW_CODE(DW_KNOWN_SETTINGS(step, next, groups, head, unrolled, head_rest, unrolled_rest,                \
            copy, pixel,                                                                                       \
            channel) ".set .Lblocks, " DW_TEXT(blocks) "\n .set .Lodd, " DW_TEXT(odd) "\n" DW_KNOWN_CODE(rest, \
            weights, form));                                                                                   \
    }

#endif
