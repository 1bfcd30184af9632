/* SPDX-License-Identifier: Apache-2.0 */
/* FULLY_CONNECTED from bytes as they lie: four output channels by four inputs, weights in pairs.
 *
 * An int16 lane of a word holds the weights a and b of two channels, as a + 256 b. For lanes x of
 * inputs, SMLAD by a word sums x (a + 256 b), SMLAD by its lowest bytes sums x a: three instructions
 * for two channels and two inputs, where unpacking both takes four. The difference of both sums is
 * 256 times the second channel's, exact modulo 2^32: so it is taken after as many inputs as keep the
 * second's sum smaller than 2^23 (codegen/kernels/dsp/fully_connected_pairs.py).
 */
#ifndef DW_DSP_PAIRS_H
#define DW_DSP_PAIRS_H

#include "dw_dsp.h"

/* A layer. Its stream holds for each four channels, then for the last one to three: the biases of one
 * or two pairs; for every four inputs a word of each pair for inputs 0 and 2, and one for 1 and 3;
 * multiplier, offset and shift of each channel, unless all have those of `scale`. */
struct dw_pairs {
    const uint32_t *stream;
    struct dw_scale scale;
    int32_t minimum;
    int32_t maximum;
};

/* `dw_add_pairs_1` and `_2` add the products of 4 · `groups` > 0 inputs to the sums of one or two pairs. */
#include "dw_dsp_pairs_asm.h"
#include "dw_dsp_pairs_twin.h"

/* Adds all products to the sums of a block of pairs, whose second channels' are parted after every
 * `parted` inputs, a multiple of four; returns where the weights end. */
DW_INLINE const uint32_t *dw_add_all(
    const int8_t *in, int inputs, int parted, const uint32_t *weights, int32_t *sums, int pairs)
{
    void (*const add)(const int8_t *, const uint32_t *, int, int32_t *) =
        pairs == 2 ? dw_add_pairs_2 : dw_add_pairs_1;
    const int whole = inputs / 4 * 4;
    for (int i = 0; i < whole; i += parted) {
        const int groups = (parted < whole - i ? parted : whole - i) / 4;
        add(in + i, weights, groups, sums);
        weights += 2 * pairs * groups;
    }
    if (inputs % 4) { /* with zeros behind them */
        int8_t last[4] = {0, 0, 0, 0};
        __builtin_memcpy(last, in + whole, (uint32_t)(inputs % 4));
        add(last, weights, 1, sums);
        weights += 2 * pairs;
    }
    return weights;
}

/* What a channel has in the stream. */
DW_INLINE struct dw_scale dw_own_scale(const uint32_t *at)
{
    const struct dw_scale scale = {(int32_t)at[0], (int32_t)at[1], (int32_t)at[2]};
    return scale;
}

/* A block of up to four channels, each of which has a scale of its `own`, or none; returns where the next one lies
 * in the stream. Sizes are known to the compiler. */
#define DW_PAIRS(name, output)                                                                     \
    DW_INLINE const uint32_t *name##_block(const int8_t *in, int inputs, int parted, int8_t *out,  \
        const struct dw_pairs *layer, const uint32_t *at, int pairs, int count, int own)           \
    {                                                                                              \
        int32_t sums[4];                                                                           \
        __builtin_memcpy(sums, at, 8u * (uint32_t)pairs);                                          \
        at = dw_add_all(in, inputs, parted, at + 2 * pairs, sums, pairs);                          \
        DW_UNROLLED                                                                                \
        for (int c = 0; c < count; c++, at += 3 * own) {                                           \
            const struct dw_scale scale = own ? dw_own_scale(at) : layer->scale;                   \
            const int32_t doubled = 2 * sums[c];                                                   \
            out[c] = output;                                                                       \
        }                                                                                          \
        return at;                                                                                 \
    }                                                                                              \
    DW_INLINE void name(const int8_t *in, int inputs, int parted, int8_t *out, int channels,       \
        int own, const struct dw_pairs *layer)                                                     \
    {                                                                                              \
        const uint32_t *at = layer->stream;                                                        \
        for (int c = 0; c + 4 <= channels; c += 4) {                                               \
            at = name##_block(in, inputs, parted, out + c, layer, at, 2, 4, own);                  \
        }                                                                                          \
        const int left = channels % 4;                                                             \
        if (left == 3) {                                                                           \
            name##_block(in, inputs, parted, out + channels - 3, layer, at, 2, 3, own);            \
        } else if (left) {                                                                         \
            name##_block(in, inputs, parted, out + channels - left, layer, at, 1, left, own);      \
        }                                                                                          \
    }
DW_PAIRS(dw_pairs, dw_scaled(doubled, scale))
DW_PAIRS(dw_pairs_signed, dw_scaled_signed(doubled, scale))
DW_PAIRS(dw_pairs_clamped, dw_scaled_clamped(doubled, scale, layer->minimum, layer->maximum))

#endif
