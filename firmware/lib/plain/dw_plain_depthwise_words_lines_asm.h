/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of channels of a depthwise layer whose weights are words (dw_plain_depthwise_words_lines.h) in assembly for
 * Armv6-M: 10 instructions for two products, registers as in dw_plain_depthwise_lines_asm.h but for r4 and r7, weights
 * while products are added up.
 *
 * On the stack: 0 outputs, 4 the taps' addresses, 8 words of weights, 12 lines.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_DEPTHWISE_WORDS_LINES_ASM_H)
#define DW_PLAIN_DEPTHWISE_WORDS_LINES_ASM_H

#include "dw_plain_depthwise_lines_asm.h"
#include "dw_plain_words_tap_asm.h"

/* clang-format off */
/* All channels of one output pixel. */
DW_NAKED void dw_words_lines(DW_PARAMETER int8_t *out, DW_PARAMETER const int8_t *const *at,
    DW_PARAMETER const int8_t *const *end, DW_PARAMETER const struct dw_lined_words *data)
{
    DW_CODE(
        "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n"
        "mov lr, r2\n ldm r3!, {r2, r4, r5, r6}\n push {r0-r2, r4}\n mov r11, r5\n mov r12, r6\n"
        "ldr r0, [r3, #4]\n mov r10, r0\n movs r5, #0\n"
        "1:\n adds r6, r5, #1\n cmp r6, r10\n bne 2f\n mov r6, r5\n"
        "2:\n movs r0, #0\n mov r8, r0\n mov r9, r0\n ldr r0, [sp, #4]\n ldr r1, [sp, #8]\n"
        "3:\n" DW_WORDS_TAP "cmp r0, lr\n bne 3b\n"
        "str r1, [sp, #8]\n ldr r7, [sp, #12]\n"
        DW_TAPS_LINE(r8, r5, 4, 5) DW_TAPS_LINE(r9, r6, 6, 7)
        "str r7, [sp, #12]\n adds r5, r5, #2\n cmp r5, r10\n blt 1b\n"
        "add sp, #16\n pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n"
        DW_TAPS_LINE_OUTSIDE(4, 5) DW_TAPS_LINE_OUTSIDE(6, 7));
}
/* clang-format on */

#endif
