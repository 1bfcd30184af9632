/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels of eight inputs (dw_dsp_kept.h) in assembly for the DSP extension.
 *
 * While a channel of two pixels A and B is computed all fourteen registers are taken:
 *
 *     r4 r6  r5 r7    lanes of A, (1,3) and joint, of four inputs each    r0 r12  sums of A and B
 *     r8 r10 r9 r11   the same of B                                      r2 r3   weights
 *     r1              the channel's words                                lr      where outputs are written
 *
 * On the stack: 0 the channels' words, 4 where the next pixels are read, 8 where these two are written, 12 the end of
 * whole pairs of pixels, 16 the end of all channels' words.
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_KEPT_ASM_H)
#define DW_DSP_KEPT_ASM_H

/* clang-format off */
#define DW_KEPT_LANES(word, joint) \
    "rev16 " #joint ", " #word "\n eor " #joint ", " #joint ", #0x007F007F\n sxtb16 " #word ", " #word ", ror #8\n"
#define DW_KEPT_FOUR(w, first, a, a_joint, b, b_joint) \
    "smlad r12, " #b ", " #w ", " first "\n smlad r0, " #a ", " #w ", r0\n sxtb16 " #w ", " #w "\n" \
    "smlad r12, " #b_joint ", " #w ", r12\n smlad r0, " #a_joint ", " #w ", r0\n"
#define DW_KEPT_PRODUCTS \
    "ldm r1!, {r0, r2, r3}\n" DW_KEPT_FOUR(r2, "r0", r4, r5, r8, r9) DW_KEPT_FOUR(r3, "r12", r6, r7, r10, r11)
#define DW_KEPT_STORES \
    "strb r12, [lr, #.Lpixel]\n" \
    ".if .Lchannel < 256\n strb r0, [lr], #.Lchannel\n .else\n strb r0, [lr]\n addw lr, lr, #.Lchannel\n .endif\n"
#define DW_KEPT_CHANNEL_line \
    DW_KEPT_PRODUCTS \
    "ldr r2, [r1], #4\n smmul r12, r12, r2\n smmul r0, r0, r2\n ssat r12, #8, r12, asr #12\n ssat r0, #8, r0, asr #12\n" \
    ".if .Lback_by\n movw r3, #(.Lback_by & 255)\n qsub8 r12, r12, r3\n qsub8 r0, r0, r3\n .endif\n" DW_KEPT_STORES
/* Sums are doubled, as dw_scaled wants them. */
#define DW_KEPT_CHANNEL_scaled \
    DW_KEPT_PRODUCTS \
    "ldr r2, [r1], #12\n ldr r3, [r1, #-8]\n asr r12, r12, #7\n asr r0, r0, #7\n" \
    "smmlar r12, r12, r2, r3\n smmlar r0, r0, r2, r3\n ldr r2, [r1, #-4]\n asr r12, r12, r2\n asr r0, r0, r2\n" \
    "ssat r12, #8, r12\n ssat r0, #8, r0\n" DW_KEPT_STORES
#define DW_KEPT_BYTES_line "16"
#define DW_KEPT_BYTES_scaled "24"

/* Two pixels at r0, whose outputs go to lr on. */
#define DW_KEPT_PAIR(form) \
    "ldr r4, [r0]\n ldr r6, [r0, #4]\n ldr r8, [r0, #.Lstep]\n ldr r10, [r0, #(.Lstep + 4)]\n" \
    "addw r0, r0, #(2 * .Lstep)\n strd r0, lr, [sp, #4]\n ldr r1, [sp]\n" \
    DW_KEPT_LANES(r4, r5) DW_KEPT_LANES(r6, r7) DW_KEPT_LANES(r8, r9) DW_KEPT_LANES(r10, r11) \
    ".rept .Lhead\n" DW_KEPT_CHANNEL_##form ".endr\n" \
    ".if .Lcount >= .Lunrolled\n 1:\n .rept .Lunrolled\n" DW_KEPT_CHANNEL_##form ".endr\n" \
    ".if .Lcount >= 2 * .Lunrolled\n ldr r2, [sp, #16]\n cmp r1, r2\n bne 1b\n .endif\n .endif\n"

/* Words of all channels, from flash to r2. */
#define DW_KEPT_COPIED_line "r4-r7"
#define DW_KEPT_COPIED_scaled "r4-r9"
#define DW_KEPT_COPY(form) \
    "ldr r3, [r3]\n mov r12, r2\n" DW_NUMBER(lr, ".Lcount") \
    "4:\n ldm r3!, {" DW_KEPT_COPIED_##form "}\n stm r12!, {" DW_KEPT_COPIED_##form "}\n subs lr, lr, #1\n bne 4b\n"
#define DW_KEPT_CODE(words, form) \
    "push {r4-r11, lr}\n sub sp, #20\n ldr r0, [r0]\n" words "mov lr, r1\n" \
    DW_NUMBER(r3, DW_KEPT_BYTES_##form " * .Lcount") "add r3, r3, r2\n str r2, [sp]\n str r3, [sp, #16]\n" \
    DW_NUMBER(r3, ".Lstep * (.Lout_w & -2)") "add r3, r3, r0\n str r3, [sp, #12]\n" \
    "2:\n" DW_KEPT_PAIR(form) \
    "ldr r0, [sp, #4]\n ldr lr, [sp, #8]\n ldr r1, [sp, #12]\n addw lr, lr, #(2 * .Lpixel)\n cmp r0, r1\n blo 2b\n" \
    ".if .Lout_w & 1\n bne 3f\n subw r0, r0, #.Lstep\n subw lr, lr, #.Lpixel\n b 2b\n 3:\n .endif\n" \
    "add sp, #20\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_KEPT_SET(symbol, number) ".set " #symbol ", " DW_TEXT(number) "\n"
#define DW_KEPT_OF(words, form, out_w, step, pixel, channel, count, head, unrolled, moved)         \
    DW_CODE(DW_KEPT_SET(.Lout_w, out_w) DW_KEPT_SET(.Lstep, step) DW_KEPT_SET(.Lpixel, pixel)      \
            DW_KEPT_SET(.Lchannel, channel) DW_KEPT_SET(.Lcount, count) DW_KEPT_SET(.Lhead, head)  \
                DW_KEPT_SET(.Lunrolled, unrolled) DW_KEPT_SET(.Lback_by, moved)                    \
                    DW_KEPT_CODE(words, form))
#define DW_KEPT(name, form, out_w, step, pixel, channel, count, head, unrolled, moved)             \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *rows, DW_PARAMETER int8_t *restrict out,  \
        DW_PARAMETER const struct dw_kept *restrict data)                                          \
    {                                                                                              \
        DW_KEPT_OF(                                                                                \
            "ldr r2, [r2]\n", form, out_w, step, pixel, channel, count, head, unrolled, moved)     \
    }
#define DW_KEPT_COPIED(name, form, out_w, step, pixel, channel, count, head, unrolled, moved)      \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *rows, DW_PARAMETER int8_t *restrict out,  \
        DW_PARAMETER uint32_t *restrict scratch, DW_PARAMETER const struct dw_kept *restrict data) \
    {                                                                                              \
        DW_KEPT_OF(                                                                                \
            DW_KEPT_COPY(form), form, out_w, step, pixel, channel, count, head, unrolled, moved)   \
    }

#endif
