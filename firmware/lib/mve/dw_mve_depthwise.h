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

/* Sixteen channels, in the order above: biases with zero points folded in, multipliers, and right
 * shifts as negative numbers. */
struct dw_mve_block {
    int32_t bias[16];
    int32_t multipliers[16];
    int32_t shifts[16];
};

/* A layer: weights [C / 16][taps][16]; `border` is a pixel of zero points. Where channels end within
 * sixteen, the first ones follow again, so that less than sixteen serve several pixels at a time. */
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

DW_INLINE struct dw_mve_sums dw_mve_biases(const int32_t *bias)
{
    return (struct dw_mve_sums){dw_mve_load_words(bias), dw_mve_load_words(bias + 4),
        dw_mve_load_words(bias + 8), dw_mve_load_words(bias + 12)};
}

#if DW_HAS_MVE

/* q2 and q3 are products of even and of odd bytes; the first tap's, then both added. The second
 * weights are loaded twice since all eight vectors are taken. */
#define DW_MVE_FIRST(load)                                                                         \
    load("%[x]") "vldrb.8 q1, [%[w]], #32\n vmullb.s8 q2, q0, q1\n vmullt.s8 q3, q0, q1\n"
#define DW_MVE_SECOND(load)                                                                        \
    load("%[y]") "vldrb.8 q1, [%[w], #-16]\n vmullb.s8 q1, q0, q1\n vadd.i16 q2, q2, q1\n"         \
                 "vldrb.8 q1, [%[w], #-16]\n vmullt.s8 q0, q0, q1\n vadd.i16 q3, q3, q0\n"
#define DW_MVE_WIDEN                                                                               \
    "vmovlb.s16 q0, q2\n vmovlt.s16 q1, q2\n vadd.i32 %q[s0], %q[s0], q0\n"                        \
    "vmovlb.s16 q2, q3\n vadd.i32 %q[s2], %q[s2], q1\n vmovlt.s16 q3, q3\n"                        \
    "vadd.i32 %q[s1], %q[s1], q2\n vadd.i32 %q[s3], %q[s3], q3\n"
#define DW_MVE_PAIRS(load)                                                                         \
    "wls lr, %[pairs], 2f\n"                                                                       \
    "1:\n ldrd %[x], %[y], [%[taps]], #8\n add %[x], %[offset]\n add %[y], "                       \
    "%[offset]\n" DW_MVE_FIRST(load) DW_MVE_SECOND(load) DW_MVE_WIDEN "le lr, 1b\n 2:\n"
#define DW_MVE_LAST(load)                                                                          \
    "ldr %[x], [%[taps]]\n add %[x], %[offset]\n" DW_MVE_FIRST(load) DW_MVE_WIDEN
#define DW_MVE_WHOLE(address) "vldrb.8 q0, [" address "]\n"
#define DW_MVE_PART(address) "vpst\n vldrbt.8 q0, [" address "]\n"
#define DW_MVE_SUM(code, ...)                                                                      \
    __asm__ volatile(                                                                              \
        code                                                                                       \
        : [s0] "+w"(sums.by0), [s1] "+w"(sums.by1), [s2] "+w"(sums.by2), [s3] "+w"(sums.by3),      \
        [taps] "+r"(taps), [w] "+r"(weights), [x] "=&r"(x), [y] "=&r"(y)                           \
        : [pairs] "r"(tap_count / 2), [offset] "r"(offset), __VA_ARGS__                            \
        : "q0", "q1", "q2", "q3", "lr", "memory")

/* The first `count` of sixteen channels: all taps, weights [taps][16]. Bytes that are not loaded
 * are 0. `tap_count` is a constant. */
DW_INLINE struct dw_mve_sums dw_mve_sum_taps(struct dw_mve_sums sums, const int8_t *const *taps,
    int offset, const int8_t *weights, int tap_count, int count)
{
    const mve_pred16_t first = vctp8q((uint32_t)count); /* held in VPR, which VPST looks at */
    const int8_t *x, *y;
    if (count < 16 && tap_count % 2) {
        DW_MVE_SUM(DW_MVE_PAIRS(DW_MVE_PART) DW_MVE_LAST(DW_MVE_PART), "Up"(first));
    } else if (count < 16) {
        DW_MVE_SUM(DW_MVE_PAIRS(DW_MVE_PART), "Up"(first));
    } else if (tap_count % 2) {
        DW_MVE_SUM(DW_MVE_PAIRS(DW_MVE_WHOLE) DW_MVE_LAST(DW_MVE_WHOLE), "i"(0));
    } else {
        DW_MVE_SUM(DW_MVE_PAIRS(DW_MVE_WHOLE), "i"(0));
    }
    return sums;
}

#else

DW_INLINE struct dw_mve_sums dw_mve_sum_taps(struct dw_mve_sums sums, const int8_t *const *taps,
    int offset, const int8_t *weights, int tap_count, int count)
{
    dw_mve_words *const by[4] = {&sums.by0, &sums.by1, &sums.by2, &sums.by3};
    for (int c = 0; c < count && c < 16; c++) {
        for (int t = 0; t < tap_count; t += 2) {
            int pair = taps[t][offset + c] * weights[t * 16 + c];
            if (t + 1 < tap_count) {
                pair += taps[t + 1][offset + c] * weights[(t + 1) * 16 + c];
            }
            by[c % 4]->lane[c / 4] += (int16_t)pair;
        }
    }
    return sums;
}

#endif

/* Rescales and stores the first `count` of sixteen channels. */
DW_INLINE void dw_mve_finish_block(int8_t *out, struct dw_mve_sums sums,
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

/* All channels of one pixel, or sixteen bytes of several, whose taps lie `offset` behind the addresses in `taps`. */
DW_INLINE void dw_mve_depthwise_pixel(int8_t *out, const int8_t *const *taps, int offset,
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
