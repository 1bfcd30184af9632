/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D by pixels as in dw_plain_depthwise.h, with weights of int16: those that have a zero point are more
 * than bytes hold without it, and a product of 32 bits takes them as fast. */
#ifndef DW_PLAIN_DEPTHWISE_WIDE_H
#define DW_PLAIN_DEPTHWISE_WIDE_H

#include "dw_plain_depthwise.h"

/* As struct dw_depthwise. */
struct dw_depthwise_wide {
    const int16_t *weights;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

DW_INLINE int8_t dw_wide_output(
    int32_t sum, int channel, const struct dw_depthwise_wide *restrict data, int form)
{
    const struct dw_depthwise scaling = {0, data->bias, data->multipliers, data->shifts,
        data->outside, data->channels, data->half, data->minimum, data->maximum};
    return dw_depthwise_output(sum, channel, &scaling, form);
}

/* Defines
 *     int dw_wide_fours(at, end, out, data, form):
 * outputs of channels in fours of one pixel; returns how many these are. */
#include "dw_plain_depthwise_wide_thumb2.h"

#if !DW_ASM_THUMB2

DW_INLINE int dw_wide_fours(const int8_t *const *at, const int8_t *const *end, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data, int form)
{
    const int channels = data->channels, fours = channels & ~3;
    for (int c = 0; c < fours; c += 4) {
        int32_t a = data->bias[c], b = data->bias[c + 1], e = data->bias[c + 2],
                f = data->bias[c + 3];
        const int16_t *weights = data->weights + c;
        for (const int8_t *const *tap = at; tap != end; tap++, weights += channels) {
            const int8_t *const pixel = *tap + c;
            a += pixel[0] * weights[0];
            b += pixel[1] * weights[1];
            e += pixel[2] * weights[2];
            f += pixel[3] * weights[3];
        }
        out[c] = dw_wide_output(a, c, data, form);
        out[c + 1] = dw_wide_output(b, c + 1, data, form);
        out[c + 2] = dw_wide_output(e, c + 2, data, form);
        out[c + 3] = dw_wide_output(f, c + 3, data, form);
    }
    return fours;
}

#endif

DW_INLINE void dw_wide_of_kind(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data, int form)
{
    for (int c = dw_wide_fours(at, at + taps, out, data, form); c < data->channels; c++) {
        const int16_t *weight = data->weights + c;
        int32_t sum = data->bias[c];
        for (int t = 0; t < taps; t++, weight += data->channels) {
            sum += at[t][c] * *weight;
        }
        out[c] = dw_wide_output(sum, c, data, form);
    }
}

/* All channels of one output pixel. */
DW_SHARED void dw_depthwise_wide(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data)
{
    dw_wide_of_kind(at, taps, out, data, DW_DEPTHWISE_PLAIN);
}

DW_SHARED void dw_depthwise_wide_signed(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data)
{
    dw_wide_of_kind(at, taps, out, data, DW_DEPTHWISE_SIGNED);
}

DW_SHARED void dw_depthwise_wide_fitted(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_wide *restrict data)
{
    dw_wide_of_kind(at, taps, out, data, DW_DEPTHWISE_FITTED);
}

#endif
