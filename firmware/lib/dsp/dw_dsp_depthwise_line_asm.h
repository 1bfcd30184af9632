/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a depthwise layer on a line, or rounded twice (dw_dsp_depthwise.h), in assembly for the DSP extension.
 *
 * While a row of one channel is computed all fourteen registers are taken:
 *
 *     r0      where row 0 is read, or the first that is inside   r8          multiplier
 *     r1 r2   from there to rows 1 and 2                         r9 r10 r11  weights (w0,w2) of each row
 *     r3      where outputs are written                          r12 lr      weights w1
 *     r4 r5   two sums                                           r6 r7       columns
 *
 * The lowest byte of lr is what lines are moved by, where they are; where they are held it is the room above outputs, and
 * the next byte what is then added.
 * On the stack: 0 bias, 4 where the middle of row 0 ends, 8 the next channel's words, 12 the end of all, 16 a bit for
 * each row outside of the image; above what rows need, where sums are rounded twice, a channel's power of two and the
 * layer's offset. Row 0 comes last in a step, since it moves the place.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_DEPTHWISE_LINE_ASM_H)
#define DW_DSP_DEPTHWISE_LINE_ASM_H

/* clang-format off */
/* How a step reads, by where it is: what it does first, how row 0 is read, what is put where the image ends. */
#define DW_LINE_AT_MIDDLE ""
#define DW_LINE_ROW_0_MIDDLE "ldr r6, [r0], #2\n"
#define DW_LINE_EDGE_MIDDLE(x) ""
#define DW_LINE_AT_LEFT ""
#define DW_LINE_ROW_0_LEFT "ldr r6, [r0], #1\n"
#define DW_LINE_EDGE_LEFT(x) "lsl " #x ", " #x ", #8\n orr " #x ", " #x ", #(.Lzero & 255)\n"
#define DW_LINE_AT_FIRST ""
#define DW_LINE_ROW_0_FIRST "ldr r6, [r0]\n"
#define DW_LINE_EDGE_FIRST(x) DW_LINE_EDGE_LEFT(x)
#define DW_LINE_AT_RIGHT "sub r0, r0, #1\n"
#define DW_LINE_ROW_0_RIGHT "ldr r6, [r0], #1\n"
#define DW_LINE_EDGE_RIGHT(x) "lsr " #x ", " #x ", #8\n orr " #x ", " #x ", #((.Lzero & 255) << 24)\n"
#define DW_LINE_AT_RIGHT1 "sub r0, r0, #2\n"
#define DW_LINE_ROW_0_RIGHT1 "ldr r6, [r0], #2\n"
#define DW_LINE_EDGE_RIGHT1(x) "lsr " #x ", " #x ", #16\n orr " #x ", " #x ", #((.Lzero & 255) << 16)\n"
#define DW_LINE_AT_INSIDE1 "sub r0, r0, #1\n"
#define DW_LINE_ROW_0_INSIDE1 "ldr r6, [r0], #1\n"
#define DW_LINE_EDGE_INSIDE1(x) "lsr " #x ", " #x ", #8\n"

/* One row's taps of one output or two; `half` is where w1 lies, b(ottom) or t(op). The first row's begin with r4. */
#define DW_LINE_LANES(x) "sxtb16 r7, " #x "\n sxtb16 r6, " #x ", ror #8\n"
#define DW_LINE_TAPS_1(x, outer, inner, half) DW_LINE_LANES(x) \
    "smlad r4, r7, " #outer ", r4\n smlab" #half " r4, r6, " #inner ", r4\n"
#define DW_LINE_TAPS_2(x, outer, inner, half) DW_LINE_LANES(x) \
    "smlat" #half " r5, r7, " #inner ", r5\n smlad r5, r6, " #outer ", r5\n" \
    "smlad r4, r7, " #outer ", r4\n smlab" #half " r4, r6, " #inner ", r4\n"
#define DW_LINE_FIRST_1(outer, inner, half) DW_LINE_TAPS_1(r6, outer, inner, half)
#define DW_LINE_FIRST_2(outer, inner, half) DW_LINE_LANES(r6) \
    "smlat" #half " r5, r7, " #inner ", r4\n smlad r5, r6, " #outer ", r5\n" \
    "smlad r4, r7, " #outer ", r4\n smlab" #half " r4, r6, " #inner ", r4\n"
