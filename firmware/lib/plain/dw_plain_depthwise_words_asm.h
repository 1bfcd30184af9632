/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of pairs of channels of a depthwise layer whose weights are words (dw_plain_depthwise_words.h) in assembly for
 * Armv6-M: 10 instructions for two products, as with bytes.
 *
 *     r0   where the next tap's address is   r5 r6   channels
 *     r1   words of weights                  r7      the first weight of a word
 *     r2   a tap's pixel                     r8 r9   sums
 *     r3   an input                          r10 r12 biases, channel behind the last
 *     r4   a word, then its second weight    lr      end of the taps' addresses
 *
 * On the stack: 0 where sums go, 4 the taps' addresses.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_DEPTHWISE_WORDS_ASM_H)
#define DW_PLAIN_DEPTHWISE_WORDS_ASM_H

#include "dw_plain_depthwise_asm.h"
#include "dw_plain_words_tap_asm.h"

/* What the channels of one output share: the taps' addresses and their end, words from the first of these channels on,
 * biases of all. */
struct dw_words {
    const int8_t *const *at;
    const int8_t *const *end;
    const int32_t *words;
    const int32_t *bias;
    int32_t channels;
};

/* clang-format off */
/* Sums of `channel`...`end`-1, and of one more where that is an odd number. */
DW_NAKED void dw_words_sums(DW_PARAMETER int32_t *sums, DW_PARAMETER int channel, DW_PARAMETER int end,
    DW_PARAMETER const struct dw_words *all)
{
    DW_CODE(
        "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n push {r4-r6}\n"
        "mov r12, r2\n movs r5, r1\n ldm r3!, {r2, r4}\n mov lr, r4\n ldm r3!, {r1, r7}\n mov r10, r7\n"
        "push {r0, r2}\n"
        "1:\n adds r6, r5, #1\n cmp r6, r12\n bne 2f\n mov r6, r5\n"
        "2:\n mov r7, r10\n" DW_TAPS_BIAS(r5, r8) DW_TAPS_BIAS(r6, r9) "ldr r0, [sp, #4]\n"
        "3:\n" DW_WORDS_TAP "cmp r0, lr\n bne 3b\n"
        "ldr r2, [sp]\n mov r3, r8\n mov r4, r9\n stm r2!, {r3, r4}\n str r2, [sp]\n"
        "adds r5, r5, #2\n cmp r5, r12\n blt 1b\n"
        "add sp, #8\n pop {r4-r6}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n pop {r4-r7, pc}\n");
}
/* clang-format on */

#endif
