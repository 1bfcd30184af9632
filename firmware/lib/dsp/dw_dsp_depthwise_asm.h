/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a depthwise layer (dw_dsp_depthwise.h) in assembly for the DSP extension.
 *
 * A layer's numbers become symbols of the assembler, which leaves out what a layer does not need. While
 * a row of one channel is computed all fourteen registers are taken:
 *
 *     r0 r1 r2   where the three rows are read     r9 r10 r11   weights (w0,w2) of each row
 *     r3         where outputs are written         r12 lr       weights w1
 *     r4 r5      two sums                          r6 r7 r8     columns; how sums are scaled
 *
 * On the stack: 0 bias, 4 multiplier, 8 offset, 12 shift, 16 where the middle of row 0 ends, 20 the end of
 * the channels, then what brings the rows (24, 28, 32) and the outputs (36) to the next channel, and
 * 40 that channel's constants.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_DEPTHWISE_ASM_H)
#define DW_DSP_DEPTHWISE_ASM_H

/* clang-format off */
/* Loads of a word for the columns at hand, two columns on afterwards: in the middle; at the left edge
 * (column -1 is outside); at the right edge for two outputs, for one; for one without padding. */
#define DW_COL_LOAD_MIDDLE(x, row) "ldr " #x ", [" #row "], #2\n"
#define DW_COL_EDGE_MIDDLE(x) ""
#define DW_COL_LOAD_LEFT(x, row) "ldr " #x ", [" #row "], #1\n"
#define DW_COL_EDGE_LEFT(x) DW_COL_ZERO "lsl " #x ", " #x ", #8\n bfi " #x ", r8, #0, #8\n"
#define DW_COL_LOAD_RIGHT(x, row) "ldr " #x ", [" #row ", #-1]\n"
#define DW_COL_EDGE_RIGHT(x) DW_COL_ZERO "lsr " #x ", " #x ", #8\n bfi " #x ", r8, #24, #8\n"
#define DW_COL_LOAD_RIGHT1(x, row) "ldr " #x ", [" #row ", #-2]\n"
#define DW_COL_EDGE_RIGHT1(x) DW_COL_ZERO "lsr " #x ", " #x ", #16\n bfi " #x ", r8, #16, #8\n"
#define DW_COL_LOAD_INSIDE1(x, row) "ldr " #x ", [" #row ", #-1]\n"
#define DW_COL_EDGE_INSIDE1(x) "lsr " #x ", " #x ", #8\n"
#define DW_COL_ZERO "movw r8, #(.Lzero & 255)\n"

/* One row's taps of one output or two; `half` is where w1 lies, b(ottom) or t(op). */
#define DW_COL_TAPS_1(x, outer, inner, half) \
    "sxtb16 r8, " #x "\n sxtb16 " #x ", " #x ", ror #8\n" \
    "smlad r4, r8, " #outer ", r4\n smlab" #half " r4, " #x ", " #inner ", r4\n"
#define DW_COL_TAPS_2(x, outer, inner, half) DW_COL_TAPS_1(x, outer, inner, half) \
    "smlat" #half " r5, r8, " #inner ", r5\n smlad r5, " #x ", " #outer ", r5\n"
#define DW_COL_SCALED(s) \
    ".if .Lsigned\n smmulr " #s ", " #s ", r8\n add " #s ", " #s ", " #s ", asr #31\n" \
    "add " #s ", " #s ", r6\n .else\n smmlar " #s ", " #s ", r8, r6\n .endif\n" \
    "asr " #s ", " #s ", r7\n .if .Lclamped\n usat " #s ", #8, " #s "\n .else\n ssat " #s ", #8, " #s "\n .endif\n"
/* Outputs within the clamp, where it is less than int8, are held (dw_held): r8 is the room above them, and in the next
 * byte one more than the clamp's end. */
#define DW_COL_ROOM "movw r8, #(255 + .Lminimum - .Lmaximum + ((.Lmaximum + 1) & 255) * 256)\n"
#define DW_COL_HELD(s) "uqadd8 " #s ", " #s ", r8\n uxtab " #s ", " #s ", r8, ror #8\n"
#define DW_COL_CLAMPED_1 ".if .Lclamped\n" DW_COL_ROOM DW_COL_HELD(r4) ".endif\n"
#define DW_COL_CLAMPED_2 ".if .Lclamped\n" DW_COL_ROOM DW_COL_HELD(r4) DW_COL_HELD(r5) ".endif\n"
#define DW_COL_TWO_PIXELS \
    ".if .Lchannels < 2048\n addw r3, r3, #(2 * .Lchannels)\n" \
    ".else\n addw r3, r3, #.Lchannels\n addw r3, r3, #.Lchannels\n .endif\n"
#define DW_COL_STORE_1 DW_COL_SCALED(r4) DW_COL_CLAMPED_1 "strb r4, [r3]\n addw r3, r3, #.Lchannels\n"
#define DW_COL_STORE_2 DW_COL_SCALED(r4) DW_COL_SCALED(r5) DW_COL_CLAMPED_2 \
    "strb r5, [r3, #.Lchannels]\n strb r4, [r3]\n" DW_COL_TWO_PIXELS
