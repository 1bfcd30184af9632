/* SPDX-License-Identifier: Apache-2.0 */
/* Sums and products that are doubled and multiplied by SMMULR, which is the first rounding; no doubled one leaves
 * int32 (codegen/kernels/dsp/quads.py). */
#ifndef DW_DSP_NARROW_H
#define DW_DSP_NARROW_H

#include "dw_dsp.h"

/* Times 2^left, by the multiplier, by 2^-right: `half` is half of 2^right; `negative` has all bits set where a
 * shift to the right rounds halves away from zero. */
struct dw_narrow {
    int32_t multiplier;
    int32_t half;
    int32_t negative;
    int32_t left;
    int32_t right;
};

DW_INLINE int32_t dw_doubled_scaled(int32_t value, const struct dw_narrow *scale)
{
    const int32_t found = dw_high_multiply(dw_shift_left(value, scale->left), scale->multiplier);
    return (found + ((found >> 31) & scale->negative) + scale->half) >> scale->right;
}

#endif
