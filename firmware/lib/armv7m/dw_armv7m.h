/* SPDX-License-Identifier: Apache-2.0 */
/* From sums to int8 outputs on Armv7-M without the DSP extension: the Cortex-M3.
 *
 * A layer's constants are one stream of bytes, channel after channel, in the order in which they are used; a word
 * is four of them, the lowest first, wherever they lie. Sums have no bias: it is in the constants. */
#ifndef DW_ARMV7M_H
#define DW_ARMV7M_H

#include <stdint.h>

#include "dw_asm.h"
#include "dw_fitted.h"
#include "dw_fixedpoint.h"

/* A layer; `outside` are zero points, what lies outside of the image, `half` is 2 * zero point + 1, `taps` the
 * inputs of an output of a CONV_2D, a multiple of four. */
struct dw_streamed {
    const int8_t *stream;
    const int8_t *outside;
    int32_t channels;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
    int32_t taps;
};

/* On a line: see codegen/arithmetic/thresholds.py. Signed: halves are rounded away from zero, and clamped to
 * all of int8. Clamped: that, and any clamp. Fitted: by numbers of each channel's own (dw_fitted.h), in both ways. */
enum dw_streamed_form {
    DW_STREAMED_line,
    DW_STREAMED_signed,
    DW_STREAMED_clamped,
    DW_STREAMED_fitted,
    DW_STREAMED_fitted_clamped
};

/* The word at a place in a stream. */
DW_INLINE uint32_t dw_streamed_word(const int8_t *at)
{
    return (uint32_t)(uint8_t)at[0] | (uint32_t)(uint8_t)at[1] << 8 |
           (uint32_t)(uint8_t)at[2] << 16 | (uint32_t)(uint8_t)at[3] << 24;
}

/* Bytes of what a form has of a channel besides the multiplier and the bias. */
DW_INLINE int dw_streamed_more(enum dw_streamed_form form)
{
    if (form == DW_STREAMED_line) {
        return 0;
    }
    return form == DW_STREAMED_fitted || form == DW_STREAMED_fitted_clamped ? 8 : 4;
}

/* `bias` is that of 256 times the sum on a line, of 2^left times it by own numbers, of 4 times it elsewhere; at
 * `more` is a shift, or an offset and the packed numbers. */
DW_INLINE int8_t dw_streamed_output(uint32_t sum, uint32_t multiplier, uint32_t bias,
    const int8_t *more, const struct dw_streamed *layer, enum dw_streamed_form form)
{
    if (form == DW_STREAMED_line) {
        const int64_t product = (int64_t)(int32_t)(256 * sum + bias) * (int32_t)multiplier;
        return (int8_t)dw_clamped((int32_t)(product >> 32) >> 12, INT8_MIN, INT8_MAX);
    }
    if (dw_streamed_more(form) == 8) {
        const uint32_t packed = dw_streamed_word(more + 4);
        return dw_fitted_output(dw_fitted_wide(sum, bias, packed), (int32_t)multiplier,
            (int32_t)dw_streamed_word(more), packed, layer->minimum, layer->maximum);
    }
    const int32_t whole = (int32_t)(4 * sum + bias) >> 2;
    const int32_t value =
        dw_rescale_value(whole, (int32_t)multiplier, -(int)dw_streamed_word(more));
    return dw_output(value, (layer->half - 1) / 2, layer->minimum, layer->maximum);
}

#endif
