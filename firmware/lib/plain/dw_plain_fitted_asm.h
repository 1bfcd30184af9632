/* SPDX-License-Identifier: Apache-2.0 */
/* Outputs of sums by numbers of each channel's own, dw_fitted_output (dw_fitted.h) one after the other, in assembly
 * for Armv6-M.
 *
 * An output takes 41 instructions:
 *
 *     r0 r9   sums, their end       r5 r4      upper and lower half of a sum that was shifted; its product
 *     r2      outputs               r1 r6      upper and lower half of its multiplier
 *     r3      numbers               r7         carried
 *     r8 r10  clamp                 r12        offset
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_FITTED_ASM_H)
#define DW_PLAIN_FITTED_ASM_H

#include <stdint.h>

/* Numbers of the channels from the first of these sums on, three words each, and the clamp. */
struct dw_fitted {
    const int32_t *numbers;
    int32_t minimum;
    int32_t maximum;
};

/* clang-format off */
DW_NAKED void dw_fitted_sums(DW_PARAMETER const int32_t *sums, DW_PARAMETER const int32_t *end,
    DW_PARAMETER int8_t *out, DW_PARAMETER const struct dw_fitted *fitted)
{
    DW_CODE(
        "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n push {r4-r6}\n mov r9, r1\n"
        "ldm r3!, {r4-r6}\n mov r8, r5\n mov r10, r6\n movs r3, r4\n"
        "1: ldm r0!, {r5}\n ldm r3!, {r1, r4}\n mov r12, r4\n"
        "ldrb r6, [r3]\n lsls r5, r5, r6\n ldrb r6, [r3, #3]\n adds r5, r5, r6\n"
        "uxth r4, r5\n asrs r5, r5, #16\n uxth r6, r1\n lsrs r1, r1, #16\n"
        "movs r7, r4\n muls r7, r6, r7\n lsrs r7, r7, #16\n muls r6, r5, r6\n adds r6, r6, r7\n"
        "muls r4, r1, r4\n muls r5, r1, r5\n asrs r7, r6, #16\n adds r5, r5, r7\n"
        "uxth r6, r6\n adds r4, r4, r6\n asrs r4, r4, #16\n adds r5, r5, r4\n"
        "asrs r4, r5, #31\n ldrb r6, [r3, #2]\n sxtb r6, r6\n ands r4, r4, r6\n adds r5, r5, r4\n add r5, r12\n"
        "ldrb r6, [r3, #1]\n asrs r5, r5, r6\n cmp r5, r8\n blt 3f\n cmp r5, r10\n bgt 4f\n"
        "2: strb r5, [r2]\n adds r2, r2, #1\n adds r3, r3, #4\n cmp r0, r9\n bne 1b\n"
        "pop {r4-r6}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n pop {r4-r7, pc}\n"
        "3: mov r5, r8\n b 2b\n 4: mov r5, r10\n b 2b\n");
}
/* clang-format on */

#endif
