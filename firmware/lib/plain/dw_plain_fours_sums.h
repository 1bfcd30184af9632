/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of four channels of one pixel or two (dw_plain_fours.h) in plain C. */
#ifndef DW_PLAIN_FOURS_SUMS_H
#define DW_PLAIN_FOURS_SUMS_H

#include "dw_plain_dense.h"

/* Where a run of the first pixel's inputs is; that of the next pixel is `step` bytes behind it. */
struct dw_run {
    const int8_t *at;
    int32_t step;
};

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

/* Outputs `first` ... of four sums. */
DW_INLINE void dw_fours_scaled(const struct dw_four *sums, int first, int8_t *restrict out,
    const struct dw_dense *restrict data, int is_signed)
{
    if (is_signed) {
        dw_scale_signed(sums->of, 4, first, out, data);
    } else {
        dw_scale_plain(sums->of, 4, first, out, data);
    }
}

#endif
