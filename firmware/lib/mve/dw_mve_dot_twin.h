/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for Helium (dw_mve_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MVE && !defined(DW_MVE_DOT_TWIN_H)
#define DW_MVE_DOT_TWIN_H

/* Output `channel` of a pixel. */
DW_INLINE int8_t dw_mve_channel(
    const int8_t *x, const struct dw_mve_dot *layer, int channel, int is_signed)
{
    const struct dw_mve_group *const group = layer->groups + channel / 4;
    const int8_t *const w = layer->weights + channel * layer->inputs;
    const int at = channel % 4;
    int32_t sum = group->bias[at % 2 * 2 + at / 2];
    for (int i = 0; i < layer->inputs; i++) {
        sum += x[i] * w[i];
    }
    const int32_t scaled = dw_mve_scaled(sum, group->multipliers[at], group->shifts[at], is_signed);
    return dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
}

#define DW_MVE_SIGNED_plain 0
#define DW_MVE_SIGNED_signed 1
#define DW_MVE_FOURS(suffix, form)                                                                 \
    DW_SHARED void dw_mve_two_fours##suffix(                                                       \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer)             \
    {                                                                                              \
        for (int c = 0; c < layer->channels / 4 * 4; c++) {                                        \
            out[c] = dw_mve_channel(a, layer, c, DW_MVE_SIGNED_##form);                            \
            out[layer->channels + c] = dw_mve_channel(b, layer, c, DW_MVE_SIGNED_##form);          \
        }                                                                                          \
    }                                                                                              \
    DW_SHARED void dw_mve_rest##suffix(                                                            \
        const int8_t *x, int8_t *out, const struct dw_mve_dot *layer, int first)                   \
    {                                                                                              \
        for (int c = first; c < layer->channels; c++) {                                            \
            out[c - first] = dw_mve_channel(x, layer, c, DW_MVE_SIGNED_##form);                    \
        }                                                                                          \
    }

DW_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    __builtin_memcpy(to, from, (unsigned)count);
    return to + count;
}

#endif
