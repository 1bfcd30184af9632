/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products as in dw_plain_fours.h where weights have a zero point: all of them are int8 and a number in common, of
 * which each sum of a pixel has as many as its inputs add up to (codegen/kernels/offset.py). */
#ifndef DW_PLAIN_FOURS_OFFSET_H
#define DW_PLAIN_FOURS_OFFSET_H

#include "dw_plain_fours.h"

/* How sums become outputs: by dw_scaled_sum or dw_scaled_sum_signed, or by numbers of each channel's own. */
enum dw_fours_form { DW_FOURS_PLAIN, DW_FOURS_SIGNED, DW_FOURS_OWN };

/* Outputs `first` ... of at most four sums. */
DW_INLINE void dw_fours_offset_scaled(const int32_t *sums, int count, int first,
    int8_t *restrict out, const struct dw_dense *restrict data, enum dw_fours_form form)
{
    if (form == DW_FOURS_OWN) {
        dw_scale_fitted(sums, count, first, out, data);
    } else if (form == DW_FOURS_SIGNED) {
        dw_scale_signed(sums, count, first, out, data);
    } else {
        dw_scale_plain(sums, count, first, out, data);
    }
}

/* Where there is one, defines
 *     void dw_fours_offset_together(runs, end, length, out, data, form, begun):
 * channels in fours, not the last ones, of DW_OFFSET_TOGETHER pixels side by side, whose sums begin with `begun`. */
#include "dw_plain_fours_offset_rv32.h"
#include "dw_plain_fours_offset_twin.h"

/* What all sums of a pixel begin with: `common` times each of its inputs. */
DW_SHARED int32_t dw_fours_begun(
    const struct dw_run *runs, const struct dw_run *end, int length, int pixel, int32_t common)
{
    int32_t total = 0;
    for (; runs != end; runs++) {
        const int8_t *from = runs->at + pixel * runs->step;
        for (const int8_t *const last = from + (length & ~7); from != last; from += 8) {
            total += from[0] + from[1] + from[2] + from[3] + from[4] + from[5] + from[6] + from[7];
        }
        for (const int8_t *const last = from + (length & 7); from != last; from++) {
            total += *from;
        }
    }
    return total * common;
}

/* All channels of one pixel, or `rest`: what fours leave of them, at most three. */
DW_INLINE void dw_fours_offset_single(const struct dw_run *runs, const struct dw_run *end,
    int length, int pixel, int rest, int8_t *restrict out, const struct dw_dense *restrict data,
    enum dw_fours_form form, int32_t begun)
{
    const int fours = data->channels & ~3, first = rest ? fours : 0;
    const int8_t *weights = data->weights + first * data->inputs;
    for (int o = first; o < fours; o += 4, weights += 4 * data->inputs) {
        const int32_t *const bias = data->bias + o;
        const int32_t from[4] = {
            bias[0] + begun, bias[1] + begun, bias[2] + begun, bias[3] + begun};
        const struct dw_four sums = dw_fours_one(from, runs, end, length, weights);
        dw_fours_offset_scaled(sums.of, 4, o, out + o, data, form);
    }
    for (int k = fours; k < data->channels; k++) {
        int32_t sum = data->bias[k] + begun;
        for (const struct dw_run *run = runs; run != end; run++, weights += length) {
            const int8_t *const from = run->at + pixel * run->step;
            for (int i = 0; i < length; i++) {
                sum += from[i] * weights[i];
            }
        }
        dw_fours_offset_scaled(&sum, 1, k, out + k, data, form);
    }
}

/* All channels of `pixels` pixels side by side, whose inputs are `count` runs of `length` bytes each.
 * The runs are moved on. */
DW_INLINE void dw_fours_offset_by(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common,
    enum dw_fours_form form)
{
    const struct dw_run *const end = runs + count;
    for (int left = pixels, done; left > 0; left -= done) {
        int32_t begun[DW_OFFSET_TOGETHER];
        done = left < DW_OFFSET_TOGETHER ? 1 : DW_OFFSET_TOGETHER;
        for (int p = 0; p < done; p++) {
            begun[p] = dw_fours_begun(runs, end, length, p, common);
        }
#if DW_OFFSET_TOGETHER > 1
        if (done > 1) {
            dw_fours_offset_together(runs, end, length, out, data, form, begun);
        }
#endif
        for (int p = 0; p < done; p++, out += data->channels) {
            if (done == 1 || (data->channels & 3)) {
                dw_fours_offset_single(runs, end, length, p, done > 1, out, data, form, begun[p]);
            }
        }
        for (int r = 0; r < count && left > done; r++) {
            runs[r].at += done * runs[r].step;
        }
    }
}

/* Outputs clamped at their zero point and at 127; any zero point and clamp; by numbers of each channel's own. */
DW_SHARED void dw_fours_offset(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_fours_offset_by(runs, count, length, pixels, out, data, common, DW_FOURS_PLAIN);
}

DW_SHARED void dw_fours_offset_signed(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_fours_offset_by(runs, count, length, pixels, out, data, common, DW_FOURS_SIGNED);
}

DW_SHARED void dw_fours_offset_fitted(struct dw_run *runs, int count, int length, int pixels,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_fours_offset_by(runs, count, length, pixels, out, data, common, DW_FOURS_OWN);
}

#endif
