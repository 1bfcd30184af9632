/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dot products (dw_dsp_dot.h) in assembly for the DSP extension.
 *
 * A function computes all channels of blocks of three pixels A, B, C and of what is left of a row, two channels
 * at a time. In its inner loops all fourteen registers are taken:
 *
 *     r0      inputs             r4 r5   sums of A with channels 0 and 1
 *     r1      constants          r6 r7   sums of B
 *     r2 r3   weights            r8 r9   sums of C
 *     lr      lanes of weights   r10 r11 r12   lanes of inputs of A, B, C
 *
 * All else lies on the stack. The last channel of an odd number is the first of a pair whose second
 * does not exist: the step between channels becomes 0, and the first is stored over the second.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_DOT_ASM_H)
#define DW_DSP_DOT_ASM_H

/* clang-format off */
#define DW_DOT_MAC(sum, x, w) "smlad " #sum ", " #x ", " #w ", " #sum "\n"
#define DW_DOT_MACS_1(w, sum, x) DW_DOT_MAC(sum, x, w)
#define DW_DOT_MACS_2(w, a, b, x, y) DW_DOT_MAC(a, x, w) DW_DOT_MAC(b, y, w)
#define DW_DOT_MACS_3(w, a, b, c) DW_DOT_MAC(a, r10, w) DW_DOT_MAC(b, r11, w) DW_DOT_MAC(c, r12, w)

/* Where inputs lie, as symbols of the assembler: the same input of the next pixel is `.Lbehind`, inputs 1 and 3 of a
 * group are `.Lodd_of_…`, the next group `.Ltwo` or `.Lthree` bytes on. */
#define DW_DOT_INTERLEAVED \
    ".set .Lbehind, 4\n .set .Lodd_of_2, 8\n .set .Ltwo, 16\n .set .Lodd_of_3, 12\n .set .Lthree, 24\n"

/* Four inputs of each pixel and both channels. int8 weights are unpacked on the way, joint ones meet inputs 1 and 3 as they
 * are, then 0 and 2 with their lower bytes alone, int16 ones are loaded as lanes. Loads stand together since they pipeline: fewer pixels leave registers for more.
 * All instructions are four bytes long: see DW_DOT_BYTES. */
#define DW_DOT_WEIGHTS "ldr r2, [r1], #8\n ldr r3, [r1, #-4]\n"
#define DW_DOT_WIDE_4(c, d) \
    "ldr r2, [r1], #16\n ldr r3, [r1, #-12]\n ldr " #c ", [r1, #-8]\n ldr " #d ", [r1, #-4]\n"
#define DW_DOT_INPUTS_1 "ldr r10, [r0], #8\n ldr r11, [r0, #-4]\n"
#define DW_DOT_INPUTS_2 \
    "ldr r10, [r0], #.Ltwo\n ldr r11, [r0, #.Lbehind - .Ltwo]\n" \
    "ldr r12, [r0, #.Lodd_of_2 - .Ltwo]\n ldr r8, [r0, #.Lodd_of_2 + .Lbehind - .Ltwo]\n"
#define DW_DOT_EVEN_3 \
    "ldr r10, [r0], #.Lthree\n ldr r11, [r0, #.Lbehind - .Lthree]\n ldr r12, [r0, #2 * .Lbehind - .Lthree]\n"
#define DW_DOT_ODD_3 \
    "ldr r10, [r0, #.Lodd_of_3 - .Lthree]\n ldr r11, [r0, #.Lodd_of_3 + .Lbehind - .Lthree]\n" \
    "ldr r12, [r0, #.Lodd_of_3 + 2 * .Lbehind - .Lthree]\n"

#define DW_DOT_GROUP_narrow_1 \
    DW_DOT_WEIGHTS DW_DOT_INPUTS_1 \
    "sxtb16 lr, r2\n" DW_DOT_MACS_1(lr, r4, r10) "sxtb16 lr, r3\n" DW_DOT_MACS_1(lr, r5, r10) \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_1(lr, r4, r11) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_1(lr, r5, r11)
