/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D: blocks of two pixels by three output channels, along a row of an even number of pixels.
 *
 * Lanes of inputs and what is added up are those of joint weights (dw_dsp_dot.h); pixels are not interleaved. The stream
 * has, for each three channels: three biases; for every group of four inputs a word of each channel; then each channel's
 * multiplier, or its multiplier, offset and shift.
 */
#ifndef DW_DSP_THREES_H
#define DW_DSP_THREES_H

#include "dw_dsp.h"
#include "dw_dsp_dot.h"

/* DW_ROW_THREES defines a layer's function,
 *     void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer):
 * `threes` three channels, the first of the layer, of `blocks` blocks of two pixels, whose lanes begin `step` bytes apart.
 * Element (p, c) goes to out[p * pixel + c * channel]. Of its `groups` the first `head` are computed without a loop, the
 * others in rounds of `unrolled`. Weights are joint, or `joint_copied`: copied `copy` bytes behind the inputs once for a
 * row; groups are even then. Forms are those of dw_dsp.h. */
#include "dw_dsp_threes_asm.h"
#include "dw_dsp_threes_twin.h"

#endif
