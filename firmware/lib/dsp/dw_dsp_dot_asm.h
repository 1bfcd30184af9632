/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of dot products (dw_dsp_dot.h) in assembly for the DSP extension.
 *
 * A function computes all channels of one, two or three pixels A, B, C, two channels at a time. In its
 * inner loop all fourteen registers are taken:
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

/* Four inputs of each pixel and both channels. int8 weights are unpacked on the way, int16 ones are
 * loaded as lanes. Loads stand together since they pipeline: fewer pixels leave registers for more.
 * All instructions are four bytes long: see DW_DOT_BYTES. */
#define DW_DOT_WEIGHTS "ldr r2, [r1], #8\n ldr r3, [r1, #-4]\n"
#define DW_DOT_WIDE_4(c, d) \
    "ldr r2, [r1], #16\n ldr r3, [r1, #-12]\n ldr " #c ", [r1, #-8]\n ldr " #d ", [r1, #-4]\n"
#define DW_DOT_INPUTS_1 "ldr r10, [r0], #8\n ldr r11, [r0, #-4]\n"
#define DW_DOT_INPUTS_2 \
    "ldr r10, [r0], #16\n ldr r11, [r0, #-12]\n ldr r12, [r0, #-8]\n ldr r8, [r0, #-4]\n"
#define DW_DOT_EVEN_3 "ldr r10, [r0], #24\n ldr r11, [r0, #-20]\n ldr r12, [r0, #-16]\n"
#define DW_DOT_ODD_3 "ldr r10, [r0, #-12]\n ldr r11, [r0, #-8]\n ldr r12, [r0, #-4]\n"

#define DW_DOT_GROUP_narrow_1 \
    DW_DOT_WEIGHTS DW_DOT_INPUTS_1 \
    "sxtb16 lr, r2\n" DW_DOT_MACS_1(lr, r4, r10) "sxtb16 lr, r3\n" DW_DOT_MACS_1(lr, r5, r10) \
    "sxtb16 lr, r2, ror #8\n" DW_DOT_MACS_1(lr, r4, r11) \
    "sxtb16 lr, r3, ror #8\n" DW_DOT_MACS_1(lr, r5, r11)
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

/* The loop over groups holds eight of them and is entered in its middle, `r2` bytes of code behind its
 * start, so that any number runs unrolled. */
#define DW_DOT_BYTES_narrow(pixels) "(24 + 24 * " #pixels ")"
#define DW_DOT_BYTES_wide(pixels) "(16 + 24 * " #pixels ")"
#define DW_DOT_GROUPS(pixels, weights) \
    "add pc, r2\n nop\n 1:\n .rept 8\n" DW_DOT_GROUP_##weights##_##pixels ".endr\n" \
    "ldr lr, [sp, #24]\n cmp lr, r0\n bne 1b\n"

/* Both biases, which every pixel begins with. */
#define DW_DOT_COPY_1 ""
#define DW_DOT_COPY_2 "mov r6, r4\n mov r7, r5\n"
#define DW_DOT_COPY_3 DW_DOT_COPY_2 "mov r8, r4\n mov r9, r5\n"

/* Sums to outputs with multiplier r2, offset r3, shift lr: dw_scaled, dw_scaled_signed, and
 * dw_scaled_clamped between r10 and r11. */
#define DW_DOT_FINISH_scaled(s) \
    "smmlar " #s ", " #s ", r2, r3\n asr " #s ", " #s ", lr\n ssat " #s ", #8, " #s "\n"
#define DW_DOT_SHIFT_SIGNED(s) \
    "smmulr " #s ", " #s ", r2\n add " #s ", " #s ", " #s ", asr #31\n" \
    "add " #s ", " #s ", r3\n asr " #s ", " #s ", lr\n"
#define DW_DOT_FINISH_signed(s) DW_DOT_SHIFT_SIGNED(s) "ssat " #s ", #8, " #s "\n"
#define DW_DOT_FINISH_clamped(s) DW_DOT_SHIFT_SIGNED(s) \
    "cmp " #s ", r10\n it lt\n movlt " #s ", r10\n cmp " #s ", r11\n it gt\n movgt " #s ", r11\n"
#define DW_DOT_FINISHED_1(finish, a, b, c) finish(a)
#define DW_DOT_FINISHED_2(finish, a, b, c) finish(a) finish(b)
#define DW_DOT_FINISHED_3(finish, a, b, c) finish(a) finish(b) finish(c)

/* Loads what outputs are stored by: r0 where, r10 and r11 the steps between pixels and channels, r12
 * the end of the constants. A clamp needs r10 and r11 first. */
