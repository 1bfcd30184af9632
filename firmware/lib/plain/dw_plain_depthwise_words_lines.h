/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D with words of weights as in dw_plain_depthwise_words.h, its sums scaled by lines (dw_plain_lines.h).
 * Behind the line of a single last channel it stands once more. */
#ifndef DW_PLAIN_DEPTHWISE_WORDS_LINES_H
#define DW_PLAIN_DEPTHWISE_WORDS_LINES_H

#include "dw_plain_depthwise_lines.h"

/* As struct dw_lined, with words of weights [channels / 2][taps] of pairs of channels. */
struct dw_lined_words {
    const int32_t *words;
    const int32_t *lines;
    int32_t high;
    int32_t low;
    const int8_t *outside;
    int32_t channels;
};

#include "dw_plain_depthwise_words_lines_asm.h"

#if !DW_ASM_V6M

DW_INLINE void dw_words_lines(int8_t *restrict out, const int8_t *const *at,
    const int8_t *const *end, const struct dw_lined_words *restrict data)
{
    const struct dw_lined scaling = {
        0, data->lines, data->high, data->low, data->outside, data->channels, 0};
    const int taps = (int)(end - at);
    for (int c = 0; c < data->channels; c++) {
        const int32_t *word = data->words + c / 2 * taps;
        int32_t sum = 0;
        for (const int8_t *const *tap = at; tap != end; tap++, word++) {
            const int32_t weight = c % 2 ? *word >> 16 : (int16_t)(uint16_t)*word;
            sum += (*tap)[c] * weight;
        }
        out[c] = dw_lined_sum(sum, data->lines + 2 * c, &scaling);
    }
}

#endif

/* All channels of one output pixel. */
DW_SHARED void dw_depthwise_words_lines(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_lined_words *restrict data)
{
    dw_words_lines(out, at, at + taps, data);
}

#endif
