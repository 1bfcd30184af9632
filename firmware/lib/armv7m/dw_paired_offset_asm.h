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
    DW_PAIRED_CODE_FROM("add r9, r9, #4 * " #pixels "\n", DW_PAIRED_FROM_##pixels, pixels, form)
/* clang-format on */

#define DW_PAIRED_OFFSET_FORM(pixels, form)                                                        \
    DW_NAKED void dw_paired_offset_##pixels##_##form(DW_PARAMETER const uint32_t *begun,           \
        DW_PARAMETER int8_t *restrict out, DW_PARAMETER const struct dw_streamed *layer)           \
    {                                                                                              \
        DW_CODE(DW_PAIRED_OFFSET_CODE(pixels, form));                                              \
    }

#endif
