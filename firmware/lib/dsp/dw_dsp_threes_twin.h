/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of two pixels by three channels (dw_dsp_threes.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_THREES_TWIN_H)
#define DW_DSP_THREES_TWIN_H

/* What a pixel's lanes and channel `c` of three add to its bias, modulo 2^32. */
DW_INLINE uint32_t dw_threes_products(const uint32_t *x, const uint32_t *w, int groups, int c)
{
    uint32_t sum = 0;
    for (int g = 0; g < groups; g++, x += 2, w += 3) {
        sum += (uint32_t)dw_two_products(x[0], w[c]);
        sum += (uint32_t)dw_two_products(x[1], dw_even_lanes(w[c]));
    }
    return sum;
}

/* Three channels, whose words begin at `w`, of `pixels` pixels that lie `step` words apart. */
DW_INLINE void dw_threes_row(const uint32_t *x, int8_t *out, const struct dw_dot *layer,
    const uint32_t *w, int pixels, int step, int groups, int pixel, int channel, enum dw_form form)
{
    for (int p = 0; p < pixels; p++) {
        for (int c = 0; c < 3; c++) {
            const uint32_t sum = w[c] + dw_threes_products(x + p * step, w + 3, groups, c);
            out[p * pixel + c * channel] =
                dw_finished((int32_t)sum, w + 3 + 3 * groups, layer, c, DW_WEIGHTS_joint, form);
        }
    }
}

#define DW_ROW_THREES(                                                                             \
    name, blocks, weights, form, step, groups, head, unrolled, copy, pixel, channel, threes)       \
    DW_SHARED void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer)                \
    {                                                                                              \
        const int words = 3 + 3 * (groups) + (DW_FORM_##form <= DW_FORM_held ? 3 : 9);             \
        for (int t = 0; t < (threes); t++) {                                                       \
            dw_threes_row(x, out + 3 * t * (channel), layer, layer->stream + t * words,            \
                2 * (blocks), (step) / 4, groups, pixel, channel, DW_FORM_##form);                 \
        }                                                                                          \
    }

#endif