#define DW_DOT_PLACES "ldr r0, [sp, #4]\n ldr r10, [sp, #8]\n ldr r11, [sp, #12]\n ldr r12, [sp, #36]\n"
#define DW_DOT_LIMITS_scaled ""
#define DW_DOT_LIMITS_signed ""
#define DW_DOT_LIMITS_clamped "ldr r10, [sp, #16]\n ldr r11, [sp, #20]\n"
#define DW_DOT_BEFORE_scaled DW_DOT_PLACES
#define DW_DOT_BEFORE_signed DW_DOT_PLACES
#define DW_DOT_BEFORE_clamped ""
#define DW_DOT_BEHIND_scaled ""
#define DW_DOT_BEHIND_signed ""
#define DW_DOT_BEHIND_clamped DW_DOT_PLACES
#define DW_DOT_STORE_1(at, a, b, c) "strb " #a ", [" #at "]\n"
#define DW_DOT_STORE_2(at, a, b, c) DW_DOT_STORE_1(at, a, b, c) "strb " #b ", [" #at ", r10]\n"
#define DW_DOT_STORE_3(at, a, b, c) DW_DOT_STORE_2(at, a, b, c) "strb " #c ", [" #at ", r10, lsl #1]\n"

/* On the stack: 0 inputs, 4 outputs, 8 and 12 the steps between pixels and channels, 16 minimum,
 * 20 maximum, 24 end of the inputs, 28 where the loop is entered, 32 end of the constants, 36 that of
 * whole pairs. r2 is the layer; the step between channels was on the stack from the beginning. */
#define DW_DOT_BEGIN(pixels, weights) \
    "push {r4-r11, lr}\n ldr r4, [sp, #36]\n ldm r2, {r5-r9}\n" \
    "mov r10, #8 * " #pixels "\n mla r10, r10, r7, r0\n" \
    "rsb r11, r7, #0\n and r11, r11, #7\n" \
    "mov r12, #" DW_DOT_BYTES_##weights(pixels) "\n mul r11, r11, r12\n" \
    "lsl r12, r7, #" DW_DOT_GROUP_SHIFT_##weights "\n add r12, r12, #32\n" \
    "lsr lr, r6, #1\n mla lr, lr, r12, r5\n" \
    "and r6, r6, #1\n mla r12, r6, r12, lr\n" \
    "push {r0, r1, r3, r4, r8-r12, lr}\n mov r1, r5\n mov r12, lr\n"
#define DW_DOT_GROUP_SHIFT_narrow "3"
#define DW_DOT_GROUP_SHIFT_wide "4"

#define DW_DOT_CODE(pixels, weights, form) \
    DW_DOT_BEGIN(pixels, weights) "b 3f\n" \
    "2:\n ldr r4, [r1], #8\n ldr r5, [r1, #-4]\n ldr r0, [sp]\n ldr r2, [sp, #28]\n" \
    DW_DOT_COPY_##pixels DW_DOT_GROUPS(pixels, weights) \
    "ldr r2, [r1], #24\n ldr r3, [r1, #-20]\n ldr lr, [r1, #-16]\n" DW_DOT_LIMITS_##form \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_##form, r4, r6, r8) \
    "ldr r2, [r1, #-12]\n ldr r3, [r1, #-8]\n ldr lr, [r1, #-4]\n" DW_DOT_BEFORE_##form \
    DW_DOT_FINISHED_##pixels(DW_DOT_FINISH_##form, r5, r7, r9) DW_DOT_BEHIND_##form \
    "add r2, r0, r11\n" DW_DOT_STORE_##pixels(r2, r5, r7, r9) DW_DOT_STORE_##pixels(r0, r4, r6, r8) \
    "add r2, r2, r11\n str r2, [sp, #4]\n" \
    "3:\n cmp r1, r12\n bne 2b\n" \
    "ldr r12, [sp, #32]\n cmp r1, r12\n beq 4f\n" \
    "str r12, [sp, #36]\n mov r11, #0\n str r11, [sp, #12]\n b 2b\n" \
    "4:\n add sp, #40\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_BLOCK(name, pixels, weights, form)                                                      \
    DW_NAKED void name(DW_PARAMETER const uint32_t *x, DW_PARAMETER int8_t *out,                   \
        DW_PARAMETER const struct dw_dot *layer, DW_PARAMETER int pixel, DW_PARAMETER int channel) \
    {                                                                                              \
        DW_CODE(DW_DOT_CODE(pixels, weights, form));                                               \
    }

#endif
