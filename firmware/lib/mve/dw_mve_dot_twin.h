/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium (dw_mve_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MVE && !defined(DW_MVE_DOT_TWIN_H)
#define DW_MVE_DOT_TWIN_H

/* Products of a pixel with the weights of a channel. */
DW_INLINE int32_t dw_mve_products(const int8_t *x, const struct dw_mve_dot *layer, int channel)
{
    const int8_t *const w = layer->weights + channel * layer->inputs;
    int32_t sum = 0;
    for (int i = 0; i < layer->inputs; i++) {
        sum += x[i] * w[i];
    }
    return sum;
}

/* Output `channel` of a pixel, halves of negative values rounded upward or away from zero. */
DW_INLINE int8_t dw_mve_rounded(
    const int8_t *x, const struct dw_mve_dot *layer, int channel, int is_signed)
{
    const int32_t *const group = layer->groups + channel / 4 * 12;
    const int at = channel % 4;
    const int32_t sum = group[at % 2 * 2 + at / 2] + dw_mve_products(x, layer, channel);
    const int32_t scaled = dw_mve_scaled(sum, group[4 + at], group[8 + at], is_signed);
    return dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
}

DW_INLINE int8_t dw_mve_channel_plain(const int8_t *x, const struct dw_mve_dot *layer, int channel)
{
    return dw_mve_rounded(x, layer, channel, 0);
}

DW_INLINE int8_t dw_mve_channel_signed(const int8_t *x, const struct dw_mve_dot *layer, int channel)
{
    return dw_mve_rounded(x, layer, channel, 1);
}

DW_INLINE int8_t dw_mve_channel_left(const int8_t *x, const struct dw_mve_dot *layer, int channel)
{
    const int32_t *const group = layer->groups + channel / 4 * 16;
    const int at = channel % 4;
    const int32_t sum = group[at % 2 * 2 + at / 2] + dw_mve_products(x, layer, channel);
    const int32_t scaled = dw_mve_scaled_left(sum, group[8 + at], group[4 + at], group[12 + at]);
    return dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
}

DW_INLINE int8_t dw_mve_channel_line(const int8_t *x, const struct dw_mve_dot *layer, int channel)
{
    const int32_t *const group = layer->groups + channel / 4 * 8 + channel % 4;
    return (int8_t)dw_mve_on_line(dw_mve_products(x, layer, channel), group[0], group[4]);
}

#define DW_MVE_FOURS(suffix, form)                                                                 \
    DW_SHARED void dw_mve_two_fours##suffix(                                                       \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer)             \
    {                                                                                              \
        for (int c = 0; c < layer->channels / 4 * 4; c++) {                                        \
            out[c] = dw_mve_channel_##form(a, layer, c);                                           \
            out[layer->channels + c] = dw_mve_channel_##form(b, layer, c);                         \
        }                                                                                          \
    }                                                                                              \
    DW_SHARED void dw_mve_rest##suffix(                                                            \
        const int8_t *x, int8_t *out, const struct dw_mve_dot *layer, int first)                   \
    {                                                                                              \
        for (int c = first; c < layer->channels; c++) {                                            \
            out[c - first] = dw_mve_channel_##form(x, layer, c);                                   \
        }                                                                                          \
    }

DW_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    __builtin_memcpy(to, from, (unsigned)count);
    return to + count;
}

#endif
