/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D over rows [W][C]: sixteen channels of one pixel at a time.
 *
 * Products of two taps are added as int16 (255 * 128 is the largest such sum: not both weights of a
 * pair are -128), then to int32 sums. Multiplications give even and odd bytes apart, widening again,
 * so the four vectors of sums hold channels 0 4 8 12, 1 5 9 13, 2 6 10 14 and 3 7 11 15: biases and
 * scales lie in this order, and narrowing weaves the bytes together again.
 */
#ifndef DW_MVE_DEPTHWISE_H
#define DW_MVE_DEPTHWISE_H

#include "dw_mve.h"

/* How sums become outputs: rounded upward, halves of negative values away from zero, with shifts to the left, or on
 * a line (dw_mve.h). */
enum { DW_MVE_PLAIN, DW_MVE_SIGNED, DW_MVE_LEFT, DW_MVE_LINE };

/* A layer; words of sixteen channels in `blocks`, in the order above: biases with zero points folded in, multipliers,
 * and right shifts as negative numbers, where one is to the left such shifts in front of multipliers; on a line biases
 * and multipliers. Weights [C / 16][taps][16]; `border` is a pixel of zero points. Where channels end within sixteen, the first ones follow again, so that less than sixteen serve several pixels at a time. */
struct dw_mve_depthwise {
    const int8_t *weights;
    const int32_t *blocks;
    const int8_t *border;
    int32_t output_zero_point;
    int32_t minimum;
    int32_t maximum;
};

/* DW_MVE_TAPS(suffix, form) defines for a form, plain, signed (see dw_mve_scaled), with shifts to the left or on a line
 * (dw_mve_on_line),
 *     void dw_mve_taps(out, taps, offset, layer, channels, tap_count):
 * see dw_mve_depthwise_pixel. */
#include "dw_mve_depthwise_asm.h"
#include "dw_mve_depthwise_twin.h"

DW_MVE_TAPS(, plain)
DW_MVE_TAPS(_signed, signed)
DW_MVE_TAPS(_left, left)
DW_MVE_TAPS(_line, line)

/* All channels of one pixel, or sixteen bytes of several, whose taps lie `offset` behind the addresses in
 * `taps`. */
DW_INLINE void dw_mve_depthwise_pixel(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_depthwise *layer, int channels, int tap_count, int form)
{
    if (form == DW_MVE_LINE) {
        dw_mve_taps_line(out, taps, offset, layer, channels, tap_count);
    } else if (form == DW_MVE_LEFT) {
        dw_mve_taps_left(out, taps, offset, layer, channels, tap_count);
    } else if (form == DW_MVE_SIGNED) {
        dw_mve_taps_signed(out, taps, offset, layer, channels, tap_count);
    } else {
        dw_mve_taps(out, taps, offset, layer, channels, tap_count);
    }
}

#endif