/* An output; of a line that is moved, .Lback_by 1; of one that is held, 2. */
#define DW_LINE_SATURATED(s) \
    ".if .Lrounded\n .if .Lback_by == 2\n usat " #s ", #8, " #s "\n .else\n ssat " #s ", #8, " #s "\n .endif\n" \
    ".elseif .Lback_by == 2\n usat " #s ", #8, " #s ", asr #12\n .else\n ssat " #s ", #8, " #s ", asr #12\n .endif\n"
#define DW_LINE_MOVED_BACK(s) \
    ".if .Lback_by == 1\n qsub8 " #s ", " #s ", lr\n .endif\n" \
    ".if .Lback_by == 2\n uqadd8 " #s ", " #s ", lr\n uxtab " #s ", " #s ", lr, ror #8\n .endif\n"
/* Sums to outputs: those on a line are multiplied; others, doubled ones, are rounded, less 1 if negative, and rounded
 * again by a power of two, with an offset. */
#define DW_LINE_SCALED(s, multiplier, power, offset) \
    ".if .Lrounded\n smmulr " #s ", " #s ", " #multiplier "\n add " #s ", " #s ", " #s ", asr #31\n" \
    "smmlar " #s ", " #s ", " #power ", " #offset "\n .else\n smmul " #s ", " #s ", " #multiplier "\n .endif\n"
#define DW_LINE_ROUNDING(power, offset) ".if .Lrounded\n ldrd " #power ", " #offset ", [sp, #.Lrounding]\n .endif\n"
/* Stores are followed by a step to the next pixel, in one instruction if it can hold that. */
#define DW_LINE_STORE_1 \
    DW_LINE_ROUNDING(r6, r7) DW_LINE_SCALED(r4, r8, r6, r7) DW_LINE_SATURATED(r4) DW_LINE_MOVED_BACK(r4) \
    ".if .Lchannels < 256\n strb r4, [r3], #.Lchannels\n" \
    ".else\n strb r4, [r3]\n addw r3, r3, #.Lchannels\n .endif\n"
#define DW_LINE_STORE_2 \
    DW_LINE_ROUNDING(r6, r7) DW_LINE_SCALED(r4, r8, r6, r7) DW_LINE_SCALED(r5, r8, r6, r7) \
    DW_LINE_SATURATED(r4) DW_LINE_SATURATED(r5) \
    DW_LINE_MOVED_BACK(r4) DW_LINE_MOVED_BACK(r5) \
    ".if .Lchannels < 256\n strb r4, [r3], #.Lchannels\n strb r5, [r3], #.Lchannels\n" \
    ".else\n strb r4, [r3]\n strb r5, [r3, #.Lchannels]\n" DW_COL_TWO_PIXELS ".endif\n"
/* A single output has a register for another word: those of rows 1 and 2 are loaded side by side. */
#define DW_LINE_ROWS_1 "ldr r6, [r0, r1]\n ldr r5, [r0, r2]\n ldr r4, [sp]\n"
#define DW_LINE_ROWS_2 "ldr r6, [r0, r1]\n ldr r4, [sp]\n"
#define DW_LINE_ROW_2_1(where) DW_LINE_EDGE_##where(r5) DW_LINE_TAPS_1(r5, r11, lr, t)
#define DW_LINE_ROW_2_2(where) "ldr r6, [r0, r2]\n" DW_LINE_EDGE_##where(r6) DW_LINE_TAPS_2(r6, r11, lr, t)
#define DW_LINE_OUTPUTS(count, where) DW_LINE_AT_##where \
    DW_LINE_ROWS_##count DW_LINE_EDGE_##where(r6) DW_LINE_FIRST_##count(r10, r12, t) DW_LINE_ROW_2_##count(where) \
    DW_LINE_ROW_0_##where DW_LINE_EDGE_##where(r6) DW_LINE_TAPS_##count(r6, r9, r12, b) DW_LINE_STORE_##count

/* Two outputs at stride 1, one at stride 2. */
#define DW_LINE_STEP(where) \
    ".if .Lstride == 1\n" DW_LINE_OUTPUTS(2, where) ".else\n" DW_LINE_OUTPUTS(1, where) ".endif\n"

/* Two outputs at stride 2, of five columns: a word and a byte, so that words are as far apart as they are long. */
#define DW_LINE_PAIR_TAPS(outer, inner, half, first) \
    "smlabt r5, r7, " #outer ", " #first "\n" DW_LINE_LANES(r6) \
    "smlad r4, r7, " #outer ", r4\n smlatb r5, r7, " #outer ", r5\n" \
    "smlab" #half " r4, r6, " #inner ", r4\n smlat" #half " r5, r6, " #inner ", r5\n"
