/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of four rows of weights (dw_plain_rows.h) in assembly for Armv6-M.
 *
 * All rows share one index, which ends at 0: 14.5 instructions for four products. Only low registers
 * can do more than move and add, so sums lie in high ones:
 *
 *     r0   index, from -length to 0     r4 r5 r6 r7     ends of this run's weights in each row
 *     r1   an input                     r8 r9 r10 r11   sums
 *     r2   a weight                     lr, r12         where the next run's address is, end of these
 *     r3   end of the run
 *
 * On the stack: 0 where the sums go, 4 length of a run. An odd length enters the loop in its middle.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_ROWS_ASM_H)
#define DW_PLAIN_ROWS_ASM_H

/* clang-format off */
#define DW_ROWS_PRODUCT(sum, weights) \
    "ldrsb r2, [" #weights ", r0]\n muls r2, r1, r2\n add " #sum ", r2\n"
#define DW_ROWS_PRODUCTS \
    "ldrsb r1, [r3, r0]\n" DW_ROWS_PRODUCT(r8, r4) DW_ROWS_PRODUCT(r9, r5) \
    DW_ROWS_PRODUCT(r10, r6) DW_ROWS_PRODUCT(r11, r7) "adds r0, r0, #1\n"

DW_NAKED void dw_rows_sums(DW_PARAMETER int32_t *sums, DW_PARAMETER const int32_t *bias,
    DW_PARAMETER const int8_t *weights, DW_PARAMETER const struct dw_runs *runs)
{
    DW_CODE(
        "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n"
        "ldm r1!, {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n"
        "ldm r3!, {r4-r7}\n mov lr, r4\n mov r12, r5\n push {r0, r6}\n"
        "movs r4, r2\n adds r5, r4, r7\n adds r6, r5, r7\n adds r7, r6, r7\n"
        "1:\n mov r1, lr\n ldm r1!, {r3}\n mov lr, r1\n ldr r0, [sp, #4]\n"
        "adds r3, r3, r0\n adds r4, r4, r0\n adds r5, r5, r0\n adds r6, r6, r0\n adds r7, r7, r0\n"
        "rsbs r0, r0, #0\n lsls r2, r0, #31\n bne 3f\n"
        "2:\n" DW_ROWS_PRODUCTS "3:\n" DW_ROWS_PRODUCTS "bne 2b\n"
        "cmp lr, r12\n bne 1b\n"
        "pop {r0, r1}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n stm r0!, {r4-r7}\n"
        "pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n");
}
/* clang-format on */

#endif