#define DW_DOT_LOWER "sxtb16 r2, r2\n sxtb16 r3, r3\n"
#define DW_DOT_GROUP_joint_1 \
    DW_DOT_WEIGHTS DW_DOT_INPUTS_1 DW_DOT_MACS_1(r2, r4, r10) DW_DOT_MACS_1(r3, r5, r10) \
    DW_DOT_LOWER DW_DOT_MACS_1(r2, r4, r11) DW_DOT_MACS_1(r3, r5, r11)
#define DW_DOT_GROUP_joint_2 \
    DW_DOT_WEIGHTS DW_DOT_INPUTS_2 DW_DOT_MACS_2(r2, r4, r6, r10, r11) DW_DOT_MACS_2(r3, r5, r7, r10, r11) \
    DW_DOT_LOWER DW_DOT_MACS_2(r2, r4, r6, r12, r8) DW_DOT_MACS_2(r3, r5, r7, r12, r8)
#define DW_DOT_GROUP_joint_3 \
    DW_DOT_WEIGHTS DW_DOT_EVEN_3 DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9) \
    DW_DOT_ODD_3 DW_DOT_LOWER DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9)
#define DW_DOT_GROUP_wide_1 \
    DW_DOT_INPUTS_1 DW_DOT_WIDE_4(r6, r7) DW_DOT_MACS_1(r2, r4, r10) DW_DOT_MACS_1(r3, r5, r10) \
    DW_DOT_MACS_1(r6, r4, r11) DW_DOT_MACS_1(r7, r5, r11)
#define DW_DOT_GROUP_narrow_2 \
    DW_DOT_WEIGHTS DW_DOT_INPUTS_2 \
    "sxtb16 lr, r2\n" DW_DOT_MACS_2(lr, r4, r6, r10, r11) \
    "sxtb16 lr, r3\n" DW_DOT_MACS_2(lr, r5, r7, r10, r11) \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_2(lr, r4, r6, r12, r8) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_2(lr, r5, r7, r12, r8)
#define DW_DOT_GROUP_wide_2 \
    DW_DOT_INPUTS_2 DW_DOT_WIDE_4(r9, lr) \
    DW_DOT_MACS_2(r2, r4, r6, r10, r11) DW_DOT_MACS_2(r3, r5, r7, r10, r11) \
    DW_DOT_MACS_2(r9, r4, r6, r12, r8) DW_DOT_MACS_2(lr, r5, r7, r12, r8)
#define DW_DOT_GROUP_narrow_3 \
    DW_DOT_WEIGHTS DW_DOT_EVEN_3 \
    "sxtb16 lr, r2\n" DW_DOT_MACS_3(lr, r4, r6, r8) \
    "sxtb16 lr, r3\n" DW_DOT_MACS_3(lr, r5, r7, r9) DW_DOT_ODD_3 \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_3(lr, r4, r6, r8) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_3(lr, r5, r7, r9)
#define DW_DOT_GROUP_wide_3 \
    DW_DOT_EVEN_3 "ldr r2, [r1], #16\n ldr r3, [r1, #-12]\n" \
    DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9) \
    DW_DOT_ODD_3 "ldr r2, [r1, #-8]\n ldr r3, [r1, #-4]\n" \
    DW_DOT_MACS_3(r2, r4, r6, r8) DW_DOT_MACS_3(r3, r5, r7, r9)

/* A loop over groups holds eight of them, or four where a function has another one that is large, so that all of a row's
 * code stays in a cache of 1 KB. It is entered in its middle, `r2` bytes of code behind its start: any number
 * runs unrolled. */
#define DW_DOT_BYTES_narrow(pixels) "(24 + 24 * " #pixels ")"
#define DW_DOT_BYTES_joint(pixels) "(16 + 24 * " #pixels ")"
#define DW_DOT_BYTES_wide(pixels) "(16 + 24 * " #pixels ")"
#define DW_DOT_GROUPS(pixels, weights, unrolled, entry, copies) \
    "ldr r2, [sp, #" #entry "]\n" DW_DOT_KEPT_##weights##_##pixels copies "add pc, r2\n nop\n" \
    "1:\n .rept " unrolled "\n" DW_DOT_GROUP_##weights##_##pixels ".endr\n" \
    DW_DOT_END_##weights##_##pixels "cmp lr, r1\n bne 1b\n"