#define DW_LINE_PAIR \
    "add r7, r0, r1\n ldr r6, [r7]\n ldrsb r7, [r7, #4]\n ldr r4, [sp]\n" DW_LINE_PAIR_TAPS(r10, r12, t, r4) \
    "add r7, r0, r2\n ldr r6, [r7]\n ldrsb r7, [r7, #4]\n" DW_LINE_PAIR_TAPS(r11, lr, t, r5) \
    "ldr r6, [r0], #4\n ldrsb r7, [r0]\n" DW_LINE_PAIR_TAPS(r9, r12, b, r5) DW_LINE_STORE_2
#define DW_LINE_MIDDLE(count) \
    ".if .Lstride == 1\n .rept " count "\n" DW_LINE_OUTPUTS(2, MIDDLE) ".endr\n .else\n" \
    ".rept (" count ") / 2\n" DW_LINE_PAIR ".endr\n .rept (" count ") & 1\n" DW_LINE_OUTPUTS(1, MIDDLE) ".endr\n .endif\n"
#define DW_LINE_ROW \
    ".if .Leven\n" DW_LINE_OUTPUTS(1, FIRST) ".elseif .Lpad\n" DW_LINE_STEP(LEFT) ".endif\n" \
    ".if .Lmiddle >= .Lunrolled\n 2:\n" DW_LINE_MIDDLE(".Lunrolled") \
    "ldr r6, [sp, #4]\n cmp r6, r0\n bne 2b\n .endif\n" DW_LINE_MIDDLE(".Lrest") \
    ".if .Ltail == " DW_TEXT(DW_TAIL_TWO) "\n" DW_LINE_OUTPUTS(2, RIGHT) ".endif\n" \
    ".if .Leven || .Ltail == " DW_TEXT(DW_TAIL_ONE) "\n" DW_LINE_OUTPUTS(1, RIGHT1) ".endif\n" \
    ".if .Ltail == " DW_TEXT(DW_TAIL_INSIDE) "\n" DW_LINE_OUTPUTS(1, INSIDE1) ".endif\n"

/* A row of five columns and outputs, or of six, all of it at once in as many sums, the bias in r6 at first. What zero
 * points at both ends add is in the first and the last from the start. Offsets of row 1 are on the stack at 20 and 24,
 * of row 2 at 28 and 32: to column 0, and to where its end is read. The multiplier is at 36, where outputs are written
 * at 40, how many channels there are at 44 where layers share the function. */
#define DW_LINE_WHOLE(columns, w, first, last) \
    "str r8, [sp, #36]\n" columns \
    ".if .Lrounded\n sadd16 " #w ", r9, r10\n sadd16 " #w ", " #w ", r11\n movw r7, #(.Lzero & 65535)\n .else\n" \
    "sxtb16 " #w ", r9, ror #8\n sxtab16 " #w ", " #w ", r10, ror #8\n sxtab16 " #w ", " #w ", r11, ror #8\n" \
    "movw r7, #(256 * .Lzero & 65535)\n .endif\n" \
    "smlabb " #first ", " #w ", r7, r6\n smlatb " #last ", " #w ", r7, r6\n"
#define DW_LINE_BIAS(sum) "r6"
#define DW_LINE_OWN(sum) #sum
#define DW_LINE_WHOLE_SCALED(s) DW_LINE_SCALED(s, r2, r10, r12) DW_LINE_SATURATED(s) DW_LINE_MOVED_BACK(s)
#define DW_LINE_WHOLE_OUTPUT(s, at) DW_LINE_WHOLE_SCALED(s) \
    ".if .Lshared\n add r1, r1, r9\n strb " #s ", [r1, #-1]\n" \
    ".elseif .Lnear\n strb " #s ", [r1, #(" #at " * .Lchannels)]\n" \
    ".else\n addw r1, r1, #.Lchannels\n strb " #s ", [r1]\n .endif\n"
