/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights [channels][inputs], for Armv6-M: there all of them share one index. */
#ifndef DW_PLAIN_ROWS_H
#define DW_PLAIN_ROWS_H

#include "dw_plain_dense.h"

/* The runs of inputs that one output sees, their end, the length of each; `row` bytes of weights are one
 * channel's. */
struct dw_runs {
    const int8_t *const *at;
    const int8_t *const *end;
    int32_t length;
    int32_t row;
};

#include "dw_plain_rows_asm.h"

#if !DW_ASM_V6M

/* Four biases and the products of all inputs with four rows of weights. */
DW_SHARED void dw_rows_sums(
    int32_t *sums, const int32_t *bias, const int8_t *weights, const struct dw_runs *runs)
{
    for (int k = 0; k < 4; k++) {
        const int8_t *weight = weights + k * runs->row;
        sums[k] = bias[k];
        for (const int8_t *const *at = runs->at; at != runs->end; at++) {
            for (int i = 0; i < runs->length; i++) {
                sums[k] += (*at)[i] * *weight++;
            }
        }
    }
}

#endif

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_rows_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    const int8_t *weights = data->weights;
    const int rest = data->channels & 3, fours = data->channels - rest;
    const struct dw_runs all = {runs, runs + count, length, data->inputs};
    int32_t sums[4];
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        dw_rows_sums(sums, data->bias + o, weights, &all);
        DW_WRITTEN(sums);
        scale(sums, 4, o, out + o, data);
    }
    if (rest > 0) {
        dw_last_sums(sums, rest, data->bias + fours, runs, count, length, weights);
        scale(sums, rest, fours, out + fours, data);
    }
}

DW_SHARED void dw_rows(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_rows_by(dw_scale_plain, runs, count, length, out, data);
}

DW_SHARED void dw_rows_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_rows_by(dw_scale_signed, runs, count, length, out, data);
}

DW_SHARED void dw_rows_fitted(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_rows_by(dw_scale_fitted, runs, count, length, out, data);
}

#endif
