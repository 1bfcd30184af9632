/* SPDX-License-Identifier: Apache-2.0 */
/* Four channels at a time of dw_rows_lines (dw_plain_rows_lines.h) in assembly for Armv6-M.
 *
 * Sums are those of dw_rows_sums (dw_plain_rows_asm.h): 14.5 instructions for four products, registers as there.
 * A sum then takes 14 to become an output:
 *
 *     r0   the sum, with all its bits   r4 r5   offset and factors of its line; m1; what is clamped
 *     r1   outputs                      r6      m0, then its product
 *     r2   lines                        r7      low
 *     r3   high
 *
 * On the stack: 0 outputs, 4 lines, 8 high, 12 low, 16 end of the outputs, 20 where the first run's address is,
 * 24 length of a run, 28 bytes of a channel's weights, 32 weights of these four.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_ROWS_LINES_ASM_H)
#define DW_PLAIN_ROWS_LINES_ASM_H

/* clang-format off */
#define DW_ROWS_LINE(sum, at, outside, clamped) \
    "ldm r2!, {r4, r5}\n mov r0, " #sum "\n sxth r6, r5\n lsrs r5, r5, #16\n" \
    "muls r6, r0, r6\n asrs r6, r6, r7\n muls r5, r0, r5\n adds r5, r5, r6\n adds r5, r5, r4\n" \
    "asrs r5, r5, r3\n sxtb r4, r5\n cmp r4, r5\n bne " #outside "f\n" \
    #clamped ":\n strb r4, [r1, #" #at "]\n"
#define DW_ROWS_LINE_OUTSIDE(outside, clamped) \
    #outside ":\n asrs r4, r5, #31\n movs r5, #127\n eors r4, r4, r5\n b " #clamped "b\n"

/* What computes four outputs after four, whose sums begin with what `begun` brings to r0. */
#define DW_ROWS_LINES_CODE(begun) \
    "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n" \
    "ldm r3!, {r4-r7}\n push {r4}\n" \
    "ldm r2!, {r3, r4}\n mov r12, r4\n mov lr, r3\n ldr r4, [r2, #4]\n ldr r3, [r2]\n mov r2, lr\n" \
    "push {r1-r4}\n push {r0, r5-r7}\n" \
    "1:\n ldr r4, [sp, #32]\n ldr r7, [sp, #28]\n adds r5, r4, r7\n adds r6, r5, r7\n adds r7, r6, r7\n" \
    begun "mov r8, r0\n mov r9, r0\n mov r10, r0\n mov r11, r0\n ldr r1, [sp, #20]\n" \
    "2:\n ldm r1!, {r3}\n mov lr, r1\n ldr r0, [sp, #24]\n" \
    "adds r3, r3, r0\n adds r4, r4, r0\n adds r5, r5, r0\n adds r6, r6, r0\n adds r7, r7, r0\n" \
    "rsbs r0, r0, #0\n lsls r2, r0, #31\n bne 4f\n" \
    "3:\n" DW_ROWS_PRODUCTS "4:\n" DW_ROWS_PRODUCTS "bne 3b\n" \
    "mov r1, lr\n cmp r1, r12\n bne 2b\n" \
    "str r7, [sp, #32]\n mov r0, sp\n ldm r0!, {r1-r3, r7}\n" \
    DW_ROWS_LINE(r8, 0, 5, 6) DW_ROWS_LINE(r9, 1, 7, 8) \
    DW_ROWS_LINE(r10, 2, 9, 10) DW_ROWS_LINE(r11, 3, 11, 12) \
    "adds r1, r1, #4\n str r1, [sp]\n str r2, [sp, #4]\n ldr r0, [sp, #16]\n cmp r1, r0\n beq 13f\n b 1b\n" \
    DW_ROWS_LINE_OUTSIDE(5, 6) DW_ROWS_LINE_OUTSIDE(7, 8) \
    DW_ROWS_LINE_OUTSIDE(9, 10) DW_ROWS_LINE_OUTSIDE(11, 12) \
    "13:\n add sp, #36\n" \
    "pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n"

/* Outputs from `out` to `end`, a multiple of four. */
DW_NAKED void dw_fours_lines(DW_PARAMETER int8_t *out, DW_PARAMETER const int8_t *end,
    DW_PARAMETER const struct dw_runs *runs, DW_PARAMETER const struct dw_lined *data)
{
    DW_CODE(DW_ROWS_LINES_CODE("movs r0, #0\n"));
}
/* clang-format on */

#endif
