/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D and FULLY_CONNECTED: a row of pixels, channel after channel.
 *
 * Inputs of all pixels are lanes, one pixel behind the other. A layer's constants are one stream of words,
 * in the order in which they are used; for each channel: `struct dw_mac16_scale`, then its weights as lanes,
 * in the order of the inputs. An accumulator is all that MAC16 has: one channel of one pixel at a time, in
 * which an instruction multiplies, adds and loads.
 *
 * Weights that are kept as bytes become lanes times 256 by a mask and a shift: of four of them 0 and 2, then 1
 * and 3. Inputs are raised lanes then, and 128 times the sum of the weights is taken off the bias.
 */
#ifndef DW_MAC16_DOT_H
#define DW_MAC16_DOT_H

#include "dw_mac16.h"

/* A layer: `fours` times four inputs, padded with weights of 0. */
struct dw_mac16_dot {
    const uint32_t *stream;
    int32_t channels;
    int32_t fours;
    int32_t minimum;
    int32_t maximum;
};

/* Pixels whose inputs lie from `inputs` to `end`; a word behind them is read. */
struct dw_mac16_pixels {
    const uint32_t *inputs;
    const uint32_t *end;
    int8_t *out;
};

/* Each defines dw_mac16_dots_scaled, _signed and _clamped:
 *     void (const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels). */
#include "dw_mac16_dot_asm.h"
#include "dw_mac16_dot_twin.h"

/* Each defines dw_mac16_kept_scaled, … for weights as bytes, which are lanes in `weights` for all pixels:
 *     void (const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels, uint32_t *weights),
 * and dw_mac16_once_scaled, … where there is one pixel:
 *     void (const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels). */
#include "dw_mac16_dot_bytes_asm.h"
#include "dw_mac16_dot_bytes_twin.h"

#endif