/* Where the weights end, in lr: kept where lanes of weights need no register, loaded after each round elsewhere. */
#define DW_DOT_LOAD_END "ldr lr, [sp, #4]\n"
#define DW_DOT_KEPT_narrow_1 ""
#define DW_DOT_KEPT_narrow_2 ""
#define DW_DOT_KEPT_narrow_3 ""
#define DW_DOT_KEPT_joint_1 DW_DOT_LOAD_END
#define DW_DOT_KEPT_joint_2 DW_DOT_LOAD_END
#define DW_DOT_KEPT_joint_3 DW_DOT_LOAD_END
#define DW_DOT_KEPT_wide_1 DW_DOT_LOAD_END
#define DW_DOT_KEPT_wide_2 ""
#define DW_DOT_KEPT_wide_3 DW_DOT_LOAD_END
#define DW_DOT_END_narrow_1 DW_DOT_LOAD_END
#define DW_DOT_END_narrow_2 DW_DOT_LOAD_END
#define DW_DOT_END_narrow_3 DW_DOT_LOAD_END
#define DW_DOT_END_joint_1 ""
#define DW_DOT_END_joint_2 ""
#define DW_DOT_END_joint_3 ""
#define DW_DOT_END_wide_1 ""
#define DW_DOT_END_wide_2 DW_DOT_LOAD_END
#define DW_DOT_END_wide_3 ""

/* Both biases, which every pixel begins with. */
#define DW_DOT_COPY_1 ""
#define DW_DOT_COPY_2 "mov r6, r4\n mov r7, r5\n"
#define DW_DOT_COPY_3 DW_DOT_COPY_2 "mov r8, r4\n mov r9, r5\n"

/* Sums of joint weights are 256 times the products, which scaling needs doubled. */
#define DW_DOT_DOUBLED_line(text) ""
#define DW_DOT_DOUBLED_moved(text) ""
#define DW_DOT_DOUBLED_held(text) ""
#define DW_DOT_DOUBLED_scaled(text) text
#define DW_DOT_DOUBLED_signed(text) text
#define DW_DOT_DOUBLED_clamped(text) text
#define DW_DOT_LESS(a, b) "asr " #a ", " #a ", #7\n asr " #b ", " #b ", #7\n"
#define DW_DOT_UNIT_joint_1(form) DW_DOT_DOUBLED_##form(DW_DOT_LESS(r4, r5))
#define DW_DOT_UNIT_joint_2(form) DW_DOT_DOUBLED_##form(DW_DOT_LESS(r4, r5) DW_DOT_LESS(r6, r7))
#define DW_DOT_UNIT_joint_3(form) \
    DW_DOT_DOUBLED_##form(DW_DOT_LESS(r4, r5) DW_DOT_LESS(r6, r7) DW_DOT_LESS(r8, r9))
#define DW_DOT_UNIT_narrow_1(form) ""
#define DW_DOT_UNIT_narrow_2(form) ""
#define DW_DOT_UNIT_narrow_3(form) ""
#define DW_DOT_UNIT_wide_1(form) ""
#define DW_DOT_UNIT_wide_2(form) ""
#define DW_DOT_UNIT_wide_3(form) ""

/* Sums to outputs: dw_on_line with multiplier r2 and r3; or with multiplier r2, offset r3, shift r12: dw_scaled,
 * dw_scaled_signed, and dw_scaled_clamped, by r10 as lines are held. */
#define DW_DOT_ON_LINE(s, m) "smmul " #s ", " #s ", " #m "\n ssat " #s ", #8, " #s ", asr #12\n"
#define DW_DOT_FINISH_line(s) DW_DOT_ON_LINE(s, r2)
#define DW_DOT_FINISH_line_of_1(s) DW_DOT_ON_LINE(s, r3)
#define DW_DOT_FINISH_scaled(s) \
    "smmlar " #s ", " #s ", r2, r3\n asr " #s ", " #s ", r12\n ssat " #s ", #8, " #s "\n"
