/* DEPTHWISE_CONV_2D by pixels: every tap is a pixel of all channels, one outside of the image too. */
#ifndef DW_PLAIN_DEPTHWISE_H
#define DW_PLAIN_DEPTHWISE_H

#include "dw_plain.h"

/* Weights [taps][channels]; biases have the input's zero point folded in; `outside` is a pixel of zero
 * points. */
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

DW_INLINE int8_t dw_depthwise_output(
    int32_t sum, int channel, const struct dw_depthwise *restrict data, int is_signed)
{
    const int32_t multiplier = data->multipliers[channel];
    const int shift = data->shifts[channel];
    return is_signed
               ? dw_scaled_sum_signed(sum, multiplier, shift, data->half, data->minimum, data->maximum)
               : dw_scaled_sum(sum, multiplier, shift, data->half);
}

/* Two channels at a time share what is read of `at`; a single last one is its own neighbour. */
DW_INLINE void dw_depthwise_of_kind(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data, int is_signed)
{
    const int channels = data->channels;
    for (int c = 0; c < channels; c += 2) {
        const int other = c + 1 < channels ? c + 1 : c;
        const int8_t *weights = data->weights;
        int32_t sum = data->bias[c], sum_other = data->bias[other];
        for (int t = 0; t < taps; t++, weights += channels) {
            const int8_t *const pixel = at[t];
            sum += pixel[c] * weights[c];
            sum_other += pixel[other] * weights[other];
        }
        out[c] = dw_depthwise_output(sum, c, data, is_signed);
        out[other] = dw_depthwise_output(sum_other, other, data, is_signed);
    }
}

#define DW_DEPTHWISE(name, taps_known, is_signed)                                                  \
    DW_SHARED void name(const int8_t *const *at, int taps, int8_t *restrict out,                   \
        const struct dw_depthwise *restrict data)                                                  \
    {                                                                                              \
        (void)taps;                                                                                \
        dw_depthwise_of_kind(at, taps_known, out, data, is_signed);                                \
    }

/* All channels of one output pixel, for 9 taps and for any number. */
DW_DEPTHWISE(dw_depthwise_9, 9, 0)
DW_DEPTHWISE(dw_depthwise_9_signed, 9, 1)
DW_DEPTHWISE(dw_depthwise_any, taps, 0)
DW_DEPTHWISE(dw_depthwise_any_signed, taps, 1)

#endif
