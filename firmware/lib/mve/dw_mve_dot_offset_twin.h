/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium, weights with a zero point (dw_mve_dot_offset.h), in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_MVE && !defined(DW_MVE_DOT_OFFSET_TWIN_H)
#define DW_MVE_DOT_OFFSET_TWIN_H

DW_SHARED int32_t dw_mve_total(const int8_t *x, int count, int32_t common)
{
    int32_t total = 0;
    for (int i = 0; i < count; i++) {
        total += x[i];
    }
    return total * common;
}

/* Output `channel` of a pixel whose sum of products is known, as in dw_mve_dot_twin.h. */
DW_INLINE int8_t dw_mve_summed_rounded(
    int32_t products, const struct dw_mve_dot *layer, int channel, int is_signed)
{
    const int32_t *const group = layer->groups + channel / 4 * 12;
    const int at = channel % 4;
    const int32_t sum = group[at % 2 * 2 + at / 2] + products;
    const int32_t scaled = dw_mve_scaled(sum, group[4 + at], group[8 + at], is_signed);
    return dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
}

#define dw_mve_summed_plain(products, layer, channel)                                              \
    dw_mve_summed_rounded(products, layer, channel, 0)
#define dw_mve_summed_signed(products, layer, channel)                                             \
    dw_mve_summed_rounded(products, layer, channel, 1)

DW_INLINE int8_t dw_mve_summed_left(int32_t products, const struct dw_mve_dot *layer, int channel)
{
    const int32_t *const group = layer->groups + channel / 4 * 16;
    const int at = channel % 4;
    const int32_t sum = group[at % 2 * 2 + at / 2] + products;
    const int32_t scaled = dw_mve_scaled_left(sum, group[8 + at], group[4 + at], group[12 + at]);
    return dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
}

DW_INLINE int8_t dw_mve_summed_line(int32_t products, const struct dw_mve_dot *layer, int channel)
{
    const int32_t *const group = layer->groups + channel / 4 * 8 + channel % 4;
    return (int8_t)dw_mve_on_line(products, group[0], group[4]);
}

#define DW_MVE_OFFSET_FOURS(suffix, form)                                                          \
    DW_SHARED void dw_mve_two_fours_offset##suffix(                                                \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_begun *both)            \
    {                                                                                              \
        const struct dw_mve_dot *const layer = &both->layer;                                       \
        for (int c = 0; c < layer->channels / 4 * 4; c++) {                                        \
            const int32_t one = both->begun[0] + dw_mve_products(a, layer, c);                     \
            const int32_t two = both->begun[1] + dw_mve_products(b, layer, c);                     \
            out[c] = dw_mve_summed_##form(one, layer, c);                                          \
            out[layer->channels + c] = dw_mve_summed_##form(two, layer, c);                        \
        }                                                                                          \
    }                                                                                              \
    DW_SHARED void dw_mve_rest_offset##suffix(                                                     \
        const int8_t *x, int8_t *out, const struct dw_mve_begun *one, int first)                   \
    {                                                                                              \
        for (int c = first; c < one->layer.channels; c++) {                                        \
            const int32_t sum = one->begun[0] + dw_mve_products(x, &one->layer, c);                \
            out[c - first] = dw_mve_summed_##form(sum, &one->layer, c);                            \
        }                                                                                          \
    }

#endif
