/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights as bytes (dw_mac16_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MAC16 && !defined(DW_MAC16_DOT_BYTES_TWIN_H)
#define DW_MAC16_DOT_BYTES_TWIN_H

DW_INLINE uint32_t dw_mac16_byte_products(const uint32_t *x, const uint32_t *weights, int words)
{
    uint32_t sum = 0;
    for (int i = 0; i < words; i++, x += 2) {
        const uint32_t lanes[2] = {(weights[i] << 8) & 0xFF00FF00u, weights[i] & 0xFF00FF00u};
        sum += dw_mac16_products(x, lanes, 2);
    }
    return sum;
}

DW_INLINE void dw_mac16_bytes(
    const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels, enum dw_mac16_form form)
{
    const uint32_t *stream = layer->stream;
    for (int channel = 0; channel < layer->channels; channel++, stream += 4 + layer->fours) {
        const struct dw_mac16_scale scale = {
            (int32_t)stream[0], (int32_t)stream[1], (int32_t)stream[2], (int32_t)stream[3]};
        int8_t *out = pixels->out + channel;
        for (const uint32_t *x = pixels->inputs; x != pixels->end; x += 2 * layer->fours) {
            const uint32_t sum = stream[0] + dw_mac16_byte_products(x, stream + 4, layer->fours);
            *out = dw_mac16_output(sum, &scale, form, layer->minimum, layer->maximum);
            out += layer->channels;
        }
    }
}

#define DW_MAC16_BYTES(form)                                                                       \
    DW_SHARED void dw_mac16_kept_##form(                                                           \
        const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels, uint32_t *weights) \
    {                                                                                              \
        (void)weights;                                                                             \
        dw_mac16_bytes(layer, pixels, DW_MAC16_##form);                                            \
    }                                                                                              \
    DW_SHARED void dw_mac16_once_##form(                                                           \
        const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels)                    \
    {                                                                                              \
        dw_mac16_bytes(layer, pixels, DW_MAC16_##form);                                            \
    }
DW_MAC16_BYTES(scaled)
DW_MAC16_BYTES(signed)
DW_MAC16_BYTES(clamped)

#endif
