/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dot products (dw_mac16_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MAC16 && !defined(DW_MAC16_DOT_TWIN_H)
#define DW_MAC16_DOT_TWIN_H

DW_INLINE uint32_t dw_mac16_products(const uint32_t *x, const uint32_t *w, int words)
{
    uint32_t sum = 0;
    for (int i = 0; i < words; i++) {
        sum += (uint32_t)((int16_t)(uint16_t)x[i] * (int16_t)(uint16_t)w[i]);
        sum += (uint32_t)((int16_t)(uint16_t)(x[i] >> 16) * (int16_t)(uint16_t)(w[i] >> 16));
    }
    return sum;
}

DW_INLINE void dw_mac16_dots(
    const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels, enum dw_mac16_form form)
{
    const int words = 2 * layer->fours;
    const uint32_t *stream = layer->stream;
    for (int channel = 0; channel < layer->channels; channel++, stream += 4 + words) {
        const struct dw_mac16_scale scale = {
            (int32_t)stream[0], (int32_t)stream[1], (int32_t)stream[2], (int32_t)stream[3]};
        int8_t *out = pixels->out + channel;
        for (const uint32_t *x = pixels->inputs; x != pixels->end; x += words) {
            const uint32_t sum = stream[0] + dw_mac16_products(x, stream + 4, words);
            *out = dw_mac16_output(sum, &scale, form, layer->minimum, layer->maximum);
            out += layer->channels;
        }
    }
}

#define DW_MAC16_DOTS(form)                                                                        \
    DW_SHARED void dw_mac16_dots_##form(                                                           \
        const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels)                    \
    {                                                                                              \
        dw_mac16_dots(layer, pixels, DW_MAC16_##form);                                             \
    }
DW_MAC16_DOTS(scaled)
DW_MAC16_DOTS(signed)
DW_MAC16_DOTS(clamped)

#endif
