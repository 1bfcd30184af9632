/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a depthwise layer (dw_dsp_depthwise.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_DEPTHWISE_TWIN_H)
#define DW_DSP_DEPTHWISE_TWIN_H

/* Products of three columns of a row, the first of which is `left`. */
DW_INLINE int32_t dw_three_products(
    const int8_t *row, int left, int width, int zero, uint32_t outer, uint32_t inner)
{
    const int first = left < 0 ? zero : row[left];
    const int last = left + 2 >= width ? zero : row[left + 2];
    const int middle = left + 1 >= width ? zero : row[left + 1];
    return first * dw_lane(outer, 0) + middle * dw_lane(inner, 0) + last * dw_lane(outer, 1);
}

/* One output of one channel. */
DW_INLINE int32_t dw_column_sum(
    const int8_t *const rows[3], const struct dw_channel *c, int left, int width, int zero)
{
    return c->doubled_bias +
           dw_three_products(rows[0], left, width, zero, c->outer[0], c->inner01) +
           dw_three_products(rows[1], left, width, zero, c->outer[1], c->inner01 >> 16) +
           dw_three_products(rows[2], left, width, zero, c->outer[2], c->inner2);
}

DW_INLINE void dw_columns_row(const int8_t *const *rows, int8_t *out, const struct dw_columns *data,
    int in_w, int out_w, int channels, int count, int stride, int pad, int zero, int is_signed,
    int minimum, int maximum)
{
    for (int c = 0; c < count; c++) {
        const struct dw_channel *const channel = data->channels + c;
        const int8_t *own[3];
        for (int k = 0; k < 3; k++) {
            own[k] = rows[k] ? rows[k] + c * in_w : data->border;
        }
        for (int x = 0; x < out_w; x++) {
            const int32_t sum = dw_column_sum(own, channel, x * stride - pad, in_w, zero);
            const int8_t value =
                is_signed ? dw_scaled_signed(sum, channel->scale) : dw_scaled(sum, channel->scale);
            out[x * channels + c] = (int8_t)dw_clamped(value, minimum, maximum);
        }
    }
}

#define DW_COLUMN_BLOCK(name, in_w, out_w, channels, count, stride, pad, middle, tail, zero,       \
    is_signed, minimum, maximum)                                                                   \
    DW_LAYER void name(                                                                            \
        const int8_t *const *rows, int8_t *restrict out, const struct dw_columns *restrict data)   \
    {                                                                                              \
        dw_columns_row(rows, out, data, in_w, out_w, channels, count, stride, pad, zero,           \
            is_signed, minimum, maximum);                                                          \
    }

#endif
