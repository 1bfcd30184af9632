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
#include "dw_dsp_groups.h"

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

/* Sums of pixels a, b, c and two channels. */
struct dw_sums {
    int32_t a0, a1, b0, b1, c0, c1;
};

#if DW_HAS_DSP

/* clang-format off */
#define DW_SUMS_1 [a0] "+r"(s.a0), [a1] "+r"(s.a1)
#define DW_SUMS_2 DW_SUMS_1, [b0] "+r"(s.b0), [b1] "+r"(s.b1)
#define DW_SUMS_3 DW_SUMS_2, [c0] "+r"(s.c0), [c1] "+r"(s.c1)
#define DW_RUN_DOT(pixels, group) \
    __asm__ volatile(DW_LOOP(group) \
                     : DW_SUMS_##pixels, [x] "+r"(x), [w] "+r"(w), [w0] "+&r"(w0), [w1] "=&r"(w1), \
                     [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [t] "=&r"(t) \
                     : [end] "m"(end) \
                     : "cc", "memory")
/* clang-format on */

/* Adds a block's dot products to its sums. */
DW_INLINE const uint32_t *dw_dot(
    struct dw_sums *sums, const uint32_t *x, const uint32_t *w, int groups, int pixels, int wide)
{
    const uint32_t *end = x + 2 * pixels * groups;
    struct dw_sums s = *sums;
    uint32_t w0 = (uint32_t)-groups % DW_GROUPS * dw_group_bytes(pixels, wide);
    uint32_t w1, x0, x1, x2, t;
    __asm__("" : "+m"(end));
    if (pixels == 3 && wide) {
        DW_RUN_DOT(3, DW_GROUP_3W);
    } else if (pixels == 3) {
        DW_RUN_DOT(3, DW_GROUP_3);
    } else if (pixels == 2 && wide) {
        DW_RUN_DOT(2, DW_GROUP_2W);
    } else if (pixels == 2) {
        DW_RUN_DOT(2, DW_GROUP_2);
    } else if (wide) {
        DW_RUN_DOT(1, DW_GROUP_1W);
    } else {
        DW_RUN_DOT(1, DW_GROUP_1);
    }
    *sums = s;
    return w;
}

#else

DW_INLINE int32_t dw_two_products(uint32_t x, uint32_t w)
{
    return dw_lane(x, 0) * dw_lane(w, 0) + dw_lane(x, 1) * dw_lane(w, 1);
}

/* One group of channel `c` of a pixel. */
DW_INLINE int32_t dw_four_products(
    const uint32_t *x, int pixels, const uint32_t *w, int c, int wide)
{
    const uint32_t even = wide ? w[c] : dw_even_lanes(w[c]);
    const uint32_t odd = wide ? w[2 + c] : dw_odd_lanes(w[c]);
    return dw_two_products(x[0], even) + dw_two_products(x[pixels], odd);
}

DW_INLINE const uint32_t *dw_dot(
    struct dw_sums *sums, const uint32_t *x, const uint32_t *w, int groups, int pixels, int wide)
{
    for (int g = 0; g < groups; g++, x += 2 * pixels, w += wide ? 4 : 2) {
        sums->a0 += dw_four_products(x, pixels, w, 0, wide);
        sums->a1 += dw_four_products(x, pixels, w, 1, wide);
        if (pixels > 1) {
            sums->b0 += dw_four_products(x + 1, pixels, w, 0, wide);
            sums->b1 += dw_four_products(x + 1, pixels, w, 1, wide);
        }
        if (pixels > 2) {
            sums->c0 += dw_four_products(x + 2, pixels, w, 0, wide);
            sums->c1 += dw_four_products(x + 2, pixels, w, 1, wide);
        }
    }
    return w;
}

#endif

/* What becomes of a sum: dw_scaled, dw_scaled_signed with all of int8, or with a clamp. */
enum dw_form { DW_SCALED_FORM, DW_SIGNED_FORM, DW_CLAMPED_FORM };
struct dw_finish {
    int32_t minimum;
    int32_t maximum;
    enum dw_form form;
};

DW_INLINE int8_t dw_finished(int32_t sum, struct dw_scale scale, struct dw_finish how)
{
    return how.form == DW_SCALED_FORM   ? dw_scaled(sum, scale)
           : how.form == DW_SIGNED_FORM ? dw_scaled_signed(sum, scale)
                                        : dw_scaled_clamped(sum, scale, how.minimum, how.maximum);
}

/* Stores one channel of a block. */
DW_INLINE void dw_store(int8_t *out, int32_t a, int32_t b, int32_t c, struct dw_scale scale,
    struct dw_finish how, int pixel, int pixels)
{
    out[0] = dw_finished(a, scale, how);
    if (pixels > 1) {
        out[pixel] = dw_finished(b, scale, how);
    }
    if (pixels > 2) {
        out[2 * pixel] = dw_finished(c, scale, how);
    }
}

DW_INLINE struct dw_scale dw_scale_at(const uint32_t *words)
{
    return (struct dw_scale){(int32_t)words[0], (int32_t)words[1], (int32_t)words[2]};
}

/* Where the elements of a block go: (p, c) to out[p * pixel + c * channel]. */
struct dw_target {
    int8_t *out;
    int pixel;
    int channel;
};

/* Computes `channels` of a block of pixels from a stream. */
DW_INLINE void dw_channels(const uint32_t *x, struct dw_target to, const uint32_t *stream,
    int channels, int groups, struct dw_finish how, int pixels, int wide)
{
    for (int left = channels; left > 0; left -= 2) {
        const int32_t first = (int32_t)stream[0], second = (int32_t)stream[1];
        struct dw_sums sums = {first, second, first, second, first, second};
        stream = dw_dot(&sums, x, stream + 2, groups, pixels, wide);
        dw_store(to.out, sums.a0, sums.b0, sums.c0, dw_scale_at(stream), how, to.pixel, pixels);
        to.out += to.channel;
        if (left > 1) {
            const struct dw_scale scale = dw_scale_at(stream + 3);
            dw_store(to.out, sums.a1, sums.b1, sums.c1, scale, how, to.pixel, pixels);
            to.out += to.channel;
        }
        stream += 6;
    }
}

#if DW_HAS_DSP

/* Whole pairs of channels in one piece of assembly: between two dot products the compiler would move
 * most registers to the stack and back. */
/* clang-format off */
#define DW_FINISH(s, multiplier, offset, shift) \
    "smmlar " s ", " s ", " multiplier ", " offset "\n asr " s ", " shift "\n" \
    "ssat " s ", #8, " s "\n"
#define DW_FINISH_SIGNED(s, multiplier, offset, shift) \
    "smmulr " s ", " s ", " multiplier "\n add " s ", " s ", " s ", asr #31\n" \
    "add " s ", " offset "\n asr " s ", " shift "\n ssat " s ", #8, " s "\n"
#define DW_PAIRS(copy, group, scale, finish, store) \
    "2:\n ldr %[a0], [%[w]], #8\n ldr %[a1], [%[w], #-4]\n ldr %[x], %[start]\n" \
    "ldr %[w0], %[entry]\n" copy DW_LOOP(group) \
    "ldr %[w0], [%[w]], #24\n ldr %[w1], [%[w], #-20]\n ldr %[t], [%[w], #-16]\n" \
    scale("0", finish) "ldr %[w0], [%[w], #-12]\n ldr %[w1], [%[w], #-8]\n ldr %[t], [%[w], #-4]\n" \
    "ldr %[x], %[out]\n ldr %[x0], %[pixel]\n ldr %[x1], %[channel]\n" \
    scale("1", finish) store "str %[x], %[out]\n ldr %[t], %[last]\n cmp %[t], %[w]\n bne 2b\n"
#define DW_COPY_2 "mov %[b0], %[a0]\n mov %[b1], %[a1]\n"
#define DW_COPY_3 DW_COPY_2 "mov %[c0], %[a0]\n mov %[c1], %[a1]\n"
#define DW_SCALE_2(n, finish) \
    finish("%[a" n "]", "%[w0]", "%[w1]", "%[t]") finish("%[b" n "]", "%[w0]", "%[w1]", "%[t]")
#define DW_SCALE_3(n, finish) \
    DW_SCALE_2(n, finish) finish("%[c" n "]", "%[w0]", "%[w1]", "%[t]")
#define DW_STORE_2 \
    "strb %[a0], [%[x]]\n strb %[b0], [%[x], %[x0]]\n add %[x], %[x1]\n" \
    "strb %[a1], [%[x]]\n strb %[b1], [%[x], %[x0]]\n add %[x], %[x1]\n"
#define DW_STORE_3 \
    "add %[t], %[x], %[x0], lsl #1\n strb %[c0], [%[t]]\n strb %[c1], [%[t], %[x1]]\n" DW_STORE_2

#define DW_NEW_2 [a0] "=&r"(a0), [a1] "=&r"(a1), [b0] "=&r"(b0), [b1] "=&r"(b1)
#define DW_NEW_3 DW_NEW_2, [c0] "=&r"(c0), [c1] "=&r"(c1), [x2] "=&r"(x2)
#define DW_RUN_PAIRS(pixels, group, finish) \
    __asm__ volatile(DW_PAIRS(DW_COPY_##pixels, group, DW_SCALE_##pixels, finish, DW_STORE_##pixels) \
                     : DW_NEW_##pixels, [x] "=&r"(x), [w] "+&r"(w), [w0] "=&r"(w0), [w1] "=&r"(w1), \
                     [x0] "=&r"(x0), [x1] "=&r"(x1), [t] "=&r"(t), [out] "+m"(out) \
                     : [start] "m"(start), [end] "m"(end), [entry] "m"(entry), [last] "m"(last), \
                     [pixel] "m"(pixel), [channel] "m"(channel) \
                     : "cc", "memory")
#define DW_RUN_EITHER(pixels, group) \
    do { \
        if (form == DW_SCALED_FORM) { \
            DW_RUN_PAIRS(pixels, group, DW_FINISH); \
        } else { \
            DW_RUN_PAIRS(pixels, group, DW_FINISH_SIGNED); \
        } \
    } while (0)
/* clang-format on */

/* Computes `pairs` of channels of two or three pixels; returns the rest of the stream. */
DW_INLINE const uint32_t *dw_pairs(const uint32_t *start, struct dw_target *to, const uint32_t *w,
    int pairs, int groups, int pixels, enum dw_form form, int wide)
{
    const uint32_t *end = start + 2 * pixels * groups;
    const uint32_t *last = w + pairs * ((wide ? 4 : 2) * groups + 8);
    uint32_t entry = (uint32_t)-groups % DW_GROUPS * dw_group_bytes(pixels, wide);
    const uint32_t *x;
    int8_t *out = to->out;
    int pixel = to->pixel, channel = to->channel;
    int32_t a0, a1, b0, b1, c0, c1;
    uint32_t w0, w1, x0, x1, x2, t;
    __asm__("" : "+m"(start), "+m"(end), "+m"(entry), "+m"(last), "+m"(pixel), "+m"(channel));
    if (pixels == 3 && wide) {
        DW_RUN_EITHER(3, DW_GROUP_3W);
    } else if (pixels == 3) {
        DW_RUN_EITHER(3, DW_GROUP_3);
    } else if (wide) {
        DW_RUN_EITHER(2, DW_GROUP_2W);
    } else {
        DW_RUN_EITHER(2, DW_GROUP_2);
    }
    to->out = out;
    return w;
}

#endif

/* Computes all channels of a block of pixels. */
DW_INLINE void dw_block(const uint32_t *x, struct dw_target to, const struct dw_dot *layer,
    int pixels, enum dw_form form, int wide)
{
    const struct dw_finish how = {layer->minimum, layer->maximum, form};
    const uint32_t *stream = layer->stream;
    int channels = layer->channels;
#if DW_HAS_DSP
    if (pixels > 1 && form != DW_CLAMPED_FORM && channels > 1) {
        stream = dw_pairs(x, &to, stream, channels / 2, layer->groups, pixels, form, wide);
        channels %= 2;
    }
#endif
    dw_channels(x, to, stream, channels, layer->groups, how, pixels, wide);
}

#define DW_BLOCK(name, pixels, form, wide)                                                         \
    DW_SHARED void name(                                                                           \
        const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel, int channel)        \
    {                                                                                              \
        dw_block(x, (struct dw_target){out, pixel, channel}, layer, pixels, form, wide);           \
    }
#define DW_BLOCKS(pixels)                                                                          \
    DW_BLOCK(dw_block_##pixels, pixels, DW_SCALED_FORM, 0)                                         \
    DW_BLOCK(dw_block_##pixels##_signed, pixels, DW_SIGNED_FORM, 0)                                \
    DW_BLOCK(dw_block_##pixels##_clamped, pixels, DW_CLAMPED_FORM, 0)                              \
    DW_BLOCK(dw_block_##pixels##_wide, pixels, DW_SCALED_FORM, 1)                                  \
    DW_BLOCK(dw_block_##pixels##_wide_signed, pixels, DW_SIGNED_FORM, 1)                           \
    DW_BLOCK(dw_block_##pixels##_wide_clamped, pixels, DW_CLAMPED_FORM, 1)
DW_BLOCKS(1)
DW_BLOCKS(2)
DW_BLOCKS(3)

#endif
