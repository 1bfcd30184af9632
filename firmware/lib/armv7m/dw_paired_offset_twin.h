/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of pairs of pixels, weights with a zero point (dw_paired_offset.h), in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_THUMB2 && !defined(DW_PAIRED_OFFSET_TWIN_H)
#define DW_PAIRED_OFFSET_TWIN_H

#include "dw_paired_twin.h"

DW_INLINE void dw_paired_offset(const uint32_t *begun, int8_t *restrict out,
    const struct dw_streamed *layer, int pixels, enum dw_streamed_form form)
{
    const int pairs = pixels / 2;
    int at = 0;
    for (int c = 0; c < layer->channels; c++) {
        struct dw_paired_sums sums = {{0, 0}, {0, 0}, 0};
        for (int pair = 0; pair < pairs; pair++) {
            sums.whole[pair] = begun[2 * pair];
            sums.upper[pair] = begun[2 * pair + 1];
        }
        if (pixels % 2) {
            sums.single = begun[pixels - 1];
        }
        at = dw_paired_runs(&sums, begun + pixels, layer, at, pixels);
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

#define DW_PAIRED_OFFSET_FORM(pixels, form)                                                        \
    DW_SHARED void dw_paired_offset_##pixels##_##form(                                             \
        const uint32_t *begun, int8_t *restrict out, const struct dw_streamed *layer)              \
    {                                                                                              \
        dw_paired_offset(begun, out, layer, pixels, DW_STREAMED_##form);                           \
    }

#endif
