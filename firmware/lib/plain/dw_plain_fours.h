/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights [channels / 4][inputs][4], then the last channels [channels % 4][inputs]. */
#ifndef DW_PLAIN_FOURS_H
#define DW_PLAIN_FOURS_H

#include "dw_plain_dense.h"

/* Sums of four channels of one pixel. */
struct dw_four {
    int32_t of[4];
};

/* Adds the products of one input with four weights. */
DW_INLINE struct dw_four dw_four_added(struct dw_four sums, int32_t input, const int8_t *weights)
{
    sums.of[0] += input * weights[0];
    sums.of[1] += input * weights[1];
    sums.of[2] += input * weights[2];
    sums.of[3] += input * weights[3];
    return sums;
}

/* Sums of one or two pixels; the runs of the second one follow those of the first. */
DW_INLINE void dw_fours_sums(struct dw_four *sums, const int32_t *bias, const int8_t *const *runs,
    int count, int length, const int8_t *weights, int pixels)
{
    const struct dw_four begin = {{bias[0], bias[1], bias[2], bias[3]}};
    struct dw_four one = begin, two = begin;
    for (int r = 0; r < count; r++) {
        const int8_t *from = runs[r], *other = pixels == 2 ? runs[count + r] : from;
        for (const int8_t *const end = from + length; from != end; from++, other++, weights += 4) {
            one = dw_four_added(one, *from, weights);
            if (pixels == 2) {
                two = dw_four_added(two, *other, weights);
            }
        }
    }
    sums[0] = one;
    if (pixels == 2) {
        sums[1] = two;
    }
}

/* All channels of one output pixel or two, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_fours_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data, int pixels)
{
    const int8_t *weights = data->weights;
    const int channels = data->channels, rest = channels & 3, fours = channels - rest;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        struct dw_four sums[2];
        dw_fours_sums(sums, data->bias + o, runs, count, length, weights, pixels);
        scale(sums[0].of, 4, o, out + o, data);
        if (pixels == 2) {
            scale(sums[1].of, 4, o, out + channels + o, data);
        }
    }
    for (int p = 0; p < pixels && rest > 0; p++, runs += count, out += channels) {
        int32_t sums[3];
        dw_last_sums(sums, rest, data->bias + fours, runs, count, length, weights);
        scale(sums, rest, fours, out + fours, data);
    }
}

DW_SHARED void dw_fours(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_plain, runs, count, length, out, data, 1);
}

DW_SHARED void dw_fours_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_signed, runs, count, length, out, data, 1);
}

/* Two pixels, side by side in the output; the runs of the second one follow those of the first. */
DW_SHARED void dw_fours_2(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_plain, runs, count, length, out, data, 2);
}

DW_SHARED void dw_fours_2_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_signed, runs, count, length, out, data, 2);
}

#endif