#define DW_LINE_FIRST_OUTPUT(first) DW_LINE_WHOLE_SCALED(first) "strb " #first ", [r1], #1\n str r1, [sp, #40]\n"
#define DW_LINE_WHOLE_OUTPUTS(first, others) \
    "ldr r2, [sp, #36]\n ldr r1, [sp, #40]\n" DW_LINE_ROUNDING(r10, r12) \
    ".if .Lshared\n ldr r9, [sp, #44]\n" DW_LINE_FIRST_OUTPUT(first) ".endif\n" others \
    ".if !.Lshared\n .if !.Lnear\n" DW_NUMBER(r5, "(.Lout_w - 1) * .Lchannels") "sub r1, r1, r5\n .endif\n" \
    DW_LINE_FIRST_OUTPUT(first) ".endif\n"

/* Five: a word and a byte give lanes (c0,c2) in r1, (c1,c3) in r2, c4 in r3; sums are r4 to r8. */
#define DW_LINE_FIVE_TAPS(outer, inner, half, first) \
    "sxtb16 r1, r2\n sxtb16 r2, r2, ror #8\n" \
    "smlab" #half " r4, r1, " #inner ", r4\n smlabt r4, r2, " #outer ", r4\n" \
    "smlad r5, r1, " #outer ", " first(r5) "\n smlab" #half " r5, r2, " #inner ", r5\n" \
    "smlatb r7, r1, " #outer ", " first(r7) "\n smlat" #half " r7, r2, " #inner ", r7\n smlabt r7, r3, " #outer ", r7\n" \
    "smlad r6, r2, " #outer ", r6\n smlat" #half " r6, r1, " #inner ", r6\n" \
    "smlatb r8, r2, " #outer ", r8\n smlab" #half " r8, r3, " #inner ", r8\n"
#define DW_LINE_FIVE_ROW(offset, behind) \
    "ldr r2, [sp, #" #offset "]\n ldr r3, [sp, #" #behind "]\n ldr r2, [r0, r2]\n ldrsb r3, [r0, r3]\n"
#define DW_LINE_FIVE \
    DW_LINE_WHOLE(DW_LINE_FIVE_ROW(20, 24), r1, r4, r8) DW_LINE_FIVE_TAPS(r10, r12, t, DW_LINE_BIAS) \
    DW_LINE_FIVE_ROW(28, 32) DW_LINE_FIVE_TAPS(r11, lr, t, DW_LINE_OWN) \
    "ldr r2, [r0], #4\n ldrsb r3, [r0], #1\n" DW_LINE_FIVE_TAPS(r9, r12, b, DW_LINE_OWN) \
    DW_LINE_WHOLE_OUTPUTS(r4, DW_LINE_WHOLE_OUTPUT(r5, 1) DW_LINE_WHOLE_OUTPUT(r6, 2) DW_LINE_WHOLE_OUTPUT(r7, 3) \
        DW_LINE_WHOLE_OUTPUT(r8, 4))

/* Six: lanes of a word at column 0, then of one at column 2, are in r1 and r2; sums are r3 to r8. */
#define DW_LINE_SIX_LANES "sxtb16 r2, r1, ror #8\n sxtb16 r1, r1\n"
#define DW_LINE_SIX_LEFT(outer, inner, half, first) DW_LINE_SIX_LANES \
    "smlab" #half " r3, r1, " #inner ", r3\n smlabt r3, r2, " #outer ", r3\n" \
    "smlad r4, r1, " #outer ", " first(r4) "\n smlab" #half " r4, r2, " #inner ", r4\n" \
    "smlad r5, r2, " #outer ", " first(r5) "\n smlat" #half " r5, r1, " #inner ", r5\n"
#define DW_LINE_SIX_RIGHT(outer, inner, half, first) DW_LINE_SIX_LANES \
    "smlad r7, r2, " #outer ", " first(r7) "\n smlat" #half " r7, r1, " #inner ", r7\n" \
    "smlad r6, r1, " #outer ", r6\n smlab" #half " r6, r2, " #inner ", r6\n" \
    "smlatb r8, r1, " #outer ", r8\n smlat" #half " r8, r2, " #inner ", r8\n"
#define DW_LINE_SIX_AT(offset) "ldr r1, [sp, #" #offset "]\n ldr r1, [r0, r1]\n"
#define DW_LINE_SIX_TAPS(behind, outer, inner, half, first) \
    DW_LINE_SIX_LEFT(outer, inner, half, first) behind DW_LINE_SIX_RIGHT(outer, inner, half, first)
