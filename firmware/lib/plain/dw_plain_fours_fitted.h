/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products as in dw_plain_fours.h, their sums scaled by numbers of each channel's own (dw_fitted.h). */
#ifndef DW_PLAIN_FOURS_FITTED_H
#define DW_PLAIN_FOURS_FITTED_H

#include "dw_plain_fours.h"

/* All channels of one pixel, or `rest`: what fours leave of them, at most three. */
DW_SHARED void dw_fours_single_fitted(const struct dw_run *runs, const struct dw_run *end,
    int length, int pixel, int rest, int8_t *restrict out, const struct dw_dense *restrict data)
{
    const int fours = data->channels & ~3, first = rest ? fours : 0;
    const int8_t *weights = data->weights + first * data->inputs;
    for (int o = first; o < fours; o += 4, weights += 4 * data->inputs) {
        const struct dw_four sums = dw_fours_one(data->bias + o, runs, end, length, weights);
        dw_scale_fitted(sums.of, 4, o, out + o, data);
    }
    for (int k = fours; k < data->channels; k++) {
        int32_t sum = data->bias[k];
        for (const struct dw_run *run = runs; run != end; run++, weights += length) {
            const int8_t *const from = run->at + pixel * run->step;
            for (int i = 0; i < length; i++) {
                sum += from[i] * weights[i];
            }
        }
        dw_scale_fitted(&sum, 1, k, out + k, data);
    }
}

/* All channels of `pixels` pixels side by side, whose inputs are `count` runs of `length` bytes each.
 * The runs are moved on. */
DW_SHARED void dw_fours_fitted(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    const struct dw_run *const end = runs + count;
    for (int left = pixels, done; left > 0; left -= done) {
        done = left < DW_TOGETHER ? 1 : DW_TOGETHER;
        if (done > 1) {
            dw_fours_together_fitted(runs, end, length, out, data, 0);
        }
        for (int p = 0; p < done; p++, out += data->channels) {
            dw_fours_single_fitted(runs, end, length, p, done > 1, out, data);
        }
        for (int r = 0; r < count && left > done; r++) {
            runs[r].at += done * runs[r].step;
        }
    }
}

#endif
