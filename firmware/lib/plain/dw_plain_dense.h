/* SPDX-License-Identifier: Apache-2.0 */
/* CONV_2D and FULLY_CONNECTED as dot products of runs of input bytes: what both layouts of weights share.
 */
#ifndef DW_PLAIN_DENSE_H
#define DW_PLAIN_DENSE_H

#include "dw_fitted.h"
#include "dw_plain.h"
#include "dw_plain_fitted_asm.h"
#include "dw_plain_scale_asm.h"

/* Biases have the input's zero point folded in; multipliers, shifts and `half` are those of
 * dw_scaled_sum. `outside` is a run of zero points: what lies outside of the image. The layout of
 * weights is the one of the function that takes the structure.
 *
 * Of functions that end in _fitted, `multipliers` are three words a channel, a multiplier, an offset and packed
 * numbers (dw_fitted.h), and there are no shifts. */
struct dw_dense {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t inputs;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

/* Outputs `first` ... of at most four sums. */
DW_INLINE void dw_scale(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data, int is_signed)
{
    const int32_t *const multipliers = data->multipliers + first;
    const int8_t *const shifts = data->shifts + first;
    for (int k = 0; k < count; k++) {
        out[k] = is_signed ? dw_scaled_sum_signed(sums[k], multipliers[k], shifts[k], data->half,
                                 data->minimum, data->maximum)
                           : dw_scaled_sum(sums[k], multipliers[k], shifts[k], data->half);
    }
}

DW_SHARED void dw_scale_plain(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
#if DW_ASM_V6M
    const struct dw_scales scales = {data->multipliers + first, data->shifts + first, data->half};
    dw_scale_sums(sums, sums + count, out, &scales);
#else
    dw_scale(sums, count, first, out, data, 0);
#endif
}

DW_SHARED void dw_scale_signed(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_scale(sums, count, first, out, data, 1);
}

/* Outputs `first` ... of sums, by numbers of each channel's own. */
DW_SHARED void dw_scale_fitted(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    const int32_t *scale = data->multipliers + 3 * first;
#if DW_ASM_V6M
    const struct dw_fitted fitted = {scale, data->minimum, data->maximum};
    dw_fitted_sums(sums, sums + count, out, &fitted);
#else
    for (int k = 0; k < count; k++, scale += 3) {
        const uint32_t packed = (uint32_t)scale[2];
        const int32_t wide = dw_fitted_wide((uint32_t)sums[k], packed >> 24, packed);
        out[k] = dw_fitted_output(wide, scale[0], scale[1], packed, data->minimum, data->maximum);
    }
#endif
}

/* The last channels, at most three, have rows of weights of their own. */
DW_INLINE void dw_last_sums(int32_t *sums, int rest, const int32_t *bias, const int8_t *const *runs,
    int count, int length, const int8_t *weights)
{
    for (int k = 0; k < rest; k++) {
        int32_t sum = bias[k];
        for (int r = 0; r < count; r++, weights += length) {
            const int8_t *const from = runs[r];
            for (int i = 0; i < length; i++) {
                sum += from[i] * weights[i];
            }
        }
        sums[k] = sum;
    }
}

#endif
