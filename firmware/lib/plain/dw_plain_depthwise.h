/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D by pixels: every tap is a pixel of all channels, one outside of the image too. */
#ifndef DW_PLAIN_DEPTHWISE_H
#define DW_PLAIN_DEPTHWISE_H

#include "dw_plain.h"

/* Weights [taps][channels]; biases have the input's zero point folded in; `outside` is a pixel of zero
 * points. */
struct dw_depthwise {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

DW_INLINE int8_t dw_depthwise_output(
    int32_t sum, int channel, const struct dw_depthwise *restrict data, int is_signed)
{
    const int32_t multiplier = data->multipliers[channel];
    const int shift = data->shifts[channel];
    return is_signed ? dw_scaled_sum_signed(
                           sum, multiplier, shift, data->half, data->minimum, data->maximum)
                     : dw_scaled_sum(sum, multiplier, shift, data->half);
}

#if DW_ARMV6M

#define DW_TAP                                                                                     \
    "ldmia %[at]!, {%[pixel]}\n\t"                                                                 \
    "ldrsb %[weight], [%[weights], %[c]]\n\t"                                                      \
    "ldrsb %[input], [%[pixel], %[c]]\n\t"                                                         \
    "muls %[weight], %[input]\n\t"                                                                 \
    "add %[a], %[weight]\n\t"                                                                      \
    "ldrsb %[weight], [%[weights], %[d]]\n\t"                                                      \
    "ldrsb %[input], [%[pixel], %[d]]\n\t"                                                         \
    "muls %[weight], %[input]\n\t"                                                                 \
    "add %[b], %[weight]\n\t"                                                                      \
    "add %[weights], %[channels]\n\t"

#define DW_TAPS(step)                                                                              \
    ".syntax unified\n1:\n\t.rept " step "\n\t" DW_TAP ".endr\n\tcmp %[at], %[end]\n\tbne 1b\n\t"
#define DW_TAPS_OPERANDS                                                                           \
    : [a] "+h"(a), [b] "+h"(b), [at] "+l"(at), [weights] "+l"(weights), [pixel] "=&l"(pixel),      \
    [input] "=&l"(input), [weight] "=&l"(weight)                                                   \
    : [c] "l"(c), [d] "l"(d), [channels] "h"(channels), [end] "h"(end)                             \
    : "cc", "memory"

/* Adds the products of channels `c` and `d`, which share what is read of `at`; `taps` is a multiple of
 * `step`, which is 1 or 3. Sums lie in high registers: 10 instructions for two products. */
DW_INLINE void dw_taps_2(int32_t *sums, const int8_t *const *at, int taps, int step,
    const int8_t *weights, int channels, int c, int d)
{
    int32_t a = sums[0], b = sums[1], input, weight;
    const int8_t *pixel, *const *const end = at + taps;
    if (step == 3) {
        __asm__ volatile(DW_TAPS("3") DW_TAPS_OPERANDS);
    } else {
        __asm__ volatile(DW_TAPS("1") DW_TAPS_OPERANDS);
    }
    sums[0] = a;
    sums[1] = b;
}

#else

#define DW_TAP(t)                                                                                  \
    do {                                                                                           \
        const int8_t *const pixel = at[t];                                                         \
        const int32_t pc = pixel[c], pd = pixel[d], wc = weights[c], wd = weights[d];              \
        a += pc * wc;                                                                              \
        b += pd * wd;                                                                              \
        weights += channels;                                                                       \
    } while (0)

/* Adds the products of channels `c` and `d`, which share what is read of `at`; `taps` is a multiple of
 * `step`, which is 1 or 3. */
DW_INLINE void dw_taps_2(int32_t *sums, const int8_t *const *at, int taps, int step,
    const int8_t *weights, int channels, int c, int d)
{
    int32_t a = sums[0], b = sums[1];
    for (const int8_t *const *const end = at + taps; at != end; at += step) {
        DW_TAP(0);
        if (step == 3) {
            DW_TAP(1);
            DW_TAP(2);
        }
    }
    sums[0] = a;
    sums[1] = b;
}

#endif

/* A single last channel is its own neighbour. */
DW_INLINE void dw_depthwise_of_kind(const int8_t *const *at, int taps, int step,
    int8_t *restrict out, const struct dw_depthwise *restrict data, int is_signed)
{
    const int channels = data->channels;
    for (int c = 0; c < channels; c += 2) {
        const int d = c + 1 < channels ? c + 1 : c;
        int32_t sums[2] = {data->bias[c], data->bias[d]};
        dw_taps_2(sums, at, taps, step, data->weights, channels, c, d);
        out[c] = dw_depthwise_output(sums[0], c, data, is_signed);
        out[d] = dw_depthwise_output(sums[1], d, data, is_signed);
    }
}

/* All channels of one output pixel, for 9 taps and for any number. */
DW_SHARED void dw_depthwise_9(
    const int8_t *const *at, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, 9, 3, out, data, 0);
}

DW_SHARED void dw_depthwise_9_signed(
    const int8_t *const *at, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, 9, 3, out, data, 1);
}

DW_SHARED void dw_depthwise(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, taps, 1, out, data, 0);
}

DW_SHARED void dw_depthwise_signed(const int8_t *const *at, int taps, int8_t *restrict out,
    const struct dw_depthwise *restrict data)
{
    dw_depthwise_of_kind(at, taps, 1, out, data, 1);
}

#endif
