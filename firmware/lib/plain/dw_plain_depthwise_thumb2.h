/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a depthwise layer (dw_plain_depthwise.h) in assembly for Thumb-2, four together.
 *
 * A tap of four channels takes 15 instructions, an output's scaling 9:
 *
 *     r0 r10 r11   where the next tap's address is, end of these, the first    r4-r7   sums
 *     r1           weights of the tap                                          r8      channel
 *     r2 r3 r12    a tap's pixel, an input, a weight                           r9      channels
 *
 * While sums become outputs, r0 and r1 are multipliers and shifts, r3 the lower half of a product, then
 * where the outputs go. On the stack: 0 biases, 4 multipliers, 8 output, 12 data, 16 end of the
 * channels in fours; 56 is_signed.
 */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_PLAIN_DEPTHWISE_THUMB2_H)
#define DW_PLAIN_DEPTHWISE_THUMB2_H

#include "dw_plain_thumb2.h"

/* clang-format off */
#define DW_TAPS_PRODUCT(sum, k) \
    "ldrsb r3, [r2, #" #k "]\n ldrsb r12, [r1, #" #k "]\n mla " #sum ", r3, r12, " #sum "\n"
#define DW_TAPS_TAP \
    "ldr r2, [r0], #4\n add r2, r2, r8\n" DW_TAPS_PRODUCT(r4, 0) DW_TAPS_PRODUCT(r5, 1) \
    DW_TAPS_PRODUCT(r6, 2) DW_TAPS_PRODUCT(r7, 3) "add r1, r1, r9\n"
#define DW_TAPS_SCALED(sum, rounded) \
    "ldr r12, [r0], #4\n lsl " #sum ", " #sum ", #2\n smull r3, " #sum ", " #sum ", r12\n" \
    "ldrb r12, [r1], #1\n" DW_THUMB2_SHIFTED(sum, rounded)
#define DW_TAPS_OUTPUTS(rounded) \
    DW_TAPS_SCALED(r4, rounded) DW_TAPS_SCALED(r5, rounded) DW_TAPS_SCALED(r6, rounded) \
    DW_TAPS_SCALED(r7, rounded) "str r0, [sp, #4]\n ldr r3, [sp, #8]\n add r3, r3, r8\n"
#define DW_TAPS_STORED(clamped) clamped(r4, r3, 0) clamped(r5, r3, 1) clamped(r6, r3, 2) clamped(r7, r3, 3)
#define DW_TAPS_ROUNDED_OUTPUTS \
    "ldr lr, [sp, #12]\n ldr r0, [sp, #4]\n ldr r1, [lr, #12]\n add r1, r1, r8\n" \
    "ldr r2, [lr, #24]\n ldr r3, [sp, #56]\n cmp r3, #0\n bne 7f\n" \
    DW_TAPS_OUTPUTS(DW_THUMB2_PLUS_ONE) DW_TAPS_STORED(DW_THUMB2_SATURATED) "b 8f\n" \
    "7:\n" DW_TAPS_OUTPUTS(DW_THUMB2_PLUS_SIGN) "ldr r2, [sp, #12]\n ldr r0, [r2, #28]\n" \
    "ldr r1, [r2, #32]\n" DW_TAPS_STORED(DW_THUMB2_CLAMPED)
/* By numbers of each channel's own, which are at r0. */
#define DW_TAPS_FITTED(sum) \
    "ldr r1, [r0, #8]\n ldr r12, [r0], #4\n lsl " #sum ", " #sum ", r1\n" \
    "add " #sum ", " #sum ", r1, lsr #24\n smull lr, " #sum ", " #sum ", r12\n" \
    DW_THUMB2_FITTED_NUMBERS DW_THUMB2_FITTED(sum)
#define DW_TAPS_FITTED_OUTPUTS \
    "ldr r0, [sp, #4]\n" DW_TAPS_FITTED(r4) DW_TAPS_FITTED(r5) DW_TAPS_FITTED(r6) DW_TAPS_FITTED(r7) \
    "str r0, [sp, #4]\n ldr r3, [sp, #8]\n add r3, r3, r8\n ldr r2, [sp, #12]\n ldr r0, [r2, #28]\n" \
    "ldr r1, [r2, #32]\n" DW_TAPS_STORED(DW_THUMB2_WITHIN)
#define DW_TAPS_CODE(step, outputs) \
    "push {r4-r11, lr}\n sub sp, sp, #20\n mov r11, r0\n mov r10, r1\n str r2, [sp, #8]\n" \
    "str r3, [sp, #12]\n ldr r0, [r3, #4]\n str r0, [sp]\n ldr r0, [r3, #8]\n str r0, [sp, #4]\n" \
    "ldr r9, [r3, #20]\n bic r0, r9, #3\n str r0, [sp, #16]\n mov r8, #0\n cmp r0, #0\n beq 9f\n" \
    "1: ldr r0, [sp]\n ldm r0!, {r4-r7}\n str r0, [sp]\n ldr r1, [sp, #12]\n ldr r1, [r1]\n" \
    "add r1, r1, r8\n mov r0, r11\n" \
    "2:\n .rept " #step "\n" DW_TAPS_TAP ".endr\n cmp r0, r10\n bne 2b\n" \
    outputs \
    "8: add r8, r8, #4\n ldr r0, [sp, #16]\n cmp r8, r0\n bne 1b\n" \
    "9: add sp, sp, #20\n pop {r4-r11, pc}\n"
/* clang-format on */

/* Outputs of the channels in fours; the number of taps is a multiple of `step`. */
#define DW_TAPS(name, step, outputs)                                                               \
    DW_NAKED void name(DW_PARAMETER const int8_t *const *at,                                       \
        DW_PARAMETER const int8_t *const *end, DW_PARAMETER int8_t *out,                           \
        DW_PARAMETER const struct dw_depthwise *data, DW_PARAMETER int is_signed)                  \
    {                                                                                              \
        DW_CODE(DW_TAPS_CODE(step, outputs));                                                      \
    }
DW_TAPS(dw_taps_by_1, 1, DW_TAPS_ROUNDED_OUTPUTS)
DW_TAPS(dw_taps_by_3, 3, DW_TAPS_ROUNDED_OUTPUTS)
DW_TAPS(dw_taps_fitted_by_1, 1, DW_TAPS_FITTED_OUTPUTS)
DW_TAPS(dw_taps_fitted_by_3, 3, DW_TAPS_FITTED_OUTPUTS)

DW_INLINE void dw_depthwise_of_kind(const int8_t *const *at, int taps, int step,
    int8_t *restrict out, const struct dw_depthwise *restrict data, int form)
{
    const int is_signed = form == DW_DEPTHWISE_SIGNED;
    if (form == DW_DEPTHWISE_FITTED && step == 3) {
        dw_taps_fitted_by_3(at, at + taps, out, data, 0);
    } else if (form == DW_DEPTHWISE_FITTED) {
        dw_taps_fitted_by_1(at, at + taps, out, data, 0);
    } else if (step == 3) {
        dw_taps_by_3(at, at + taps, out, data, is_signed);
    } else {
        dw_taps_by_1(at, at + taps, out, data, is_signed);
    }
    const int channels = data->channels;
    for (int c = channels & ~3; c < channels; c++) {
        const int8_t *weight = data->weights + c;
        int32_t sum = data->bias[c];
        for (int t = 0; t < taps; t++, weight += channels) {
            sum += at[t][c] * *weight;
        }
        out[c] = dw_depthwise_output(sum, c, data, form);
    }
}

#endif