#define DW_LINE_SIX \
    DW_LINE_WHOLE(DW_LINE_SIX_AT(20), r2, r3, r8) DW_LINE_SIX_TAPS(DW_LINE_SIX_AT(24), r10, r12, t, DW_LINE_BIAS) \
    DW_LINE_SIX_AT(28) DW_LINE_SIX_TAPS(DW_LINE_SIX_AT(32), r11, lr, t, DW_LINE_OWN) \
    "ldr r1, [r0], #2\n" DW_LINE_SIX_TAPS("ldr r1, [r0], #4\n", r9, r12, b, DW_LINE_OWN) \
    DW_LINE_WHOLE_OUTPUTS(r3, DW_LINE_WHOLE_OUTPUT(r4, 1) DW_LINE_WHOLE_OUTPUT(r5, 2) DW_LINE_WHOLE_OUTPUT(r6, 3) \
        DW_LINE_WHOLE_OUTPUT(r7, 4) DW_LINE_WHOLE_OUTPUT(r8, 5))

/* A row outside of the image: bit `number` of r4, r5 holds two zero points, r6 the bias, `half` and `cleared` are where w1 lies
 * and how it becomes 0. */
#define DW_LINE_OUTSIDE(number, outer, inner, half, cleared) \
    "tst r4, #" #number "\n beq 4f\n" \
    "smlad r6, " #outer ", r5, r6\n smla" #half "b r6, " #inner ", r5, r6\n mov " #outer ", #0\n" cleared "4:\n"
#define DW_LINE_OUTSIDE_ALL \
    "3:\n movw r5, #(.Lzero & 65535)\n orr r5, r5, r5, lsl #16\n" \
    DW_LINE_OUTSIDE(1, r9, r12, b, "lsr r12, r12, #16\n lsl r12, r12, #16\n") \
    DW_LINE_OUTSIDE(2, r10, r12, t, "uxth r12, r12\n") \
    DW_LINE_OUTSIDE(4, r11, lr, t, "uxth lr, lr\n") \
    "b 5b\n"

/* Offset of a row, 0 and its bit if it is outside. */
#define DW_LINE_OFFSET(offset, row, number) \
    "sub " #offset ", " #row ", r0\n cmp " #row ", #0\n itt eq\n moveq " #offset ", #0\n orreq r8, r8, #" #number "\n"
/* Where the constants of the channels end, to r9; a function that layers share finds how many there are in front. */
#define DW_LINE_END \
    ".if .Lshared\n ldr r9, [r4], #4\n str r9, [sp, #44]\n" \
    ".if .Lrounded\n rsb r9, r9, r9, lsl #3\n .else\n add r9, r9, r9, lsl #2\n .endif\n lsl r9, r9, #2\n" \
    ".else\n" DW_NUMBER(r9, "(20 + 8 * .Lrounded) * .Lcount") ".endif\n add r9, r9, r4\n"
/* A channel's constants, and weights as lanes: of 256 times themselves on a line, else of twice. */
#define DW_LINE_DOUBLED(w) "sadd16 " #w ", " #w ", " #w "\n"
#define DW_LINE_BACK \
    ".if .Lback_by\n uxtab lr, lr, r10, ror #16\n .endif\n .if .Lback_by == 2\n bfi lr, r11, #8, #8\n .endif\n"
#define DW_LINE_CHANNEL_ROUNDED \
    "ldm r4!, {r5-r11}\n strd r5, r7, [sp, #.Lrounding]\n str r4, [sp, #8]\n ldr r4, [sp, #16]\n" \
    "sxtb16 r12, r9\n sxtb16 r9, r9, ror #8\n lsl lr, r10, #24\n asr lr, lr, #7\n" DW_LINE_BACK \
    "sxtb16 r10, r10, ror #8\n sxtb16 r11, r11, ror #8\n" \
    DW_LINE_DOUBLED(r12) DW_LINE_DOUBLED(r9) DW_LINE_DOUBLED(r10) DW_LINE_DOUBLED(r11)
#define DW_LINE_CHANNEL \
    "ldm r4!, {r6, r8-r11}\n str r4, [sp, #8]\n ldr r4, [sp, #16]\n" \
    "lsl r12, r9, #8\n and r12, r12, #0xFF00FF00\n and r9, r9, #0xFF00FF00\n" \
    "lsl lr, r10, #24\n" DW_LINE_BACK "and r10, r10, #0xFF00FF00\n" \
    ".if .Lback_by == 2\n and r11, r11, #0xFF00FF00\n .endif\n"
