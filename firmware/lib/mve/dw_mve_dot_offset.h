/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products as in dw_mve_dot.h where weights have a zero point: all of them are int8 and a number in common, of which
 * each sum of a pixel has as many as its inputs add up to (codegen/kernels/offset.py). */
#ifndef DW_MVE_DOT_OFFSET_H
#define DW_MVE_DOT_OFFSET_H

#include "dw_mve_dot.h"

/* A layer, and what sums of two pixels begin with, or of one. */
struct dw_mve_begun {
    struct dw_mve_dot layer;
    int32_t begun[2];
};

/* DW_MVE_OFFSET_PIXELS(suffix, form) defines functions as DW_MVE_PIXELS does; both define
 *     int32_t dw_mve_total(x, count, common): `common` times each of so many inputs. */
#include "dw_mve_dot_offset_asm.h"
#include "dw_mve_dot_offset_twin.h"

#define DW_MVE_OFFSET_PIXELS(suffix, form)                                                         \
    DW_MVE_OFFSET_FOURS(suffix, form)                                                              \
    DW_SHARED void dw_mve_two_pixels_offset##suffix(const int8_t *a, const int8_t *b, int8_t *out, \
        const struct dw_mve_dot *layer, int32_t common)                                            \
    {                                                                                              \
        const int channels = layer->channels, whole = channels / 4 * 4;                            \
        struct dw_mve_begun both = {*layer,                                                        \
            {dw_mve_total(a, layer->inputs, common), dw_mve_total(b, layer->inputs, common)}};     \
        dw_mve_two_fours_offset##suffix(a, b, out, &both);                                         \
        if (whole < channels) {                                                                    \
            dw_mve_rest_offset##suffix(a, out + whole, &both, whole);                              \
            both.begun[0] = both.begun[1];                                                         \
            dw_mve_rest_offset##suffix(b, out + channels + whole, &both, whole);                   \
        }                                                                                          \
    }                                                                                              \
    DW_SHARED void dw_mve_one_pixel_offset##suffix(                                                \
        const int8_t *x, int8_t *out, const struct dw_mve_dot *layer, int32_t common)              \
    {                                                                                              \
        const struct dw_mve_begun one = {*layer, {dw_mve_total(x, layer->inputs, common), 0}};     \
        dw_mve_rest_offset##suffix(x, out, &one, 0);                                               \
    }
DW_MVE_OFFSET_PIXELS(, plain)
DW_MVE_OFFSET_PIXELS(_signed, signed)
DW_MVE_OFFSET_PIXELS(_left, left)
DW_MVE_OFFSET_PIXELS(_line, line)

#endif
