/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D by pixels: every tap is a pixel of all channels, one outside of the image too. */
#ifndef DW_PLAIN_DEPTHWISE_H
#define DW_PLAIN_DEPTHWISE_H

#include "dw_fitted.h"
#include "dw_plain.h"

/* Weights [taps][channels]; biases have the input's zero point folded in; `outside` is a pixel of zero
 * points. Of functions that end in _fitted, `multipliers` are three words a channel (dw_plain_dense.h). */
struct dw_depthwise {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

/* How sums become outputs: by dw_scaled_sum or dw_scaled_sum_signed, or by numbers of each channel's own. */
enum { DW_DEPTHWISE_PLAIN, DW_DEPTHWISE_SIGNED, DW_DEPTHWISE_FITTED };

DW_INLINE int8_t dw_depthwise_output(
    int32_t sum, int channel, const struct dw_depthwise *restrict data, int form)
{
    if (form == DW_DEPTHWISE_FITTED) {
        const int32_t *const scale = data->multipliers + 3 * channel;
        const uint32_t packed = (uint32_t)scale[2];
        const int32_t wide = dw_fitted_wide((uint32_t)sum, packed >> 24, packed);
        return dw_fitted_output(wide, scale[0], scale[1], packed, data->minimum, data->maximum);
    }
    const int32_t multiplier = data->multipliers[channel];
    const int shift = data->shifts[channel];
    return form == DW_DEPTHWISE_SIGNED ? dw_scaled_sum_signed(sum, multiplier, shift, data->half,
                                             data->minimum, data->maximum)
                                       : dw_scaled_sum(sum, multiplier, shift, data->half);
}

/* Each defines
 *     void dw_depthwise_of_kind(const int8_t *const *at, int taps, int step, int8_t *out,
 *         const struct dw_depthwise *data, int form):
 * all channels of one output pixel, two at a time; `taps` is a multiple of `step`, which is 1 or 3. A
 * single last channel is its own neighbour. */
#include "dw_plain_depthwise_asm.h"
#include "dw_plain_depthwise_thumb2.h"
#include "dw_plain_depthwise_twin.h"

/* All channels of one output pixel, for 9 taps and for any number. */
DW_SHARED void dw_depthwise_9(
    const int8_t *const *at, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, 9, 3, out, data, DW_DEPTHWISE_PLAIN);
}

DW_SHARED void dw_depthwise_9_signed(
    const int8_t *const *at, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, 9, 3, out, data, DW_DEPTHWISE_SIGNED);
}

DW_SHARED void dw_depthwise_9_fitted(
    const int8_t *const *at, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, 9, 3, out, data, DW_DEPTHWISE_FITTED);
}

DW_SHARED void dw_depthwise(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, taps, 1, out, data, DW_DEPTHWISE_PLAIN);
}

DW_SHARED void dw_depthwise_signed(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, taps, 1, out, data, DW_DEPTHWISE_SIGNED);
}

DW_SHARED void dw_depthwise_fitted(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, taps, 1, out, data, DW_DEPTHWISE_FITTED);
}

#endif
