/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of channels of a depthwise layer (dw_plain_depthwise.h) in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_V6M && !DW_ASM_THUMB2 && !defined(DW_PLAIN_DEPTHWISE_TWIN_H)
#define DW_PLAIN_DEPTHWISE_TWIN_H

#define DW_TAP(t)                                                                                  \
    do {                                                                                           \
        const int8_t *const pixel = at[t];                                                         \
        const int32_t pc = pixel[c], pd = pixel[d], wc = weights[c], wd = weights[d];              \
        a += pc * wc;                                                                              \
        b += pd * wd;                                                                              \
        weights += channels;                                                                       \
    } while (0)

/* Adds the products of channels `c` and `d`, which share what is read of `at`. */
DW_INLINE void dw_taps_2(int32_t *sums, const int8_t *const *at, int taps, int step,
    const int8_t *weights, int channels, int c, int d)
{
    int32_t a = sums[0], b = sums[1];
    for (const int8_t *const *const end = at + taps; at != end; at += step) {
        DW_TAP(0);
        if (step == 3) {
            DW_TAP(1);
            DW_TAP(2);
        }
    }
    sums[0] = a;
    sums[1] = b;
}

DW_INLINE void dw_depthwise_of_kind(const int8_t *const *at, int taps, int step,
    int8_t *restrict out, const struct dw_depthwise *restrict data, int form)
{
    const int channels = data->channels;
    for (int c = 0; c < channels; c += 2) {
        const int d = c + 1 < channels ? c + 1 : c;
        int32_t sums[2] = {data->bias[c], data->bias[d]};
        dw_taps_2(sums, at, taps, step, data->weights, channels, c, d);
        out[c] = dw_depthwise_output(sums[0], c, data, form);
        out[d] = dw_depthwise_output(sums[1], d, data, form);
    }
}

#endif
