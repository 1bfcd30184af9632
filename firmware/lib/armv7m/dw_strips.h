/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D of 3x3 by strips: up to five outputs side by side share the inputs that they see.
 *
 * Inputs are given by the addresses of their pixels, row by row, so that a strip may see what is outside of the
 * image. A channel's part of the stream: nine weights, words of a multiplier and a bias, and where it is not on
 * a line of a shift, or of an offset and packed numbers. */
#ifndef DW_STRIPS_H
#define DW_STRIPS_H

#include "dw_armv7m.h"

/* Each defines functions of so many outputs at a stride, in each form: dw_strip_4_by_1_line,
 *     void (const int8_t *const *at, int8_t *out, const struct dw_streamed *layer, int step),
 * which writes them `step` bytes apart. At a stride of 3 they share no inputs, wherever these are. */
#include "dw_strips_asm.h"
#include "dw_strips_twin.h"

/* One of both has DW_STRIP. */
#define DW_STRIPS(outputs, stride)                                                                 \
    DW_STRIP(outputs, stride, line)                                                                \
    DW_STRIP(outputs, stride, signed)                                                              \
    DW_STRIP(outputs, stride, clamped)                                                             \
    DW_STRIP(outputs, stride, fitted)                                                              \
    DW_STRIP(outputs, stride, fitted_clamped)
DW_STRIPS(1, 1)
DW_STRIPS(2, 1)
DW_STRIPS(3, 1)
DW_STRIPS(4, 1)
DW_STRIPS(5, 1)
DW_STRIPS(1, 2)
DW_STRIPS(2, 2)
DW_STRIPS(3, 2)
DW_STRIPS(4, 2)
DW_STRIPS(1, 3)
DW_STRIPS(2, 3)
DW_STRIPS(3, 3)
DW_STRIPS(4, 3)
DW_STRIPS(5, 3)

#endif