#define DW_COL_COPY_BIAS_1 ""
#define DW_COL_COPY_BIAS_2 "mov r5, r4\n"
#define DW_COL_OUTPUTS(count, where) \
    "ldr r4, [sp]\n" DW_COL_LOAD_##where(r6, r0) DW_COL_COPY_BIAS_##count DW_COL_LOAD_##where(r7, r1) \
    DW_COL_EDGE_##where(r6) DW_COL_TAPS_##count(r6, r9, r12, b) \
    DW_COL_EDGE_##where(r7) DW_COL_TAPS_##count(r7, r10, r12, t) \
    DW_COL_LOAD_##where(r6, r2) DW_COL_EDGE_##where(r6) DW_COL_TAPS_##count(r6, r11, lr, b) \
    "ldr r8, [sp, #4]\n ldr r6, [sp, #8]\n ldr r7, [sp, #12]\n" DW_COL_STORE_##count

/* Two outputs at stride 1, one at stride 2. */
#define DW_COL_STEP(where) \
    ".if .Lstride == 1\n" DW_COL_OUTPUTS(2, where) ".else\n" DW_COL_OUTPUTS(1, where) ".endif\n"
#define DW_COL_ROW \
    ".if .Lpad\n" DW_COL_STEP(LEFT) ".endif\n" \
    ".if .Lmiddle & 1\n" DW_COL_STEP(MIDDLE) ".endif\n" \
    ".if .Lmiddle > 1\n 2:\n" DW_COL_STEP(MIDDLE) DW_COL_STEP(MIDDLE) \
    "ldr r6, [sp, #16]\n cmp r6, r0\n bne 2b\n .endif\n" \
    ".if .Ltail == " DW_TEXT(DW_TAIL_TWO) "\n" DW_COL_OUTPUTS(2, RIGHT) ".endif\n" \
    ".if .Ltail == " DW_TEXT(DW_TAIL_ONE) "\n" DW_COL_OUTPUTS(1, RIGHT1) ".endif\n" \
    ".if .Ltail == " DW_TEXT(DW_TAIL_INSIDE) "\n" DW_COL_OUTPUTS(1, INSIDE1) ".endif\n"

/* A row outside of the image is the row of zero points, again and again. */
#define DW_COL_FIND_ROW(row, step) \
    "cmp " #row ", #0\n itt eq\n moveq " #row ", r5\n moveq " #step ", r8\n"
#define DW_COL_SET(symbol, number) ".set " #symbol ", " DW_TEXT(number) "\n"
#define DW_COL_CODE \
    ".set .Lmoved, .Lpad + 2 * .Lmiddle\n .set .Lclamped, 0\n" \
    ".if .Lminimum > -128 || .Lmaximum < 127\n .set .Lclamped, 1\n .endif\n" \
    "push {r4-r11, lr}\n sub sp, #44\n" \
    "mov r3, r1\n ldm r2, {r4, r5}\n ldm r0, {r0, r1, r2}\n" \
    "movw r8, #.Lmoved\n movw r9, #.Lin_w\n sub r9, r9, r8\n rsb r8, r8, #0\n" \
    "mov r10, r9\n mov r11, r9\n" \
    DW_COL_FIND_ROW(r0, r9) DW_COL_FIND_ROW(r1, r10) DW_COL_FIND_ROW(r2, r11) \
    DW_NUMBER(r8, "36 * .Lcount") "add r8, r8, r4\n" \
    DW_NUMBER(r12, ".Lout_w * .Lchannels") "rsb r12, r12, #1\n" \
    "add lr, sp, #20\n stm lr, {r8-r12}\n" \
    "1:\n ldm r4!, {r5-r12, lr}\n stm sp, {r5-r8}\n str r4, [sp, #40]\n" \
    ".if .Lmiddle > 1\n addw r5, r0, #.Lmoved\n str r5, [sp, #16]\n .endif\n" \
    DW_COL_ROW \
    "ldr r4, [sp, #40]\n ldr r5, [sp, #20]\n ldr r6, [sp, #24]\n ldr r7, [sp, #28]\n" \
    "ldr r8, [sp, #32]\n ldr r9, [sp, #36]\n" \
    "add r0, r0, r6\n add r1, r1, r7\n add r2, r2, r8\n add r3, r3, r9\n cmp r4, r5\n bne 1b\n" \
    "add sp, #44\n pop {r4-r11, pc}\n"

#define DW_COLUMN_BLOCK( \
    name, in_w, out_w, channels, count, stride, pad, middle, tail, zero, is_signed, minimum, maximum) \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *rows, DW_PARAMETER int8_t *out, \
        DW_PARAMETER const struct dw_columns *data) \
    { \
        DW_CODE( \
            DW_COL_SET(.Lin_w, in_w) DW_COL_SET(.Lout_w, out_w) DW_COL_SET(.Lchannels, channels) \
            DW_COL_SET(.Lcount, count) DW_COL_SET(.Lstride, stride) DW_COL_SET(.Lpad, pad) DW_COL_SET(.Lmiddle, middle) \
            DW_COL_SET(.Ltail, tail) DW_COL_SET(.Lzero, zero) DW_COL_SET(.Lsigned, is_signed) \
            DW_COL_SET(.Lminimum, minimum) DW_COL_SET(.Lmaximum, maximum) \
            DW_COL_CODE); \
    }
/* clang-format on */

#endif
