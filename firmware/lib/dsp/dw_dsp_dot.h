/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D and FULLY_CONNECTED: one, two or three pixels by two output channels.
 *
 * Inputs of a block of pixels are int16 lanes, interleaved: for four inputs of pixels A, B, C the
 * words A(0,2) B(0,2) C(0,2) A(1,3) B(1,3) C(1,3). A layer's constants are one stream of words, in
 * the order in which they are used; for each pair of channels: two doubled biases; for every group
 * of four inputs a word of int8 weights of each channel, or, `wide`, twice the same as lanes: (0,2)
 * of each channel, then (1,3) of each; multiplier, offset and shift of each. Sums come out doubled:
 * either the inputs' lanes are doubled or the weights'.
 */
#ifndef DW_DSP_DOT_H
#define DW_DSP_DOT_H

#include "dw_dsp.h"

/* A layer: `groups` of four inputs, padded with weights of 0. The second channel of the last pair
 * may not exist. */
struct dw_dot {
    const uint32_t *stream;
    int32_t channels;
    int32_t groups;
    int32_t minimum;
    int32_t maximum;
    const int8_t *border; /* what lies outside of the image: a pixel of zero points */
};

/* Expands four inputs of each of `pixels` pixels; doubles them unless the weights are `wide`. */
DW_INLINE uint32_t *dw_expand(uint32_t *to, const uint32_t *bytes, int pixels, int wide)
{
    DW_UNROLLED
    for (int p = 0; p < pixels; p++) {
        const uint32_t even = dw_even_lanes(bytes[p]), odd = dw_odd_lanes(bytes[p]);
        to[p] = wide ? even : dw_doubled_lanes(even);
        to[pixels + p] = wide ? odd : dw_doubled_lanes(odd);
    }
    return to + 2 * pixels;
}

/* Up to three int8, the rest of the word 0. */
DW_INLINE uint32_t dw_load_part(const int8_t *from, int count)
{
    uint32_t word = (uint8_t)from[0];
    for (int i = 1; i < count; i++) {
        word |= (uint32_t)(uint8_t)from[i] << (8 * i);
    }
    return word;
}

/* Expands `count` inputs of each of `pixels` pixels. */
DW_INLINE uint32_t *dw_expand_pixels(
    uint32_t *to, const int8_t *const *from, int count, int pixels, int wide)
{
    uint32_t bytes[3];
    for (int i = 0; i + 4 <= count; i += 4) {
        DW_UNROLLED
        for (int p = 0; p < pixels; p++) {
            bytes[p] = dw_load4(from[p] + i);
        }
        to = dw_expand(to, bytes, pixels, wide);
    }
    if (count % 4) {
        DW_UNROLLED
        for (int p = 0; p < pixels; p++) {
            bytes[p] = dw_load_part(from[p] + count / 4 * 4, count % 4);
        }
        to = dw_expand(to, bytes, pixels, wide);
    }
    return to;
}

/* All channels of a block of pixels: element (p, c) goes to out[p * pixel + c * channel]. `weights` are
 * narrow (int8) or wide (int16); forms are those of dw_dsp.h. */
#include "dw_dsp_dot_asm.h"
#include "dw_dsp_dot_twin.h"

#define DW_BLOCKS(pixels)                                                                          \
    DW_BLOCK(dw_block_##pixels, pixels, narrow, scaled)                                            \
    DW_BLOCK(dw_block_##pixels##_signed, pixels, narrow, signed)                                   \
    DW_BLOCK(dw_block_##pixels##_clamped, pixels, narrow, clamped)                                 \
    DW_BLOCK(dw_block_##pixels##_wide, pixels, wide, scaled)                                       \
    DW_BLOCK(dw_block_##pixels##_wide_signed, pixels, wide, signed)                                \
    DW_BLOCK(dw_block_##pixels##_wide_clamped, pixels, wide, clamped)
DW_BLOCKS(1)
DW_BLOCKS(2)
DW_BLOCKS(3)

#endif
