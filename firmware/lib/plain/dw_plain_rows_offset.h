/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products as in dw_plain_rows.h where weights have a zero point: all of them are int8 and a number in common, of
 * which each sum of a pixel has as many as its inputs add up to (codegen/kernels/offset.py). */
#ifndef DW_PLAIN_ROWS_OFFSET_H
#define DW_PLAIN_ROWS_OFFSET_H

#include "dw_plain_rows.h"

/* What all sums of a pixel begin with: `common` times each of its inputs. */
DW_SHARED int32_t dw_rows_begun(const int8_t *const *runs, int count, int length, int32_t common)
{
    int32_t total = 0;
    for (const int8_t *const *const end = runs + count; runs != end; runs++) {
        const int8_t *from = *runs;
        for (const int8_t *const last = from + (length & ~7); from != last; from += 8) {
            total += from[0] + from[1] + from[2] + from[3] + from[4] + from[5] + from[6] + from[7];
        }
        for (const int8_t *const last = from + (length & 7); from != last; from++) {
            total += *from;
        }
    }
    return total * common;
}

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_rows_offset_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data, int32_t common)
{
    const int8_t *weights = data->weights;
    const int rest = data->channels & 3, fours = data->channels - rest;
    const struct dw_runs all = {runs, runs + count, length, data->inputs};
    const int32_t begun = dw_rows_begun(runs, count, length, common);
    int32_t sums[4];
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        const int32_t *const bias = data->bias + o;
        const int32_t first[4] = {
            bias[0] + begun, bias[1] + begun, bias[2] + begun, bias[3] + begun};
        dw_rows_sums(sums, first, weights, &all);
        DW_WRITTEN(sums);
        scale(sums, 4, o, out + o, data);
    }
    if (rest > 0) {
        int32_t first[3];
        for (int k = 0; k < rest; k++) {
            first[k] = data->bias[fours + k] + begun;
        }
        dw_last_sums(sums, rest, first, runs, count, length, weights);
        scale(sums, rest, fours, out + fours, data);
    }
}

DW_SHARED void dw_rows_offset(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_rows_offset_by(dw_scale_plain, runs, count, length, out, data, common);
}

DW_SHARED void dw_rows_offset_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_rows_offset_by(dw_scale_signed, runs, count, length, out, data, common);
}

DW_SHARED void dw_rows_offset_fitted(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int32_t common)
{
    dw_rows_offset_by(dw_scale_fitted, runs, count, length, out, data, common);
}

#endif
