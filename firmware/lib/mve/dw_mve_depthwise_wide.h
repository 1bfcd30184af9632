/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D as in dw_mve_depthwise.h, with weights of int16: those that have a zero point are more than bytes
 * hold without it. Products are int32 at once. */
#ifndef DW_MVE_DEPTHWISE_WIDE_H
#define DW_MVE_DEPTHWISE_WIDE_H

#include "dw_mve_depthwise.h"

/* As struct dw_mve_depthwise; weights [C / 16][taps][16], of the even channels first. */
struct dw_mve_wide {
    const int16_t *weights;
    const int32_t *blocks;
    const int8_t *border;
    int32_t output_zero_point;
    int32_t minimum;
    int32_t maximum;
};

/* DW_MVE_WIDE_TAPS(suffix, form) defines for each form of dw_mve_depthwise.h
 *     void dw_mve_wide_taps(out, taps, offset, layer, channels, tap_count). */
#include "dw_mve_depthwise_wide_asm.h"
#include "dw_mve_depthwise_wide_twin.h"

DW_MVE_WIDE_TAPS(, plain)
DW_MVE_WIDE_TAPS(_signed, signed)
DW_MVE_WIDE_TAPS(_left, left)
DW_MVE_WIDE_TAPS(_line, line)

/* All channels of one pixel, or sixteen bytes of several, whose taps lie `offset` behind the addresses in `taps`. */
DW_INLINE void dw_mve_wide_pixel(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_wide *layer, int channels, int tap_count, int form)
{
    if (form == DW_MVE_LINE) {
        dw_mve_wide_taps_line(out, taps, offset, layer, channels, tap_count);
    } else if (form == DW_MVE_LEFT) {
        dw_mve_wide_taps_left(out, taps, offset, layer, channels, tap_count);
    } else if (form == DW_MVE_SIGNED) {
        dw_mve_wide_taps_signed(out, taps, offset, layer, channels, tap_count);
    } else {
        dw_mve_wide_taps(out, taps, offset, layer, channels, tap_count);
    }
}

#endif
