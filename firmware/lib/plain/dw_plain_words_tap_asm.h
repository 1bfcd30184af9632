/* SPDX-License-Identifier: Apache-2.0 */
/* A tap of two channels in assembly for Armv6-M, their weights the halves of a word: registers are those of
 * dw_plain_depthwise_words_asm.h. */
#ifndef DW_PLAIN_WORDS_TAP_ASM_H
#define DW_PLAIN_WORDS_TAP_ASM_H

/* clang-format off */
#define DW_WORDS_TAP \
    "ldm r0!, {r2}\n ldm r1!, {r4}\n ldrsb r3, [r2, r5]\n sxth r7, r4\n muls r7, r3, r7\n add r8, r7\n" \
    "ldrsb r3, [r2, r6]\n asrs r4, r4, #16\n muls r4, r3, r4\n add r9, r4\n"
/* clang-format on */

#endif
