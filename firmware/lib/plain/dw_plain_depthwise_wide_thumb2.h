/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a depthwise layer whose weights are int16 (dw_plain_depthwise_wide.h) in assembly for Thumb-2, four
 * together: registers and stack are those of dw_plain_depthwise_thumb2.h. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_PLAIN_DEPTHWISE_WIDE_THUMB2_H)
#define DW_PLAIN_DEPTHWISE_WIDE_THUMB2_H

#include "dw_plain_depthwise_thumb2.h"

/* clang-format off */
#define DW_WIDE_PRODUCT(sum, k, w) \
    "ldrsb r3, [r2, #" #k "]\n ldrsh r12, [r1, #" #w "]\n mla " #sum ", r3, r12, " #sum "\n"
#define DW_WIDE_TAP \
    "ldr r2, [r0], #4\n add r2, r2, r8\n" DW_WIDE_PRODUCT(r4, 0, 0) DW_WIDE_PRODUCT(r5, 1, 2) \
    DW_WIDE_PRODUCT(r6, 2, 4) DW_WIDE_PRODUCT(r7, 3, 6) "add r1, r1, r9, lsl #1\n"
#define DW_WIDE_CODE(step, outputs) \
    "push {r4-r11, lr}\n sub sp, sp, #20\n mov r11, r0\n mov r10, r1\n str r2, [sp, #8]\n" \
    "str r3, [sp, #12]\n ldr r0, [r3, #4]\n str r0, [sp]\n ldr r0, [r3, #8]\n str r0, [sp, #4]\n" \
    "ldr r9, [r3, #20]\n bic r0, r9, #3\n str r0, [sp, #16]\n mov r8, #0\n cmp r0, #0\n beq 9f\n" \
    "1: ldr r0, [sp]\n ldm r0!, {r4-r7}\n str r0, [sp]\n ldr r1, [sp, #12]\n ldr r1, [r1]\n" \
    "add r1, r1, r8, lsl #1\n mov r0, r11\n" \
    "2:\n .rept " #step "\n" DW_WIDE_TAP ".endr\n cmp r0, r10\n bne 2b\n" \
    outputs \
    "8: add r8, r8, #4\n ldr r0, [sp, #16]\n cmp r8, r0\n bne 1b\n" \
    "9: add sp, sp, #20\n pop {r4-r11, pc}\n"
/* clang-format on */

/* Outputs of the channels in fours; the number of taps is a multiple of `step`. */
#define DW_WIDE(name, step, outputs)                                                               \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *at,                                       \
        DW_PARAMETER const int8_t *const *end, DW_PARAMETER int8_t *out,                           \
        DW_PARAMETER const struct dw_depthwise_wide *data, DW_PARAMETER int is_signed)             \
    {                                                                                              \
        DW_CODE(DW_WIDE_CODE(step, outputs));                                                      \
    }
DW_WIDE(dw_wide_by_1, 1, DW_TAPS_ROUNDED_OUTPUTS)
DW_WIDE(dw_wide_by_3, 3, DW_TAPS_ROUNDED_OUTPUTS)
DW_WIDE(dw_wide_fitted_by_1, 1, DW_TAPS_FITTED_OUTPUTS)
DW_WIDE(dw_wide_fitted_by_3, 3, DW_TAPS_FITTED_OUTPUTS)

DW_INLINE int dw_wide_fours(const int8_t *const *at, const int8_t *const *end, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data, int form)
{
    const int is_signed = form == DW_DEPTHWISE_SIGNED, nine = end - at == 9;
    if (form == DW_DEPTHWISE_FITTED && nine) {
        dw_wide_fitted_by_3(at, end, out, data, 0);
    } else if (form == DW_DEPTHWISE_FITTED) {
        dw_wide_fitted_by_1(at, end, out, data, 0);
    } else if (nine) {
        dw_wide_by_3(at, end, out, data, is_signed);
    } else {
        dw_wide_by_1(at, end, out, data, is_signed);
    }
    return data->channels & ~3;
}

#endif
