/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of pairs of pixels (dw_paired.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_THUMB2 && !defined(DW_PAIRED_TWIN_H)
#define DW_PAIRED_TWIN_H

#include "dw_armv7m.h"

/* What is added up of a channel: whole groups and their upper halves of each pair, products of a single pixel. */
struct dw_paired_sums {
    uint32_t whole[2];
    uint32_t upper[2];
    uint32_t single;
};

/* Adds a group of `inputs` weights. A sanitizer sees a group that leaves 32 bits. */
DW_INLINE void dw_paired_group(struct dw_paired_sums *sums, const uint32_t *words,
    const struct dw_streamed *layer, int weight, int inputs, int32_t begun, int pixels)
{
    const int pairs = pixels / 2, step = pairs + pixels % 2;
    for (int pair = 0; pair < pairs; pair++) {
        int32_t group = begun;
        for (int i = 0; i < inputs; i++) {
            group += (int32_t)words[i * step + pair] * layer->stream[weight + i];
        }
        sums->whole[pair] += (uint32_t)group;
        sums->upper[pair] += (uint32_t)(group >> 16);
    }
    for (int i = 0; i < inputs && step > pairs; i++) {
        const int32_t input = (int32_t)words[i * step + pairs];
        sums->single += (uint32_t)(input * layer->stream[weight + i]);
    }
}

/* Adds all runs of a channel, whose part of the stream begins at byte `at`; returns where they end. */
DW_INLINE int dw_paired_runs(struct dw_paired_sums *sums, const uint32_t *words,
    const struct dw_streamed *layer, int at, int pixels)
{
    enum { HALF = 1 << 15, COUNTED = 1 << 16 };
    const int step = (pixels + 1) / 2;
    const uint32_t *const end = words + layer->taps * step;
    while (words != end) {
        int left = layer->stream[at++];
        while (left-- > 0) {
            dw_paired_group(sums, words, layer, at, 4, left * COUNTED + HALF, pixels);
            words += 4 * step;
            at += 4;
        }
        dw_paired_group(sums, words, layer, at, 2, HALF, pixels);
        dw_paired_group(sums, words + 2 * step, layer, at + 2, 2, HALF, pixels);
        words += 4 * step;
        at += 4;
    }
    return at;
}

/* Sum of pixel `p`, less what it has too much. */
DW_INLINE uint32_t dw_paired_sum(
    const struct dw_paired_sums *sums, int p, int pixels, uint32_t more, enum dw_streamed_form form)
{
    const int groups = form == DW_STREAMED_line ? 9 : 15;
    if (p == pixels - 1 && pixels % 2 == 1) {
        return sums->single;
    }
    if (p % 2 == 1) {
        return sums->upper[p / 2] - (more >> groups);
    }
    return sums->whole[p / 2] - (sums->upper[p / 2] << 16) - (more << 15);
}

/* All channels, whose sums begin with `begun`. */
DW_INLINE void dw_paired_from(struct dw_paired_sums begun, const uint32_t *words,
    int8_t *restrict out, const struct dw_streamed *layer, int pixels, enum dw_streamed_form form)
{
    int at = 0;
    for (int c = 0; c < layer->channels; c++) {
        struct dw_paired_sums sums = begun;
        at = dw_paired_runs(&sums, words, layer, at, pixels);
        const int8_t *const own = layer->stream + at;
        const uint32_t multiplier = dw_streamed_word(own), bias = dw_streamed_word(own + 4);
        const uint32_t more = dw_streamed_word(own + 8);
        for (int p = 0; p < pixels; p++) {
            const uint32_t sum = dw_paired_sum(&sums, p, pixels, more, form);
            out[p * layer->channels + c] =
                dw_streamed_output(sum, multiplier, bias, own + 12, layer, form);
        }
        at += 12 + dw_streamed_more(form);
    }
}

DW_INLINE void dw_paired(const uint32_t *words, int8_t *restrict out,
    const struct dw_streamed *layer, int pixels, enum dw_streamed_form form)
{
    const struct dw_paired_sums none = {{0, 0}, {0, 0}, 0};
    dw_paired_from(none, words, out, layer, pixels, form);
}

#define DW_PAIRED_FORM(pixels, form)                                                               \
    DW_SHARED void dw_paired_##pixels##_##form(                                                    \
        const uint32_t *words, int8_t *restrict out, const struct dw_streamed *layer)              \
    {                                                                                              \
        dw_paired(words, out, layer, pixels, DW_STREAMED_##form);                                  \
    }

#endif