#define DW_DOT_SHIFT_SIGNED(s) \
    "smmulr " #s ", " #s ", r2\n add " #s ", " #s ", " #s ", asr #31\n" \
    "add " #s ", " #s ", r3\n asr " #s ", " #s ", r12\n"
#define DW_DOT_FINISH_signed(s) DW_DOT_SHIFT_SIGNED(s) "ssat " #s ", #8, " #s "\n"
#define DW_DOT_FINISH_clamped(s) DW_DOT_SHIFT_SIGNED(s) "usat " #s ", #8, " #s "\n" DW_DOT_HELD(s)
#define DW_DOT_FINISHED_1(finish, a, b, c) finish(a)
#define DW_DOT_FINISHED_2(finish, a, b, c) finish(a) finish(b)
#define DW_DOT_FINISHED_3(finish, a, b, c) finish(a) finish(b) finish(c)

/* Loads what outputs are stored by: lr where, r10 and r11 the steps between pixels and channels, r12 the end of
 * the blocks. A clamp needs r10 first. */
#define DW_DOT_PLACES "ldr lr, [sp, #8]\n ldr r10, [sp, #12]\n ldr r11, [sp, #16]\n ldr r12, [sp, #20]\n"
#define DW_DOT_LIMITS_scaled ""
#define DW_DOT_LIMITS_signed ""
#define DW_DOT_LIMITS_clamped "ldr r10, [sp, #52]\n"
#define DW_DOT_SCALED(pixels, form, places) \
    "ldr r2, [r1], #24\n ldr r3, [r1, #-20]\n ldr r12, [r1, #-16]\n" DW_DOT_LIMITS_##form \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_##form, r4, r6, r8) \
    "ldr r2, [r1, #-12]\n ldr r3, [r1, #-8]\n ldr r12, [r1, #-4]\n" \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_##form, r5, r7, r9) places
#define DW_DOT_ENDS_scaled(pixels, places) DW_DOT_SCALED(pixels, scaled, places)
#define DW_DOT_ENDS_signed(pixels, places) DW_DOT_SCALED(pixels, signed, places)
#define DW_DOT_ENDS_clamped(pixels, places) DW_DOT_SCALED(pixels, clamped, places)
#define DW_DOT_ENDS_line(pixels, places) \
    "ldr r2, [r1], #8\n ldr r3, [r1, #-4]\n" places \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_line, r4, r6, r8) \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_line_of_1, r5, r7, r9)
/* On lines that are moved, by r10. */
#define DW_DOT_BACK(s) "qsub8 " #s ", " #s ", r10\n"
#define DW_DOT_ENDS_moved(pixels, places) \
    DW_DOT_ENDS_line(pixels, places "ldr r10, [sp, #52]\n") \
    DW_DOT_FINISHED_##pixels(DW_DOT_BACK, r4, r6, r8) DW_DOT_FINISHED_##pixels(DW_DOT_BACK, r5, r7, r9)
/* On lines that are held: r10 is the room above outputs, and in the next byte one more than the clamp's end. */
#define DW_DOT_UNSIGNED(s, m) "smmul " #s ", " #s ", " #m "\n usat " #s ", #8, " #s ", asr #12\n"
#define DW_DOT_UNSIGNED_0(s) DW_DOT_UNSIGNED(s, r2)
#define DW_DOT_UNSIGNED_1(s) DW_DOT_UNSIGNED(s, r3)
#define DW_DOT_HELD(s) "uqadd8 " #s ", " #s ", r10\n uxtab " #s ", " #s ", r10, ror #8\n"
#define DW_DOT_ENDS_held(pixels, places) \
    "ldr r2, [r1], #8\n ldr r3, [r1, #-4]\n" places "ldr r10, [sp, #52]\n" \
    DW_DOT_FINISHED_##pixels(DW_DOT_UNSIGNED_0, r4, r6, r8) DW_DOT_FINISHED_##pixels(DW_DOT_UNSIGNED_1, r5, r7, r9) \
    DW_DOT_FINISHED_##pixels(DW_DOT_HELD, r4, r6, r8) DW_DOT_FINISHED_##pixels(DW_DOT_HELD, r5, r7, r9)
/* The step between pixels is loaded again where r10 was taken, and the end of a clamp becomes what lines are moved by,
 * or both ends what they are held by. */
