/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a depthwise layer over padded rows (dw_dsp_padded.h) in assembly for the DSP extension.
 *
 * A layer's numbers become symbols of the assembler, which leaves out what a layer does not need. In the
 * loop over rows of the kernel all fourteen registers are taken:
 *
 *     r0   where a row is read, one pitch before the next      r4 r5 r6 r7     sums of four outputs
 *     r1   weights                                             r8 r9           lanes of weights
 *     r2   lanes of minus the zero point                       r10 r11 r12 lr  lanes of inputs
 *     r3   rows that are left
 *
 * On the stack: 0 one pitch before the outputs' rows, 4 weights of the first row, 8 where outputs are written, 12 the
 * channel's words, 16 blocks that are left, 56 the number of rows.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_PADDED_ASM_H)
#define DW_DSP_PADDED_ASM_H

/* clang-format off */
/* Lanes of a word of weights in r9, of a word of inputs in `even`. */
#define DW_PAD_WEIGHTS "sxtb16 r8, r9\n sxtb16 r9, r9, ror #8\n"
#define DW_PAD_LANES(even, odd) "sxtab16 " #odd ", r2, " #even ", ror #8\n sxtab16 " #even ", r2, " #even "\n"
#define DW_PAD_PLAIN(sum, x, w) "smlad " #sum ", " #x ", " #w ", " #sum "\n"
#define DW_PAD_CROSSED(sum, x, w) "smladx " #sum ", " #x ", " #w ", " #sum "\n"
/* Lanes whose upper half is that of `low`, the lower one that of `high`. */
#define DW_PAD_BETWEEN(to, high, low) "pkhbt " #to ", " #high ", " #low "\n"

/* The first words of the next row, and its weights. */
#define DW_PAD_NEXT(words) \
    ".if .Lpitch < 256\n ldr r10, [r0, #.Lpitch]!\n .else\n addw r0, r0, #.Lpitch\n ldr r10, [r0]\n .endif\n" \
    ".if " #words " > 1\n ldr r12, [r0, #4]\n .endif\n ldr r9, [r1], #4\n"

/* Four taps of `n` outputs, one column apart: lanes of two words; those of the second stay as they are. */
#define DW_PAD_TAPS_1(n, a, b, c, d) \
    DW_PAD_PLAIN(r4, a, r8) DW_PAD_PLAIN(r4, b, r9) \
    ".if " #n " > 1\n" DW_PAD_BETWEEN(a, c, a) DW_PAD_PLAIN(r5, b, r8) DW_PAD_CROSSED(r5, a, r9) ".endif\n" \
    ".if " #n " > 2\n" DW_PAD_BETWEEN(b, d, b) DW_PAD_CROSSED(r6, a, r8) DW_PAD_CROSSED(r6, b, r9) ".endif\n" \
    ".if " #n " > 3\n" DW_PAD_CROSSED(r7, b, r8) DW_PAD_PLAIN(r7, c, r9) ".endif\n"
/* Two columns apart: lanes of r10 and r12, and of the word at `third`, which stay in r10. */
#define DW_PAD_TAPS_2(n, third) \
    DW_PAD_PLAIN(r4, r10, r8) DW_PAD_PLAIN(r4, r11, r9) \
    ".if " #n " > 1\n" DW_PAD_BETWEEN(r10, r12, r10) DW_PAD_BETWEEN(r11, lr, r11) \
    DW_PAD_CROSSED(r5, r10, r8) DW_PAD_CROSSED(r5, r11, r9) ".endif\n" \
    ".if " #n " > 2\n" DW_PAD_PLAIN(r6, r12, r8) DW_PAD_PLAIN(r6, lr, r9) ".endif\n" \
    ".if " #n " > 3\n ldr r10, [r0, #" #third "]\n" DW_PAD_LANES(r10, r11) \
    DW_PAD_BETWEEN(lr, r11, lr) DW_PAD_BETWEEN(r11, r10, r12) \
    DW_PAD_CROSSED(r7, r11, r8) DW_PAD_CROSSED(r7, lr, r9) ".endif\n"

/* The fifth tap, by the half of its lanes. */
#define DW_PAD_FIFTH(sum, x, half) "smla" #half "b " #sum ", " #x ", r8, " #sum "\n"
#define DW_PAD_FIFTHS_1(n) \
    DW_PAD_FIFTH(r4, r12, b) ".if " #n " > 1\n" DW_PAD_FIFTH(r5, lr, b) ".endif\n" \
    ".if " #n " > 2\n" DW_PAD_FIFTH(r6, r12, t) ".endif\n .if " #n " > 3\n" DW_PAD_FIFTH(r7, lr, t) ".endif\n"
