/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a depthwise layer (dw_dsp_depthwise.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_DEPTHWISE_TWIN_H)
#define DW_DSP_DEPTHWISE_TWIN_H

/* Products of three columns of a row, the first of which is `left`. */
DW_INLINE int32_t dw_three_products(
    const int8_t *row, int left, int width, int zero, uint32_t outer, uint32_t inner)
{
    const int first = left < 0 || left >= width ? zero : row[left];
    const int last = left + 2 >= width ? zero : row[left + 2];
    const int middle = left + 1 >= width ? zero : row[left + 1];
    return first * dw_lane(outer, 0) + middle * dw_lane(inner, 0) + last * dw_lane(outer, 1);
}

/* Weights of one channel as lanes (w0,w2) of each row, w1 of each row in the lower lane. */
struct dw_taps {
    uint32_t outer[3];
    uint32_t inner[3];
};

/* One output of one channel, modulo 2^32; a row outside of the image is NULL. */
DW_INLINE uint32_t dw_column_sum(
    const int8_t *const rows[3], struct dw_taps taps, int left, int width, int zero)
{
    uint32_t sum = 0;
    for (int k = 0; k < 3; k++) {
        const int inside = rows[k] ? width : 0;
        sum +=
            (uint32_t)dw_three_products(rows[k], left, inside, zero, taps.outer[k], taps.inner[k]);
    }
    return sum;
}

DW_INLINE struct dw_taps dw_taps_of(const uint32_t *words)
{
    const struct dw_taps taps = {
        {words[4], words[5], words[6]}, {words[7], words[7] >> 16, words[8]}};
    return taps;
}

/* Of words of bytes: 256 times the weights. */
DW_INLINE struct dw_taps dw_taps_of_bytes(const uint32_t *words)
{
    const uint32_t mask = 0xFF00FF00u;
    const uint32_t inner = words[0] << 8 & mask;
    const struct dw_taps taps = {{words[0] & mask, words[1] & mask, words[2] & mask},
        {inner, inner >> 16, words[1] << 8 & mask}};
    return taps;
}

/* An output from what lies above it, which words of bytes say, as far as outputs are moved. */
DW_INLINE int8_t dw_moved_output(int32_t above, const uint32_t *bytes, int moved)
{
    const int by = dw_byte(bytes[1], 2), maximum = (int8_t)(uint8_t)(bytes[2] - 1);
    return moved == 2 ? dw_held(above, maximum - 255 + (uint8_t)by, maximum)
                      : dw_moved_back(above, moved ? by : 0);
}

/* Sizes of `DW_COLUMN_BLOCK` and `DW_COLUMNS_AS`. */
struct dw_walk {
    int in_w;
    int out_w;
    int channels;
    int count;
    int stride;
    int pad;
    int zero;
};

/* An output of a channel on a line. */
DW_INLINE int8_t dw_line_output(
    const int8_t *const rows[3], const uint32_t *words, int left, struct dw_walk w, int moved)
{
    const uint32_t sum256 =
        words[0] + dw_column_sum(rows, dw_taps_of_bytes(words + 2), left, w.in_w, w.zero);
    return dw_moved_output(
        dw_upper_half((int32_t)sum256, (int32_t)words[1]) >> 12, words + 2, moved);
}

/* An output of a channel that is rounded twice. */
DW_INLINE int8_t dw_rounded_output(
    const int8_t *const rows[3], const uint32_t *words, int left, struct dw_walk w, int moved)
{
    const struct dw_rounding rounding = {(int32_t)words[3], (int32_t)words[0], (int32_t)words[2]};
    const int32_t sum =
        (int32_t)dw_column_sum(rows, dw_taps_of_bytes(words + 4), left, w.in_w, w.zero) >> 8;
    const int32_t doubled = (int32_t)(words[1] + 2u * (uint32_t)sum);
    return dw_moved_output(dw_rounded_twice(doubled, rounding), words + 4, moved);
}

DW_INLINE void dw_columns_row(const int8_t *const *rows, int8_t *out, const struct dw_columns *data,
    struct dw_walk w, int is_signed, int minimum, int maximum)
{
    const uint32_t *words = data->channels;
    for (int c = 0; c < w.count; c++, words += 9) {
        const int8_t *own[3];
        for (int k = 0; k < 3; k++) {
            own[k] = rows[k] ? rows[k] + c * w.in_w : (const int8_t *)0;
        }
        const struct dw_scale scale = {(int32_t)words[1], (int32_t)words[2], (int32_t)words[3]};
        for (int x = 0; x < w.out_w; x++) {
            const int32_t sum = (int32_t)(words[0] + dw_column_sum(own, dw_taps_of(words),
                                                         x * w.stride - w.pad, w.in_w, w.zero));
            out[x * w.channels + c] = dw_scaled_as(sum, scale, is_signed, minimum, maximum);
        }
    }
}

/* Sums are 256-fold, or doubled where they are `rounded`. Layers that share a function have their number of channels,
 * in place of 0, in front of the constants. */
DW_INLINE void dw_columns_row_as(int rounded, const int8_t *const *rows, int8_t *out,
    const struct dw_columns *data, struct dw_walk w, int moved)
{
    const uint32_t *words = data->channels;
    if (w.count == 0) {
        w.channels = w.count = (int)*words++;
    }
    for (int c = 0; c < w.count; c++, words += rounded ? 7 : 5) {
        const int8_t *own[3];
        for (int k = 0; k < 3; k++) {
            own[k] = rows[k] ? rows[k] + c * w.in_w : (const int8_t *)0;
        }
        for (int x = 0; x < w.out_w; x++) {
            const int left = x * w.stride - w.pad;
            out[x * w.channels + c] = rounded ? dw_rounded_output(own, words, left, w, moved)
                                              : dw_line_output(own, words, left, w, moved);
        }
    }
}

#define DW_COLUMN_BLOCK(name, in_w, out_w, channels, count, stride, pad, middle, tail, zero,       \
    is_signed, minimum, maximum)                                                                   \
    DW_LAYER void name(                                                                            \
        const int8_t *const *rows, int8_t *restrict out, const struct dw_columns *restrict data)   \
    {                                                                                              \
        const struct dw_walk walk = {in_w, out_w, channels, count, stride, pad, zero};             \
        dw_columns_row(rows, out, data, walk, is_signed, minimum, maximum);                        \
    }

#define DW_COLUMNS_AS(                                                                             \
    rounded, name, in_w, out_w, channels, count, stride, pad, middle, tail, zero, moved)           \
    DW_LAYER void name(                                                                            \
        const int8_t *const *rows, int8_t *restrict out, const struct dw_columns *restrict data)   \
    {                                                                                              \
        const struct dw_walk walk = {in_w, out_w, channels, count, stride, pad, zero};             \
        dw_columns_row_as(rounded, rows, out, data, walk, moved);                                  \
    }

#endif