#define DW_LINE_CODE \
    ".if .Ltail == " DW_TEXT(DW_TAIL_EVEN) "\n .set .Leven, 1\n .else\n .set .Leven, 0\n .endif\n" \
    ".set .Lwhole, 0\n .if .Ltail == " DW_TEXT(DW_TAIL_FIVE) "\n .set .Lwhole, 4\n .endif\n" \
    ".if .Ltail == " DW_TEXT(DW_TAIL_SIX) "\n .set .Lwhole, 2\n .endif\n" \
    ".if .Lwhole\n .set .Lframe, 48\n .set .Lmoved, .Lin_w\n" \
    ".else\n .set .Lframe, 20\n .set .Lmoved, .Lpad - .Leven + 2 * .Lmiddle\n .endif\n" \
    ".set .Lunrolled, 4\n .if .Lmiddle < 8\n .set .Lunrolled, 2\n .endif\n .set .Lback, .Lout_w * .Lchannels - 1\n" \
    ".set .Lrest, .Lmiddle & (.Lunrolled - 1)\n .set .Lnear, (.Lout_w - 1) * .Lchannels < 4096\n" \
    ".set .Lrounding, .Lframe\n .set .Lframe, .Lframe + 8 * .Lrounded\n" \
    "push {r4-r11, lr}\n sub sp, #.Lframe\n" \
    "mov r3, r1\n ldr r4, [r2]\n ldm r0, {r5-r7}\n mov r8, #0\n movs r0, r5\n" \
    "itt eq\n moveq r0, r6\n moveq r8, #1\n cmp r0, #0\n it eq\n moveq r0, r7\n" \
    DW_LINE_OFFSET(r1, r6, 2) DW_LINE_OFFSET(r2, r7, 4) \
    "str r8, [sp, #16]\n .if .Lwhole\n str r1, [sp, #20]\n str r2, [sp, #28]\n str r3, [sp, #40]\n" \
    "add r1, r1, #.Lwhole\n add r2, r2, #.Lwhole\n str r1, [sp, #24]\n str r2, [sp, #32]\n .endif\n" \
    DW_LINE_END "str r9, [sp, #12]\n" \
    "1:\n .if .Lrounded\n" DW_LINE_CHANNEL_ROUNDED ".else\n" DW_LINE_CHANNEL ".endif\n" \
    "cmp r4, #0\n bne 3f\n 5:\n" \
    ".if !.Lwhole\n str r6, [sp]\n .endif\n .if .Lmiddle >= .Lunrolled\n addw r5, r0, #(.Lmoved - 2 * .Lrest)\n str r5, [sp, #4]\n .endif\n" \
    ".if .Lwhole == 4\n" DW_LINE_FIVE ".elseif .Lwhole == 2\n" DW_LINE_SIX ".else\n" DW_LINE_ROW ".endif\n" \
    "ldr r4, [sp, #8]\n ldr r5, [sp, #12]\n .if .Lin_w != .Lmoved\n addw r0, r0, #(.Lin_w - .Lmoved)\n .endif\n" \
    ".if .Lwhole\n .elseif .Lback < 4096\n subw r3, r3, #.Lback\n .else\n" DW_NUMBER(r6, ".Lback") "sub r3, r3, r6\n .endif\n" \
    "cmp r4, r5\n bne 1b\n add sp, #.Lframe\n pop {r4-r11, pc}\n" \
    DW_LINE_OUTSIDE_ALL

#define DW_COLUMNS_AS(rounded, name, in_w, out_w, channels, count, stride, pad, middle, tail, zero, moved) \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *rows, DW_PARAMETER int8_t *out, \
        DW_PARAMETER const struct dw_columns *data) \
    { \
        DW_CODE( \
            DW_COL_SET(.Lin_w, in_w) DW_COL_SET(.Lout_w, out_w) DW_COL_SET(.Lchannels, channels) \
            DW_COL_SET(.Lcount, count) DW_COL_SET(.Lstride, stride) DW_COL_SET(.Lpad, pad) DW_COL_SET(.Lmiddle, middle) \
            DW_COL_SET(.Ltail, tail) DW_COL_SET(.Lzero, zero) DW_COL_SET(.Lback_by, moved) \
            DW_COL_SET(.Lrounded, rounded) ".set .Lshared, .Lcount == 0\n" \
            DW_LINE_CODE); \
    }
/* clang-format on */

#endif
