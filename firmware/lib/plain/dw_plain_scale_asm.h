/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs of sums, dw_scaled_sum (dw_plain.h) one after the other, in assembly for Armv6-M.
 *
 * An output takes 32 instructions, 36 where it is clamped. The halves of a multiplier are read as they
 * lie; products of 16 bits are those of dw_high_by_pieces:
 *
 *     r0 r9   sums, their end     r5 r6 r12   a sum's upper half, its lower one, the upper half again
 *     r2      outputs             r7 r1       upper and lower half of its multiplier
 *     r3 r4   multipliers, shifts r8          half
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_SCALE_ASM_H)
#define DW_PLAIN_SCALE_ASM_H

#include <stdint.h>

/* Scaling of the channels from the first of these sums on. */
struct dw_scales {
    const int32_t *multipliers;
    const int8_t *shifts;
    int32_t half;
};

/* clang-format off */
DW_NAKED void dw_scale_sums(DW_PARAMETER const int32_t *sums, DW_PARAMETER const int32_t *end,
    DW_PARAMETER int8_t *out, DW_PARAMETER const struct dw_scales *scales)
{
    DW_CODE(
        "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n push {r4, r5}\n mov r9, r1\n"
        "ldm r3!, {r4, r5, r6}\n mov r8, r6\n movs r3, r4\n movs r4, r5\n"
        "1: ldm r0!, {r5}\n sxth r6, r5\n subs r5, r5, r6\n asrs r5, r5, #16\n mov r12, r5\n"
        "ldrh r7, [r3, #2]\n ldrh r1, [r3]\n muls r5, r1, r5\n muls r1, r6, r1\n asrs r1, r1, #16\n"
        "muls r6, r7, r6\n adds r5, r5, r1\n adds r5, r5, r6\n asrs r5, r5, #14\n"
        "mov r6, r12\n muls r6, r7, r6\n lsls r6, r6, #2\n adds r5, r5, r6\n adds r5, r5, #1\n"
        "ldrb r6, [r4]\n asrs r5, r5, r6\n add r5, r8\n asrs r5, r5, #1\n"
        "sxtb r6, r5\n cmp r6, r5\n bne 3f\n"
        "2: strb r6, [r2]\n adds r2, r2, #1\n adds r3, r3, #4\n adds r4, r4, #1\n cmp r0, r9\n bne 1b\n"
        "pop {r4, r5}\n mov r8, r4\n mov r9, r5\n pop {r4-r7, pc}\n"
        "3: asrs r6, r5, #31\n movs r5, #127\n eors r6, r6, r5\n b 2b\n");
}
/* clang-format on */

#endif