#define DW_PAD_FIFTHS_2(n) \
    DW_PAD_FIFTH(r4, r12, b) ".if " #n " > 1\n" DW_PAD_FIFTH(r5, r12, t) ".endif\n" \
    ".if " #n " == 3\n ldr r10, [r0, #8]\n sxtab16 r10, r2, r10\n .endif\n" \
    ".if " #n " > 2\n" DW_PAD_FIFTH(r6, r10, b) ".endif\n .if " #n " > 3\n" DW_PAD_FIFTH(r7, r10, t) ".endif\n"

/* One row of the kernel. */
#define DW_PAD_ROW_4(n) \
    DW_PAD_NEXT(n) DW_PAD_WEIGHTS DW_PAD_LANES(r10, r11) ".if " #n " > 1\n" DW_PAD_LANES(r12, lr) ".endif\n" \
    ".if .Lstride == 1\n" DW_PAD_TAPS_1(n, r10, r11, r12, lr) ".else\n" DW_PAD_TAPS_2(n, 8) ".endif\n"
#define DW_PAD_ROW_5(n) \
    DW_PAD_NEXT(2) DW_PAD_WEIGHTS DW_PAD_LANES(r10, r11) DW_PAD_LANES(r12, lr) \
    ".if .Lstride == 1\n" DW_PAD_TAPS_1(n, r10, r11, r12, lr) "ldr r8, [r1], #4\n" DW_PAD_FIFTHS_1(n) \
    ".else\n" DW_PAD_TAPS_2(n, 8) "ldr r8, [r1], #4\n" DW_PAD_FIFTHS_2(n) ".endif\n"
#define DW_PAD_ROW_8(n) \
    DW_PAD_NEXT(2) DW_PAD_WEIGHTS DW_PAD_LANES(r10, r11) DW_PAD_LANES(r12, lr) \
    ".if .Lstride == 1\n" DW_PAD_TAPS_1(n, r10, r11, r12, lr) \
    ".if " #n " > 1\n ldr r10, [r0, #8]\n .endif\n ldr r9, [r1], #4\n" DW_PAD_WEIGHTS \
    ".if " #n " > 1\n" DW_PAD_LANES(r10, r11) ".endif\n" DW_PAD_TAPS_1(n, r12, lr, r10, r11) \
    ".else\n" DW_PAD_TAPS_2(n, 8) \
    "ldr r10, [r0, #4]\n .if " #n " > 1\n ldr r12, [r0, #8]\n .endif\n ldr r9, [r1], #4\n" DW_PAD_WEIGHTS \
    DW_PAD_LANES(r10, r11) ".if " #n " > 1\n" DW_PAD_LANES(r12, lr) ".endif\n" DW_PAD_TAPS_2(n, 12) ".endif\n"
#define DW_PAD_ROW(n) \
    ".if .Ltaps == 4\n" DW_PAD_ROW_4(n) ".elseif .Ltaps == 5\n" DW_PAD_ROW_5(n) ".else\n" DW_PAD_ROW_8(n) ".endif\n"

/* Sums to outputs: on a line with multiplier r10 and bias r11, moved or held by r9 where the clamp is not int8's; or with
 * twice the bias r9, multiplier r10, offset r11, shift r12, held by r1 where the clamp is not int8's, where steep lr in
 * place of 2. r8 is where they are written. */
#define DW_PAD_ROOM "#(255 + .Lminimum - .Lmaximum + ((.Lmaximum + 1) & 255) * 256)\n"
#define DW_PAD_HELD(s, by) "uqadd8 " #s ", " #s ", " #by "\n uxtab " #s ", " #s ", " #by ", ror #8\n"
#define DW_PAD_SCALED(s) \
    ".if .Lsteep\n mla " #s ", " #s ", lr, r9\n .else\n add " #s ", r9, " #s ", lsl #1\n .endif\n" \
    ".if .Lsigned\n smmulr " #s ", " #s ", r10\n add " #s ", " #s ", " #s ", asr #31\n add " #s ", " #s ", r11\n" \
    ".else\n smmlar " #s ", " #s ", r10, r11\n .endif\n" \
    "asr " #s ", " #s ", r12\n" \
    ".if .Lminimum > -128 || .Lmaximum < 127\n usat " #s ", #8, " #s "\n" DW_PAD_HELD(s, r1) \
    ".else\n ssat " #s ", #8, " #s "\n .endif\n"
#define DW_PAD_OUTPUT(s) \
    ".if .Lline\n add " #s ", r11, " #s ", lsl #8\n smmul " #s ", " #s ", r10\n" \
    ".if .Lline == 3\n usat " #s ", #8, " #s ", asr #12\n" DW_PAD_HELD(s, r9) \
    ".else\n ssat " #s ", #8, " #s ", asr #12\n .endif\n" \
    ".if .Lline == 2\n qsub8 " #s ", " #s ", r9\n .endif\n" \
    ".else\n" DW_PAD_SCALED(s) ".endif\n" \
    ".if .Lstep < 256\n strb " #s ", [r8], #.Lstep\n .else\n strb " #s ", [r8]\n addw r8, r8, #.Lstep\n .endif\n"
