/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights [channels / 4][inputs][4], then the last channels [channels % 4][inputs]. */
#ifndef DW_PLAIN_FOURS_H
#define DW_PLAIN_FOURS_H

#include "dw_plain_fours_sums.h"

/* Each defines DW_TOGETHER and
 *     void dw_fours_together(const struct dw_run *runs, const struct dw_run *end, int length,
 *         int8_t *out, const struct dw_dense *data, int is_signed):
 * channels in fours, not the last ones, of that many pixels side by side. */
#include "dw_plain_fours_rv32.h"
#include "dw_plain_fours_thumb2.h"
#include "dw_plain_fours_twin.h"

/* Sums of one pixel: four inputs at a time, then the last ones of a run. */
DW_INLINE struct dw_four dw_fours_one(const int32_t *bias, const struct dw_run *runs,
    const struct dw_run *end, int length, const int8_t *weights)
{
    struct dw_four sums = {{bias[0], bias[1], bias[2], bias[3]}};
    for (; runs != end; runs++) {
        const int8_t *from = runs->at;
        for (const int8_t *const last = from + (length & ~3); from != last; from += 4) {
            sums = dw_four_added(sums, from[0], weights);
            sums = dw_four_added(sums, from[1], weights + 4);
            sums = dw_four_added(sums, from[2], weights + 8);
            sums = dw_four_added(sums, from[3], weights + 12);
            weights += 16;
        }
        for (const int8_t *const last = from + (length & 3); from != last; weights += 4) {
            sums = dw_four_added(sums, *from++, weights);
        }
    }
    return sums;
}

/* Channels in fours of one pixel. */
DW_SHARED void dw_fours_single(const struct dw_run *runs, const struct dw_run *end, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const int8_t *weights = data->weights;
    const int fours = data->channels & ~3;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        const struct dw_four sums = dw_fours_one(data->bias + o, runs, end, length, weights);
        dw_fours_scaled(&sums, o, out + o, data, is_signed);
    }
}

/* The last channels, at most three, of one pixel. */
DW_SHARED void dw_fours_last(const struct dw_run *runs, int count, int length, int pixel,
    int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const int fours = data->channels & ~3;
    const int8_t *weights = data->weights + fours * data->inputs;
    for (int k = fours; k < data->channels; k++) {
        int32_t sum = data->bias[k];
        for (int r = 0; r < count; r++, weights += length) {
            const int8_t *const from = runs[r].at + pixel * runs[r].step;
            for (int i = 0; i < length; i++) {
                sum += from[i] * weights[i];
            }
        }
        if (is_signed) {
            dw_scale_signed(&sum, 1, k, out + k, data);
        } else {
            dw_scale_plain(&sum, 1, k, out + k, data);
        }
    }
}

/* All channels of `pixels` pixels side by side, whose inputs are `count` runs of `length` bytes each.
 * The runs are moved on. */
DW_SHARED void dw_fours_by(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const struct dw_run *const end = runs + count;
    for (int left = pixels, done; left > 0; left -= done) {
        done = left < DW_TOGETHER ? 1 : DW_TOGETHER;
        if (done == 1) {
            dw_fours_single(runs, end, length, out, data, is_signed);
        } else {
            dw_fours_together(runs, end, length, out, data, is_signed);
        }
        for (int p = 0; p < done; p++, out += data->channels) {
            if (data->channels & 3) {
                dw_fours_last(runs, count, length, p, out, data, is_signed);
            }
        }
        for (int r = 0; r < count && left > done; r++) {
            runs[r].at += done * runs[r].step;
        }
    }
}

/* Outputs clamped at their zero point and at 127. */
DW_SHARED void dw_fours(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_fours_by(runs, count, length, pixels, out, data, 0);
}

/* Any zero point and clamp. */
DW_SHARED void dw_fours_signed(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_fours_by(runs, count, length, pixels, out, data, 1);
}

#endif
