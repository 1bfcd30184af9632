/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of pairs of pixels, weights with a zero point (dw_paired_offset.h), in assembly for Armv7-M: registers and
 * stack are those of dw_paired_asm.h, sums begin with words in front of those of the inputs. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_PAIRED_OFFSET_ASM_H)
#define DW_PAIRED_OFFSET_ASM_H

#include "dw_paired_asm.h"

/* clang-format off */
#define DW_PAIRED_FROM_1 "ldr r8, [r11], #4\n"
#define DW_PAIRED_FROM_2 "ldm r11!, {r4, r5}\n"
#define DW_PAIRED_FROM_3 "ldm r11!, {r4, r5, r8}\n"
#define DW_PAIRED_FROM_4 "ldm r11!, {r4-r7}\n"
#define DW_PAIRED_FROM_5 "ldm r11!, {r4-r8}\n"
#define DW_PAIRED_OFFSET_CODE(pixels, form) \
    "push {r4-r11, lr}\n sub sp, sp, #36\n ldm r2, {r3-r9}\n mov lr, r3\n strd r1, r5, [sp]\n" \
    DW_PAIRED_END_##pixels "add r9, r9, #4 * " #pixels "\n strd r0, r9, [sp, #8]\n" \
    "add r5, r5, r1\n strd r5, r6, [sp, #16]\n strd r7, r8, [sp, #24]\n" \
    "1: ldr r11, [sp, #8]\n" DW_PAIRED_FROM_##pixels \
    "2: ldrsb r3, [lr], #1\n lsl r12, r3, #16\n subs r12, r12, #32768\n bmi 4f\n" \
    "3:\n" DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_TWO_##pixels(r9, r10) DW_PAIRED_ADDED_##pixels \
    "subs r12, r12, #65536\n bpl 3b\n" \
    "4: add r12, r12, #65536\n" DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_ADDED_##pixels \
    DW_PAIRED_TWO_##pixels(r12, r12) DW_PAIRED_ADDED_##pixels \
    "ldr r3, [sp, #12]\n cmp r11, r3\n bne 2b\n" \
    DW_PAIRED_OUTPUTS_##form(pixels) \
    "ldrd r0, r1, [sp]\n" DW_PAIRED_STORED_##pixels \
    "add r0, r0, #1\n str r0, [sp]\n ldr r1, [sp, #16]\n cmp r0, r1\n bne 1b\n" \
    "add sp, sp, #36\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_PAIRED_OFFSET_FORM(pixels, form)                                                        \
    DW_NAKED void dw_paired_offset_##pixels##_##form(DW_PARAMETER const uint32_t *begun,           \
        DW_PARAMETER int8_t *restrict out, DW_PARAMETER const struct dw_streamed *layer)           \
    {                                                                                              \
        DW_CODE(DW_PAIRED_OFFSET_CODE(pixels, form));                                              \
    }

#endif
