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

/* Sixteen channels, in the order above: biases with zero points folded in, multipliers, and right
 * shifts as negative numbers. */
struct dw_mve_block {
    int32_t bias[16];
    int32_t multipliers[16];
    int32_t shifts[16];
};

/* A layer: weights [C / 16][taps][16], filled up with 0; `border` is a pixel of zero points. */
struct dw_mve_depthwise {
    const int8_t *weights;
    const struct dw_mve_block *blocks;
    const int8_t *border;
    int32_t output_zero_point;
    int32_t minimum;
    int32_t maximum;
};

/* Sums by channel modulo four. */
struct dw_mve_sums {
    dw_mve_words by0, by1, by2, by3;
};

DW_MVE_INLINE struct dw_mve_sums dw_mve_biases(const int32_t *bias)
{
    return (struct dw_mve_sums){dw_mve_load_words(bias), dw_mve_load_words(bias + 4),
        dw_mve_load_words(bias + 8), dw_mve_load_words(bias + 12)};
}

DW_MVE_INLINE void dw_mve_add_products(
    struct dw_mve_sums *sums, dw_mve_halves even, dw_mve_halves odd)
{
    sums->by0 = dw_mve_add_even(sums->by0, even);
    sums->by2 = dw_mve_add_odd(sums->by2, even);
    sums->by1 = dw_mve_add_even(sums->by1, odd);
    sums->by3 = dw_mve_add_odd(sums->by3, odd);
}

/* The first `count` of sixteen channels: all taps, weights [taps][16]. */
DW_MVE_INLINE struct dw_mve_sums dw_mve_sum_taps(struct dw_mve_sums sums, const int8_t *const *taps,
    int offset, const int8_t *weights, int tap_count, int count)
{
    for (int t = 0; t < tap_count; t += 2) {
        const dw_mve_bytes x = dw_mve_load_bytes(taps[t] + offset, count);
        const dw_mve_bytes w = dw_mve_load_bytes(weights + t * 16, 16);
        dw_mve_halves even = dw_mve_even_products(x, w), odd = dw_mve_odd_products(x, w);
        if (t + 1 < tap_count) {
            const dw_mve_bytes y = dw_mve_load_bytes(taps[t + 1] + offset, count);
            const dw_mve_bytes v = dw_mve_load_bytes(weights + t * 16 + 16, 16);
            even = dw_mve_add_halves(even, dw_mve_even_products(y, v));
            odd = dw_mve_add_halves(odd, dw_mve_odd_products(y, v));
        }
        dw_mve_add_products(&sums, even, odd);
    }
    return sums;
}

/* Rescales and stores the first `count` of sixteen channels. */
DW_MVE_INLINE void dw_mve_finish_block(int8_t *out, struct dw_mve_sums sums,
    const struct dw_mve_block *block, const struct dw_mve_depthwise *layer, int is_signed,
    int count)
{
    const int32_t *const m = block->multipliers, *const s = block->shifts;
    const dw_mve_bytes woven = dw_mve_weave(dw_mve_scale(sums.by0, m, s, is_signed),
        dw_mve_scale(sums.by1, m + 4, s + 4, is_signed),
        dw_mve_scale(sums.by2, m + 8, s + 8, is_signed),
        dw_mve_scale(sums.by3, m + 12, s + 12, is_signed), layer->output_zero_point);
    dw_mve_store_bytes(out, dw_mve_clamp_bytes(woven, layer->minimum, layer->maximum), count);
}

/* All channels of one pixel, whose taps lie `offset` behind the addresses in `taps`. */
DW_MVE_INLINE void dw_mve_depthwise_pixel(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_depthwise *layer, int channels, int tap_count, int is_signed)
{
    const struct dw_mve_block *block = layer->blocks;
    const int8_t *weights = layer->weights;
    for (int c = 0; c + 16 <= channels; c += 16, block++, weights += 16 * tap_count) {
        const struct dw_mve_sums sums =
            dw_mve_sum_taps(dw_mve_biases(block->bias), taps, offset + c, weights, tap_count, 16);
        dw_mve_finish_block(out + c, sums, block, layer, is_signed, 16);
    }
    if (channels % 16) {
        const int c = channels / 16 * 16;
        const struct dw_mve_sums sums = dw_mve_sum_taps(
            dw_mve_biases(block->bias), taps, offset + c, weights, tap_count, channels % 16);
        dw_mve_finish_block(out + c, sums, block, layer, is_signed, channels % 16);
    }
}

#endif
