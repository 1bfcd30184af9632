/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dot products (dw_dsp_dot.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_DOT_TWIN_H)
#define DW_DSP_DOT_TWIN_H

enum dw_weights {
    DW_WEIGHTS_joint,
    DW_WEIGHTS_joint_copied,
    DW_WEIGHTS_narrow,
    DW_WEIGHTS_copied,
    DW_WEIGHTS_wide
};
enum dw_form {
    DW_FORM_line,
    DW_FORM_moved,
    DW_FORM_held,
    DW_FORM_scaled,
    DW_FORM_signed,
    DW_FORM_clamped
};

/* What a pixel and channel `c` of a pair add to their bias, modulo 2^32; lanes of one input and the next lie `apart`
 * words apart. */
DW_INLINE uint32_t dw_products(
    const uint32_t *x, const uint32_t *w, int groups, int apart, int c, enum dw_weights weights)
{
    const int wide = weights == DW_WEIGHTS_wide, joint = weights <= DW_WEIGHTS_joint_copied;
    uint32_t sum = 0;
    for (int g = 0; g < groups; g++, x += 2 * apart, w += wide ? 4 : 2) {
        const uint32_t even = wide ? w[c] : dw_even_lanes(w[c]);
        if (joint) {
            sum += (uint32_t)dw_two_products(x[0], w[c]);
            sum += (uint32_t)dw_two_products(x[apart], even);
        } else {
            sum += (uint32_t)dw_two_products(x[0], even);
            sum += (uint32_t)dw_two_products(x[apart], wide ? w[2 + c] : dw_odd_lanes(w[c]));
        }
    }
    return sum;
}

DW_INLINE int8_t dw_finished(int32_t given, const uint32_t *words, const struct dw_dot *layer,
    int c, enum dw_weights weights, enum dw_form form)
{
    if (form == DW_FORM_held) {
        return dw_on_held_line(given, (int32_t)words[c], layer->minimum, layer->maximum);
    }
    if (form <= DW_FORM_moved) {
        const int moved = form == DW_FORM_moved ? ~(layer->minimum + layer->maximum) : 0;
        return dw_on_moved_line(given, (int32_t)words[c], moved);
    }
    const int32_t sum = weights <= DW_WEIGHTS_joint_copied ? given >> 7 : given;
    words += 3 * c;
    const struct dw_scale scale = {(int32_t)words[0], (int32_t)words[1], (int32_t)words[2]};
    return form == DW_FORM_scaled   ? dw_scaled(sum, scale)
           : form == DW_FORM_signed ? dw_scaled_signed(sum, scale)
                                    : dw_scaled_clamped(sum, scale, layer->minimum, layer->maximum);
}

/* All channels of a block of `pixels`, which lie `step` words apart: words of each in turn where that is 0. */
DW_INLINE void dw_block(const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel,
    int channel, int pixels, int step, enum dw_weights weights, enum dw_form form)
{
    const int apart = step ? 1 : pixels;
    const int words = (weights == DW_WEIGHTS_wide ? 4 : 2) * layer->groups;
    const int pair = 2 + words + (form <= DW_FORM_held ? 2 : 6);
    for (int at = 0; at < layer->channels; at++, out += channel) {
        const uint32_t *const w = layer->stream + at / 2 * pair;
        for (int p = 0; p < pixels; p++) {
            const uint32_t sum = w[at % 2] + dw_products(x + p * (step ? step : 1), w + 2,
                                                 layer->groups, apart, at % 2, weights);
            out[p * pixel] = dw_finished((int32_t)sum, w + 2 + words, layer, at % 2, weights, form);
        }
    }
}

#define DW_ROW_OF(rest, weights, form, step, block)                                                \
    {                                                                                              \
        for (int b = 0; b < blocks; b++, x += block, out += 3 * pixel) {                           \
            dw_block(                                                                              \
                x, out, layer, pixel, channel, 3, step, DW_WEIGHTS_##weights, DW_FORM_##form);     \
        }                                                                                          \
        dw_block(x, out, layer, pixel, channel, rest, step, DW_WEIGHTS_##weights, DW_FORM_##form); \
    }
#define DW_ROW(name, rest, weights, form)                                                          \
    DW_SHARED void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel,     \
        int channel, int blocks) DW_ROW_OF(rest, weights, form, 0, 6 * layer -> groups)
#define DW_ROW_KNOWN(name, number, rest, weights, form, step, next, groups, head, unrolled,        \
    head_rest, unrolled_rest, copy, pixel_step, channel_step, odd)                                 \
    DW_SHARED void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer)                \
    {                                                                                              \
        const int blocks = number, pixel = pixel_step, channel = channel_step;                     \
        DW_ROW_OF(rest, weights, form, (step) / 4, (step) ? 3 * (step) / 4 : 6 * (groups))         \
    }

#endif
