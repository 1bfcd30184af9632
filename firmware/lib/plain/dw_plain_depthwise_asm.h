/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of pairs of channels of a depthwise layer (dw_plain_depthwise.h) in assembly for Armv6-M.
 *
 * Two channels share what is read of the taps' addresses: 10 instructions for two products. Only low
 * registers can do more than move and add, so sums lie in high ones:
 *
 *     r0   where the next tap's address is   r5 r6   channels
 *     r1   weights of the tap                r7      biases
 *     r2   a tap's pixel                     r8 r9   sums
 *     r3   an input                          r10     number of channels
 *     r4   a weight                          r12     channel behind the last
 *                                            lr      end of the taps' addresses
 *
 * On the stack: 0 where sums go, 4 the taps' addresses, 8 weights.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_DEPTHWISE_ASM_H)
#define DW_PLAIN_DEPTHWISE_ASM_H

#include "dw_plain_fitted_asm.h"
#include "dw_plain_scale_asm.h"

/* What the channels of one output share: the taps' addresses and their end, and of the layer what
 * `struct dw_depthwise` says. */
struct dw_taps {
    const int8_t *const *at;
    const int8_t *const *end;
    const int8_t *weights;
    int32_t channels;
    const int32_t *bias;
};

/* clang-format off */
#define DW_TAPS_PRODUCT(sum, channel) \
    "ldrsb r4, [r1, " #channel "]\n ldrsb r3, [r2, " #channel "]\n muls r4, r3, r4\n add " #sum ", r4\n"
#define DW_TAPS_TAP \
    "ldm r0!, {r2}\n" DW_TAPS_PRODUCT(r8, r5) DW_TAPS_PRODUCT(r9, r6) "add r1, r10\n"
#define DW_TAPS_BIAS(channel, sum) \
    "lsls r2, " #channel ", #2\n ldr r3, [r7, r2]\n mov " #sum ", r3\n"
#define DW_TAPS_CODE(step) \
    "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n push {r4-r6}\n" \
    "mov r12, r2\n movs r5, r1\n ldm r3!, {r1, r2, r4, r6, r7}\n" \
    "mov lr, r2\n mov r10, r6\n push {r0, r1, r4}\n" \
    "1:\n adds r6, r5, #1\n cmp r6, r12\n bne 2f\n mov r6, r5\n" \
    "2:\n" DW_TAPS_BIAS(r5, r8) DW_TAPS_BIAS(r6, r9) "ldr r0, [sp, #4]\n ldr r1, [sp, #8]\n" \
    "3:\n .rept " #step "\n" DW_TAPS_TAP ".endr\n cmp r0, lr\n bne 3b\n" \
    "ldr r2, [sp]\n mov r3, r8\n mov r4, r9\n stm r2!, {r3, r4}\n str r2, [sp]\n" \
    "adds r5, r5, #2\n cmp r5, r12\n blt 1b\n" \
    "add sp, #12\n pop {r4-r6}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n pop {r4-r7, pc}\n"
/* clang-format on */

/* Sums of `channel`...`end`-1, and of one more where that is an odd number. */
#define DW_TAPS(step)                                                                              \
    DW_NAKED void dw_taps_by_##step(DW_PARAMETER int32_t *sums, DW_PARAMETER int channel,          \
        DW_PARAMETER int end, DW_PARAMETER const struct dw_taps *taps)                             \
    {                                                                                              \
        DW_CODE(DW_TAPS_CODE(step));                                                               \
    }
DW_TAPS(1)
DW_TAPS(3)

/* Sums of eight channels wait for their scaling, so that the registers are saved once for all. */
DW_INLINE void dw_depthwise_of_kind(const int8_t *const *at, int taps, int step,
    int8_t *restrict out, const struct dw_depthwise *restrict data, int form)
{
    enum { TOGETHER = 8 };
    const int channels = data->channels;
    const struct dw_taps all = {at, at + taps, data->weights, channels, data->bias};
    for (int c = 0; c < channels; c += TOGETHER) {
        const int end = channels - c < TOGETHER ? channels : c + TOGETHER;
        int32_t sums[TOGETHER];
        if (step == 3) {
            dw_taps_by_3(sums, c, end, &all);
        } else {
            dw_taps_by_1(sums, c, end, &all);
        }
        DW_WRITTEN(sums);
        if (form == DW_DEPTHWISE_PLAIN) {
            const struct dw_scales scales = {data->multipliers + c, data->shifts + c, data->half};
            dw_scale_sums(sums, sums + (end - c), out + c, &scales);
            continue;
        }
        if (form == DW_DEPTHWISE_FITTED) {
            const int32_t *const numbers = data->multipliers + 3 * c;
            const struct dw_fitted fitted = {numbers, data->minimum, data->maximum};
            dw_fitted_sums(sums, sums + (end - c), out + c, &fitted);
            continue;
        }
        for (int k = c; k < end; k++) {
            out[k] = dw_depthwise_output(sums[k - c], k, data, form);
        }
    }
}

#endif
