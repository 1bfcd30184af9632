/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D by pixels as in dw_plain_depthwise.h, with weights of int16, for Armv6-M: those of a pair of channels
 * are one word, which takes as many instructions as two bytes. Those that have a zero point are more than bytes hold
 * without it. */
#ifndef DW_PLAIN_DEPTHWISE_WORDS_H
#define DW_PLAIN_DEPTHWISE_WORDS_H

#include "dw_plain_depthwise.h"

/* As struct dw_depthwise; words of weights [channels / 2][taps], of an even channel in their lower halves, of the next
 * one in their upper; a single last channel is its own neighbour. */
struct dw_depthwise_words {
    const int32_t *words;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

#include "dw_plain_depthwise_words_asm.h"

#if !DW_ASM_V6M

/* What the channels of one output share. */
struct dw_words {
    const int8_t *const *at;
    const int8_t *const *end;
    const int32_t *words;
    const int32_t *bias;
    int32_t channels;
};

/* Sums of two channels, the first of which is even. */
DW_SHARED void dw_words_sums(int32_t *sums, int channel, int end, const struct dw_words *all)
{
    const int taps = (int)(all->end - all->at);
    for (int c = channel; c < end; c++) {
        const int32_t *word = all->words + (c - channel) / 2 * taps;
        int32_t sum = all->bias[c];
        for (const int8_t *const *tap = all->at; tap != all->end; tap++, word++) {
            const int32_t weight = c % 2 ? *word >> 16 : (int16_t)(uint16_t)*word;
            sum += (*tap)[c] * weight;
        }
        sums[c - channel] = sum;
    }
}

#endif

/* Sums of eight channels wait for their scaling. */
DW_INLINE void dw_words_of_kind(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_words *restrict data, int form)
{
    enum { TOGETHER = 8 };
    const struct dw_depthwise scaling = {0, data->bias, data->multipliers, data->shifts,
        data->outside, data->channels, data->half, data->minimum, data->maximum};
    const int channels = data->channels;
    for (int c = 0; c < channels; c += TOGETHER) {
        const int end = channels - c < TOGETHER ? channels : c + TOGETHER;
        const struct dw_words all = {
            at, at + taps, data->words + c / 2 * taps, data->bias, channels};
        int32_t sums[TOGETHER];
        dw_words_sums(sums, c, end, &all);
        DW_WRITTEN(sums);
#if DW_ASM_V6M
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
#endif
        for (int k = c; k < end; k++) {
            out[k] = dw_depthwise_output(sums[k - c], k, &scaling, form);
        }
    }
}

/* All channels of one output pixel. */
DW_SHARED void dw_depthwise_words(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_words *restrict data)
{
    dw_words_of_kind(at, taps, out, data, DW_DEPTHWISE_PLAIN);
}

DW_SHARED void dw_depthwise_words_signed(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_words *restrict data)
{
    dw_words_of_kind(at, taps, out, data, DW_DEPTHWISE_SIGNED);
}

DW_SHARED void dw_depthwise_words_fitted(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise_words *restrict data)
{
    dw_words_of_kind(at, taps, out, data, DW_DEPTHWISE_FITTED);
}

#endif