#define DW_DOT_AGAIN_moved "ldr r10, [sp, #12]\n"
#define DW_DOT_AGAIN_held DW_DOT_AGAIN_moved
#define DW_DOT_MOVES_moved "add r10, r10, r9\n mvn r10, r10\n"
#define DW_DOT_MOVES_held \
    "sub r9, r9, r10\n sub r9, r9, #1\n add r10, r10, #1\n lsl r10, r10, #8\n bfi r10, r9, #0, #8\n"
#define DW_DOT_AGAIN_line ""
#define DW_DOT_AGAIN_scaled ""
#define DW_DOT_AGAIN_signed ""
#define DW_DOT_AGAIN_clamped ""
#define DW_DOT_MOVES_line ""
#define DW_DOT_MOVES_scaled ""
#define DW_DOT_MOVES_signed ""
#define DW_DOT_MOVES_clamped DW_DOT_MOVES_held
#define DW_DOT_STORE_1(at, a, b, c) "strb " #a ", [" #at "]\n"
#define DW_DOT_STORE_2(at, a, b, c) DW_DOT_STORE_1(at, a, b, c) "strb " #b ", [" #at ", r10]\n"
#define DW_DOT_STORE_3(at, a, b, c) DW_DOT_STORE_2(at, a, b, c) "strb " #c ", [" #at ", r10, lsl #1]\n"

