/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D and FULLY_CONNECTED: one or two pixels by four output channels.
 *
 * Inputs of a pixel lie one behind the other, weights as [O][inputs]. VMLADAVA adds sixteen products
 * to a sum; the loop's tail predication leaves out what lies behind the last input, so nothing there
 * is read. Two pixels by two channels share their loads: as many loads as multiplications.
 */
#ifndef DW_MVE_DOT_H
#define DW_MVE_DOT_H

#include "dw_mve.h"

/* A layer; `outside` is the input's zero point, what lies outside of the image.
 *
 * Words of four channels in `groups`: biases of channels 0, 2, 1, 3 with zero points folded in, multipliers, and right
 * shifts as negative numbers, where one is to the left such shifts in front of multipliers; on a line biases of channels 0 to 3 and multipliers. The last four may not all exist. */
struct dw_mve_dot {
    const int8_t *weights;
    const int32_t *groups;
    int32_t inputs;
    int32_t channels;
    int32_t outside;
    int32_t output_zero_point;
    int32_t minimum;
    int32_t maximum;
};

/* DW_MVE_PIXELS(suffix, form) defines for a form, plain, signed (see dw_mve_scaled), with shifts to the left or on a line
 * (dw_mve_on_line),
 *     void dw_mve_two_fours(a, b, out, layer): all whole fours of channels of two pixels, whose
 *         outputs lie one behind the other;
 *     void dw_mve_rest(x, out, layer, first): the channels of one pixel from `first` on, a multiple
 *         of four. */
#include "dw_mve_dot_asm.h"
#include "dw_mve_dot_twin.h"

#define DW_MVE_PIXELS(suffix, form)                                                                \
    DW_MVE_FOURS(suffix, form)                                                                     \
    DW_SHARED void dw_mve_two_pixels##suffix(                                                      \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer)             \
    {                                                                                              \
        const int channels = layer->channels, whole = channels / 4 * 4;                            \
        dw_mve_two_fours##suffix(a, b, out, layer);                                                \
        if (whole < channels) {                                                                    \
            dw_mve_rest##suffix(a, out + whole, layer, whole);                                     \
            dw_mve_rest##suffix(b, out + channels + whole, layer, whole);                          \
        }                                                                                          \
    }                                                                                              \
    DW_SHARED void dw_mve_one_pixel##suffix(                                                       \
        const int8_t *x, int8_t *out, const struct dw_mve_dot *layer)                              \
    {                                                                                              \
        dw_mve_rest##suffix(x, out, layer, 0);                                                     \
    }
DW_MVE_PIXELS(, plain)
DW_MVE_PIXELS(_signed, signed)
DW_MVE_PIXELS(_left, left)
DW_MVE_PIXELS(_line, line)

/* `count` times the same byte. */
DW_INLINE int8_t *dw_mve_fill(int8_t *to, int value, int count)
{
    for (int i = 0; i < count; i++) {
        to[i] = (int8_t)value;
    }
    return to + count;
}

#endif
