/* SPDX-License-Identifier: Apache-2.0 */
/* Strips of depthwise outputs with weights of two bytes (dw_strips_wide.h) in assembly for Armv7-M: registers, stack and
 * instructions are those of dw_strips_asm.h, weights are loaded by LDRSH, wherever they lie. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_STRIPS_WIDE_ASM_H)
#define DW_STRIPS_WIDE_ASM_H

#include "dw_strips_asm.h"

/* clang-format off */
#define DW_WIDE_STRIP_WEIGHTS "ldrsh r8, [lr], #2\n ldrsh r9, [lr], #2\n ldrsh r10, [lr], #2\n"
#define DW_WIDE_STRIP_CODE(outputs, stride, form) \
    "push {r4-r11, lr}\n sub sp, sp, #28\n strd r1, r3, [sp]\n ldm r2, {r3-r8}\n mov lr, r3\n" \
    "strd r0, r6, [sp, #8]\n strd r7, r8, [sp, #16]\n str r5, [sp, #24]\n mov r11, #0\n" \
    "1: ldr r12, [sp, #8]\n" \
    DW_WIDE_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_BEGUN) \
    DW_WIDE_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_ADDED) \
    DW_WIDE_STRIP_WEIGHTS DW_STRIP_ROW_##outputs##_BY_##stride(DW_STRIP_ADDED) \
    DW_STRIP_OUTPUTS_##form(outputs) \
    "ldrd r0, r1, [sp]\n add r0, r0, r11\n" DW_STRIP_STORED_##outputs \
    "ldr r1, [sp, #24]\n add r11, r11, #1\n cmp r11, r1\n bne 1b\n add sp, sp, #28\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_WIDE_STRIP(outputs, stride, form)                                                       \
    DW_NAKED void dw_wide_strip_##outputs##_by_##stride##_##form(                                  \
        DW_PARAMETER const int8_t *const *at, DW_PARAMETER int8_t *restrict out,                   \
        DW_PARAMETER const struct dw_streamed *layer, DW_PARAMETER int step)                       \
    {                                                                                              \
        DW_CODE(DW_WIDE_STRIP_CODE(outputs, stride, form));                                        \
    }

#endif