/* One block of one pair; the loop's entry lies at `entry` of the stack. */
#define DW_DOT_BLOCK(pixels, weights, form, unrolled, entry) \
    "ldr r1, [sp]\n ldr r4, [r1], #8\n ldr r5, [r1, #-4]\n" \
    DW_DOT_GROUPS(pixels, weights, unrolled, entry, DW_DOT_COPY_##pixels) \
    DW_DOT_UNIT_##weights##_##pixels(form) DW_DOT_ENDS_##form(pixels, DW_DOT_PLACES) DW_DOT_AGAIN_##form \
    "add r2, lr, r11\n" DW_DOT_STORE_##pixels(r2, r5, r7, r9) DW_DOT_STORE_##pixels(lr, r4, r6, r8)
#define DW_DOT_BLOCKS_0(weights, form) \
    "2:\n" DW_DOT_BLOCK(3, weights, form, ".Lunrolled", 24) \
    "add r10, r10, r10, lsl #1\n add lr, lr, r10\n str lr, [sp, #8]\n cmp r0, r12\n bne 2b\n"
#define DW_DOT_BLOCKS_AND(pixels, weights, form) \
    "cmp r0, r12\n beq 6f\n" DW_DOT_BLOCKS_0(weights, form) \
    "6:\n" DW_DOT_BLOCK(pixels, weights, form, ".Lunrolled_rest", 28)
#define DW_DOT_BLOCKS_1(weights, form) DW_DOT_BLOCKS_AND(1, weights, form)
#define DW_DOT_BLOCKS_2(weights, form) DW_DOT_BLOCKS_AND(2, weights, form)

/* Bytes of code in front of the first group of a loop for r8 groups. */
#define DW_DOT_ENTRY(pixels, weights, unrolled, entry) \
    "rsb r11, r8, #0\n and r11, r11, #" unrolled " - 1\n" \
    "mov r12, #" DW_DOT_BYTES_##weights(pixels) "\n mul r12, r11, r12\n str r12, [sp, #" #entry "]\n"
#define DW_DOT_ENTRY_0(weights) ""
#define DW_DOT_ENTRY_1(weights) DW_DOT_ENTRY(1, weights, ".Lunrolled_rest", 28)
#define DW_DOT_ENTRY_2(weights) DW_DOT_ENTRY(2, weights, ".Lunrolled_rest", 28)

/* A pair from r1 on: where its constants are, and what begins anew. */
#define DW_DOT_ANEW "ldr r0, [sp, #32]\n ldr lr, [sp, #36]\n ldr r12, [sp, #20]\n str lr, [sp, #8]\n"
#define DW_DOT_PAIR \
    "str r1, [sp]\n ldr r2, [sp, #56]\n add r2, r2, r1\n str r2, [sp, #4]\n" DW_DOT_ANEW

/* On the stack: 0 a pair's constants, 4 the end of its weights, 8 the block's outputs, 12 and 16 the steps between
 * pixels and channels, 20 end of the blocks of three, 24 and 28 where the loops are entered, 32 inputs, 36 the
 * pair's outputs, 40 end of whole pairs' constants, 44 of all, 48 minimum, 52 maximum or what lines are moved by, 56 bytes of a pair's biases
 * and weights. r2 is the layer; the step between channels and the number of blocks come on the stack. */
#define DW_DOT_BEGIN(weights, form, rest) \
    "push {r4-r11, lr}\n ldr r4, [sp, #36]\n ldr r5, [sp, #40]\n sub sp, #60\n ldm r2, {r6-r10}\n" \
    "str r3, [sp, #12]\n str r4, [sp, #16]\n str r0, [sp, #32]\n str r1, [sp, #36]\n" \
    DW_DOT_MOVES_##form "str r9, [sp, #48]\n str r10, [sp, #52]\n" \
    "mov r11, #24\n mul r11, r11, r8\n mla r11, r11, r5, r0\n str r11, [sp, #20]\n" \
    DW_DOT_ENTRY(3, weights, ".Lunrolled", 24) DW_DOT_ENTRY_##rest(weights) \
    "lsl r11, r8, #" DW_DOT_GROUP_SHIFT_##weights "\n add r12, r11, #8\n str r12, [sp, #56]\n" \
    "add r11, r12, #" DW_DOT_TRAILER_##form "\n" \
    "lsr r12, r7, #1\n mla r12, r12, r11, r6\n str r12, [sp, #40]\n" \
    "and r7, r7, #1\n mla r12, r7, r11, r12\n str r12, [sp, #44]\n mov r1, r6\n"
#define DW_DOT_GROUP_SHIFT_narrow "3"
#define DW_DOT_GROUP_SHIFT_joint "3"
#define DW_DOT_GROUP_SHIFT_wide "4"
#define DW_DOT_TRAILER_line "8"
#define DW_DOT_TRAILER_moved "8"
#define DW_DOT_TRAILER_held "8"
#define DW_DOT_TRAILER_scaled "24"
#define DW_DOT_TRAILER_signed "24"
#define DW_DOT_TRAILER_clamped "24"

#define DW_DOT_CODE(rest, weights, form) \
    DW_DOT_BEGIN(weights, form, rest) "b 4f\n" \
    "3:\n" DW_DOT_PAIR DW_DOT_BLOCKS_##rest(weights, form) \
    "ldr lr, [sp, #36]\n ldr r11, [sp, #16]\n add lr, lr, r11, lsl #1\n str lr, [sp, #36]\n" \
    "4:\n ldr r12, [sp, #40]\n cmp r1, r12\n bne 3b\n" \
    "ldr r12, [sp, #44]\n cmp r1, r12\n beq 5f\n" \
    "str r12, [sp, #40]\n mov r11, #0\n str r11, [sp, #16]\n b 3b\n" \
    "5:\n add sp, #60\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_ROW(name, rest, weights, form)                                                          \
    DW_NAKED void name(DW_PARAMETER const uint32_t *x, DW_PARAMETER int8_t *out,                   \
        DW_PARAMETER const struct dw_dot *layer, DW_PARAMETER int pixel, DW_PARAMETER int channel, \
        DW_PARAMETER int blocks)                                                                   \
    {                                                                                              \
        DW_CODE(DW_DOT_INTERLEAVED DW_DOT_UNROLLED_##rest DW_DOT_CODE(rest, weights, form));       \
    }
#define DW_DOT_UNROLLED(unrolled, unrolled_rest)                                                   \
    ".set .Lunrolled, " #unrolled "\n .set .Lunrolled_rest, " #unrolled_rest "\n"
#define DW_DOT_UNROLLED_0 DW_DOT_UNROLLED(8, 8)
#define DW_DOT_UNROLLED_1 DW_DOT_UNROLLED(4, 8)
#define DW_DOT_UNROLLED_2 DW_DOT_UNROLLED(4, 4)

#endif