#define DW_PAD_OUTPUTS(n) \
    "ldrd r8, r9, [sp, #8]\n" \
    ".if .Lline\n ldrd r10, r11, [r9]\n" \
    ".if .Lline == 2\n movw r9, #((-1 - .Lminimum - .Lmaximum) & 255)\n .endif\n" \
    ".if .Lline == 3\n movw r9, " DW_PAD_ROOM ".endif\n" \
    ".elseif .Lsteep\n ldm r9, {r9-r12, lr}\n .else\n ldm r9, {r9-r12}\n .endif\n" \
    ".if .Lline == 0\n movw r1, " DW_PAD_ROOM ".endif\n" \
    DW_PAD_OUTPUT(r4) ".if " #n " > 1\n" DW_PAD_OUTPUT(r5) ".endif\n" \
    ".if " #n " > 2\n" DW_PAD_OUTPUT(r6) ".endif\n .if " #n " > 3\n" DW_PAD_OUTPUT(r7) ".endif\n"

#define DW_PAD_BLOCK(n) \
    "ldrd r0, r1, [sp]\n ldr r3, [sp, #56]\n" \
    "mov r4, #0\n .if " #n " > 1\n mov r5, #0\n .endif\n" \
    ".if " #n " > 2\n mov r6, #0\n .endif\n .if " #n " > 3\n mov r7, #0\n .endif\n" \
    "2:\n" DW_PAD_ROW(n) "subs r3, r3, #1\n bne 2b\n" DW_PAD_OUTPUTS(n)
#define DW_PAD_CODE \
    "push {r4-r11, lr}\n sub sp, #20\n" \
    "subw r0, r0, #.Lpitch\n" \
    ".if .Ltaps == 4\n add r3, r1, r3, lsl #2\n .else\n add r3, r1, r3, lsl #3\n .endif\n" \
    ".if .Lline\n add r3, r3, #8\n .else\n add r3, r3, #(16 + 4 * .Lsteep)\n .endif\n" \
    "strd r0, r3, [sp]\n strd r2, r1, [sp, #8]\n" \
    "movw r2, #((0 - .Lzero) & 65535)\n orr r2, r2, r2, lsl #16\n" \
    ".if .Lblocks > 1\n mov r4, #.Lblocks\n str r4, [sp, #16]\n .endif\n" \
    ".if .Lblocks\n 1:\n" DW_PAD_BLOCK(4) \
    ".if .Lblocks > 1 || .Lrest\n str r8, [sp, #8]\n ldr r0, [sp]\n add r0, r0, #(4 * .Lstride)\n str r0, [sp]\n .endif\n" \
    ".if .Lblocks > 1\n ldr r4, [sp, #16]\n subs r4, r4, #1\n str r4, [sp, #16]\n bne 1b\n .endif\n .endif\n" \
    ".if .Lrest == 1\n" DW_PAD_BLOCK(1) ".elseif .Lrest == 2\n" DW_PAD_BLOCK(2) \
    ".elseif .Lrest == 3\n" DW_PAD_BLOCK(3) ".endif\n" \
    "add sp, #20\n pop {r4-r11, pc}\n"

#define DW_PAD_SET(symbol, number) ".set " #symbol ", " DW_TEXT(number) "\n"
#define DW_PADDED( \
    name, taps, stride, blocks, rest, pitch, step, zero, on_line, steep, is_signed, minimum, maximum) \
    DW_NAKED void name(DW_PARAMETER const int8_t *rows, DW_PARAMETER const uint32_t *words, \
        DW_PARAMETER int8_t *out, DW_PARAMETER int first, DW_PARAMETER int count) \
    { \
        DW_CODE( \
            DW_PAD_SET(.Ltaps, taps) DW_PAD_SET(.Lstride, stride) DW_PAD_SET(.Lblocks, blocks) \
            DW_PAD_SET(.Lrest, rest) DW_PAD_SET(.Lpitch, pitch) DW_PAD_SET(.Lstep, step) DW_PAD_SET(.Lzero, zero) \
            DW_PAD_SET(.Lline, on_line) DW_PAD_SET(.Lsteep, steep) DW_PAD_SET(.Lsigned, is_signed) \
            DW_PAD_SET(.Lminimum, minimum) DW_PAD_SET(.Lmaximum, maximum) \
            DW_PAD_CODE); \
    }
/* clang-format on */

#endif
