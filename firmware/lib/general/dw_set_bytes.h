/* SPDX-License-Identifier: Apache-2.0 */
/* Sets bytes, fewer than a call of memset pays for, from any address on: an assembly for Thumb-2, memset elsewhere. */
#ifndef DW_SET_BYTES_H
#define DW_SET_BYTES_H

#include <string.h>

#include "dw_asm.h"

#if DW_ASM_THUMB2

/* Up to three bytes up to a whole word; words, of which the first ones are entered at the place in the row of
 * sixteen from which on they are as many as are left of sixteens; up to three bytes. `count` may be 0. */
/* clang-format off */
#define DW_SET_FOUR "str.w r1, [r0], #4\n str.w r1, [r0], #4\n str.w r1, [r0], #4\n str.w r1, [r0], #4\n"
DW_NAKED void dw_set_bytes(int8_t *to DW_PARAMETER, int value DW_PARAMETER, int count DW_PARAMETER)
{
    DW_CODE("uxtb r1, r1\n"
            "orr r1, r1, r1, lsl #8\n"
            "orr r1, r1, r1, lsl #16\n"
            "0: tst r0, #3\n"
            "beq 1f\n"
            "subs r2, r2, #1\n"
            "it mi\n bxmi lr\n"
            "strb r1, [r0], #1\n"
            "b 0b\n"
            ".p2align 2\n"
            "1: and r3, r2, #60\n"
            "rsb r3, r3, #64\n"
            "add pc, r3\n"
            "nop\n"
            "2:" DW_SET_FOUR DW_SET_FOUR DW_SET_FOUR DW_SET_FOUR
            "subs r2, r2, #64\n"
            "bhs 2b\n"
            "lsls r2, r2, #31\n"
            "it cs\n strhcs r1, [r0], #2\n"
            "it mi\n strbmi r1, [r0]\n"
            "bx lr\n");
}
/* clang-format on */

#else

DW_INLINE void dw_set_bytes(int8_t *to, int value, int count)
{
    memset(to, value, (size_t)count);
}

#endif

#endif
