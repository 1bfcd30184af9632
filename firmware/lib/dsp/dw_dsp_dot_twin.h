/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of dot products (dw_dsp_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_DOT_TWIN_H)
#define DW_DSP_DOT_TWIN_H

enum dw_weights { DW_WEIGHTS_narrow, DW_WEIGHTS_wide };
enum dw_form { DW_FORM_scaled, DW_FORM_signed, DW_FORM_clamped };

/* What pixel `p` and channel `c` of a pair add to their bias. */
DW_INLINE int32_t dw_products(const uint32_t *x, const uint32_t *w, int groups, int pixels, int p,
    int c, enum dw_weights weights)
{
    const int wide = weights == DW_WEIGHTS_wide;
    int32_t sum = 0;
    for (int g = 0; g < groups; g++, x += 2 * pixels, w += wide ? 4 : 2) {
        sum += dw_two_products(x[p], wide ? w[c] : dw_even_lanes(w[c]));
        sum += dw_two_products(x[pixels + p], wide ? w[2 + c] : dw_odd_lanes(w[c]));
    }
    return sum;
}

DW_INLINE int8_t dw_finished(
    int32_t sum, const uint32_t *words, const struct dw_dot *layer, enum dw_form form)
{
    const struct dw_scale scale = {(int32_t)words[0], (int32_t)words[1], (int32_t)words[2]};
    return form == DW_FORM_scaled   ? dw_scaled(sum, scale)
           : form == DW_FORM_signed ? dw_scaled_signed(sum, scale)
                                    : dw_scaled_clamped(sum, scale, layer->minimum, layer->maximum);
}

/* Channel `at`, whose pair begins at `stream`. */
DW_INLINE void dw_block_channel(const uint32_t *x, int8_t *out, const struct dw_dot *layer,
    int pixel, int pixels, const uint32_t *stream, int at, enum dw_weights weights,
    enum dw_form form)
{
    const int groups = layer->groups, c = at % 2;
    const uint32_t *const w = stream + 2;
    const uint32_t *const scale = w + (weights == DW_WEIGHTS_wide ? 4 : 2) * groups + 3 * c;
    for (int p = 0; p < pixels; p++) {
        const int32_t sum = dw_products(x, w, groups, pixels, p, c, weights);
        out[p * pixel] = dw_finished((int32_t)stream[c] + sum, scale, layer, form);
    }
}

#define DW_BLOCK(name, pixels, weights, form)                                                      \
    DW_SHARED void name(                                                                           \
        const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel, int channel)        \
    {                                                                                              \
        enum { WORDS = DW_WEIGHTS_##weights == DW_WEIGHTS_wide ? 4 : 2 };                          \
        for (int at = 0; at < layer->channels; at++, out += channel) {                             \
            const uint32_t *const pair = layer->stream + at / 2 * (WORDS * layer->groups + 8);     \
            dw_block_channel(                                                                      \
                x, out, layer, pixel, pixels, pair, at, DW_WEIGHTS_##weights, DW_FORM_##form);     \
        }                                                                                          \
    }

#endif
