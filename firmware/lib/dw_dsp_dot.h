/* Dot products for CONV_2D and FULLY_CONNECTED: one, two or three pixels by two output channels.
 *
 * Inputs of a block of pixels are doubled int16 lanes, interleaved: for four inputs of pixels
 * A, B, C the words A(0,2) B(0,2) C(0,2) A(1,3) B(1,3) C(1,3). Weights are int8, four of one
 * channel, then four of the next. Sums come out doubled.
 */
#ifndef DW_DSP_DOT_H
#define DW_DSP_DOT_H

#include "dw_dsp.h"

/* Two output channels. The second one of the last pair may not exist. */
struct dw_pair {
    int32_t doubled_bias[2];
    struct dw_scale scales[2];
};

/* A layer: `groups` of four inputs, padded with weights of 0. */
struct dw_dot {
    const int8_t *weights;
    const struct dw_pair *pairs;
    int32_t channels;
    int32_t groups;
    int32_t minimum;
    int32_t maximum;
    const int8_t *border; /* what lies outside of the image: a pixel of zero points */
};

/* Expands four inputs of each of `pixels` pixels. */
DW_INLINE uint32_t *dw_expand(uint32_t *to, const uint32_t *bytes, int pixels)
{
    for (int p = 0; p < pixels; p++) {
        to[p] = dw_doubled_lanes(dw_even_lanes(bytes[p]));
        to[pixels + p] = dw_doubled_lanes(dw_odd_lanes(bytes[p]));
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
    uint32_t *to, const int8_t *const *from, int count, int pixels)
{
    uint32_t bytes[3];
    for (int i = 0; i + 4 <= count; i += 4) {
        for (int p = 0; p < pixels; p++) {
            bytes[p] = dw_load4(from[p] + i);
        }
        to = dw_expand(to, bytes, pixels);
    }
    if (count % 4) {
        for (int p = 0; p < pixels; p++) {
            bytes[p] = dw_load_part(from[p] + count / 4 * 4, count % 4);
        }
        to = dw_expand(to, bytes, pixels);
    }
    return to;
}

#if DW_HAS_DSP

/* One group each, and how many bytes of code that is: the loop is entered in the middle, so that
 * any number of groups runs unrolled. Loads stand together since they pipeline. */
#define DW_MAC(sum, x, w) "smlad " sum ", " x ", " w ", " sum "\n"
#define DW_WEIGHTS "ldr %[w0], [%[w]], #8\n ldr %[w1], [%[w], #-4]\n"
#define DW_GROUP_1 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #8\n ldr %[x1], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC("%[a0]", "%[x0]", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC("%[a1]", "%[x0]", "%[t]") \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC("%[a0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC("%[a1]", "%[x1]", "%[t]")
#define DW_GROUP_2 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #16\n ldr %[x1], [%[x], #-12]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC("%[a0]", "%[x0]", "%[t]") DW_MAC("%[b0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC("%[a1]", "%[x0]", "%[t]") DW_MAC("%[b1]", "%[x1]", "%[t]") \
    "ldr %[x0], [%[x], #-8]\n ldr %[x1], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC("%[a0]", "%[x0]", "%[t]") DW_MAC("%[b0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC("%[a1]", "%[x0]", "%[t]") DW_MAC("%[b1]", "%[x1]", "%[t]")
#define DW_MAC_3(n, w) \
    DW_MAC("%[a" n "]", "%[x0]", w) DW_MAC("%[b" n "]", "%[x1]", w) DW_MAC("%[c" n "]", "%[x2]", w)
#define DW_GROUP_3 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #24\n ldr %[x1], [%[x], #-20]\n ldr %[x2], [%[x], #-16]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC_3("0", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC_3("1", "%[t]") \
    "ldr %[x0], [%[x], #-12]\n ldr %[x1], [%[x], #-8]\n ldr %[x2], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC_3("0", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC_3("1", "%[t]")
enum { DW_UNROLLED = 8, DW_BYTES_1 = 48, DW_BYTES_2 = 72, DW_BYTES_3 = 96 };
#define DW_LOOP(group) \
    "add pc, %[w0]\n nop\n 1:\n .rept 8\n" group ".endr\n" \
    "ldr %[t], %[end]\n cmp %[t], %[x]\n bne 1b\n"

/* Adds a block's dot products to sums[0...pixels] (first channel) and sums[3...3 + pixels]. */
DW_INLINE const int8_t *dw_dot(
    int32_t *sums, const uint32_t *x, const int8_t *w, int groups, int pixels)
{
    const uint32_t *const end = x + 2 * pixels * groups;
    int32_t a0 = sums[0], a1 = sums[3], b0 = sums[1], b1 = sums[4], c0 = sums[2], c1 = sums[5];
    uint32_t w0, w1, x0, x1, x2, t;
    const uint32_t skipped = (uint32_t)-groups % DW_UNROLLED;
    if (pixels == 3) {
        w0 = skipped * DW_BYTES_3;
        __asm__ volatile(DW_LOOP(DW_GROUP_3)
                         : [a0] "+r"(a0), [a1] "+r"(a1), [b0] "+r"(b0), [b1] "+r"(b1),
                         [c0] "+r"(c0), [c1] "+r"(c1), [x] "+r"(x), [w] "+r"(w), [w0] "+&r"(w0),
                         [w1] "=&r"(w1), [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2),
                         [t] "=&r"(t)
                         : [end] "m"(end)
                         : "cc", "memory");
    } else if (pixels == 2) {
        w0 = skipped * DW_BYTES_2;
        __asm__ volatile(DW_LOOP(DW_GROUP_2)
                         : [a0] "+r"(a0), [a1] "+r"(a1), [b0] "+r"(b0), [b1] "+r"(b1), [x] "+r"(x),
                         [w] "+r"(w), [w0] "+&r"(w0), [w1] "=&r"(w1), [x0] "=&r"(x0),
                         [x1] "=&r"(x1), [t] "=&r"(t)
                         : [end] "m"(end)
                         : "cc", "memory");
    } else {
        w0 = skipped * DW_BYTES_1;
        __asm__ volatile(DW_LOOP(DW_GROUP_1)
                         : [a0] "+r"(a0), [a1] "+r"(a1), [x] "+r"(x), [w] "+r"(w), [w0] "+&r"(w0),
                         [w1] "=&r"(w1), [x0] "=&r"(x0), [x1] "=&r"(x1), [t] "=&r"(t)
                         : [end] "m"(end)
                         : "cc", "memory");
    }
    sums[0] = a0;
    sums[3] = a1;
    sums[1] = b0;
    sums[4] = b1;
    sums[2] = c0;
    sums[5] = c1;
    return w;
}

#else

DW_INLINE int32_t dw_two_products(uint32_t x, uint32_t w)
{
    return dw_lane(x, 0) * dw_lane(w, 0) + dw_lane(x, 1) * dw_lane(w, 1);
}

DW_INLINE const int8_t *dw_dot(
    int32_t *sums, const uint32_t *x, const int8_t *w, int groups, int pixels)
{
    for (int g = 0; g < groups; g++, x += 2 * pixels, w += 8) {
        for (int c = 0; c < 2; c++) {
            const uint32_t bytes = dw_load4(w + 4 * c);
            for (int p = 0; p < pixels; p++) {
                sums[3 * c + p] += dw_two_products(x[p], dw_even_lanes(bytes)) +
                                   dw_two_products(x[pixels + p], dw_odd_lanes(bytes));
            }
        }
    }
    return w;
}

#endif

/* Computes all channels of a block of pixels. Element (p, c) goes to out[p * pixel + c * channel].
 * `is_signed`: see dw_scaled_signed. */
DW_INLINE void dw_block(const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel,
    int channel, int pixels, int is_signed)
{
    const int8_t *w = layer->weights;
    const struct dw_pair *restrict pair = layer->pairs;
    const int groups = layer->groups;
    const int32_t minimum = layer->minimum, maximum = layer->maximum;
    for (int left = layer->channels; left > 0; left -= 2, pair++) {
        const int32_t first = pair->doubled_bias[0], second = pair->doubled_bias[1];
        int32_t sums[6] = { first, first, first, second, second, second };
        w = dw_dot(sums, x, w, groups, pixels);
        for (int c = 0; c < 2; c++) {
            const struct dw_scale scale = pair->scales[c];
            for (int p = 0; p < pixels; p++) {
                const int32_t sum = sums[3 * c + p];
                out[p * pixel] = is_signed ? dw_scaled_signed(sum, scale, minimum, maximum)
                                           : dw_scaled(sum, scale);
            }
            out += channel;
            if (left == 1) {
                break;
            }
        }
    }
}

#define DW_BLOCK(name, pixels, is_signed) \
    DW_SHARED void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer, int pixel, \
        int channel) \
    { \
        dw_block(x, out, layer, pixel, channel, pixels, is_signed); \
    }
DW_BLOCK(dw_block_1, 1, 0)
DW_BLOCK(dw_block_2, 2, 0)
DW_BLOCK(dw_block_3, 3, 0)
DW_BLOCK(dw_block_1_signed, 1, 1)
DW_BLOCK(dw_block_2_signed, 2, 1)
DW_BLOCK(dw_block_3_signed, 3, 1)

#endif
