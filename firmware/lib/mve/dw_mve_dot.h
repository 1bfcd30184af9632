/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D and FULLY_CONNECTED: one or two pixels by four output channels.
 *
 * Inputs of a pixel lie one behind the other, weights as [O][inputs]. VMLADAVA adds sixteen products
 * to a sum; the loop's tail predication leaves out what lies behind the last input, so nothing there
 * is read. Two pixels by two channels share their loads: as many loads as multiplications.
 */
#ifndef DW_MVE_DOT_H
#define DW_MVE_DOT_H

#include "dw_mve.h"

/* Four channels: biases of channels 0, 2, 1, 3 with zero points folded in, multipliers, and right
 * shifts as negative numbers. The last four may not all exist. */
struct dw_mve_group {
    int32_t bias[4];
    int32_t multipliers[4];
    int32_t shifts[4];
};

/* A layer; `outside` is the input's zero point, what lies outside of the image. */
struct dw_mve_dot {
    const int8_t *weights;
    const struct dw_mve_group *groups;
    int32_t inputs;
    int32_t channels;
    int32_t outside;
    int32_t output_zero_point;
    int32_t minimum;
    int32_t maximum;
};

/* Sums of four channels for two pixels. */
struct dw_mve_two {
    dw_mve_words a, b;
};

#if DW_HAS_MVE

#define DW_MVE_BIASES "ldrd %[a0], %[a1], [%[bias]], #8\n mov %[b0], %[a0]\n mov %[b1], %[a1]\n"
#define DW_MVE_DOT_2X2                                                                             \
    "wlstp.8 lr, %[inputs], 2f\n"                                                                  \
    "1:\n vldrb.8 q0, [%[x0]], #16\n vldrb.8 q1, [%[w0]], #16\n"                                   \
    "vmladava.s8 %[a0], q0, q1\n vldrb.8 q2, [%[x1]], #16\n"                                       \
    "vmladava.s8 %[b0], q2, q1\n vldrb.8 q3, [%[w1]], #16\n"                                       \
    "vmladava.s8 %[a1], q0, q3\n vmladava.s8 %[b1], q2, q3\n letp lr, 1b\n 2:\n"
#define DW_MVE_REWIND                                                                              \
    "sub %[x0], %[run]\n sub %[x1], %[run]\n add %[w0], %[next]\n add %[w1], %[next]\n"
#define DW_MVE_SET_LANES(high, low)                                                                \
    "vmov %q[a][" high "], %q[a][" low "], %[a0], %[a1]\n"                                         \
    "vmov %q[b][" high "], %q[b][" low "], %[b0], %[b1]\n"

/* Sums of pixels x0 and x1 with channels 0 and 2, then with 1 and 3. */
DW_INLINE struct dw_mve_two dw_mve_dot_2x4(
    const int8_t *x0, const int8_t *x1, const int8_t *w, const int32_t *bias, int inputs)
{
    const int run = (inputs + 15) / 16 * 16, next = inputs - run; /* pointers move on by sixteens */
    const int8_t *w0 = w, *w1 = w + 2 * inputs;
    struct dw_mve_two sums;
    int32_t a0, a1, b0, b1;
    __asm__ volatile(DW_MVE_BIASES DW_MVE_DOT_2X2 DW_MVE_SET_LANES("2", "0")
                         DW_MVE_REWIND DW_MVE_BIASES DW_MVE_DOT_2X2 DW_MVE_SET_LANES("3", "1")
                     : [a0] "=&Te"(a0), [a1] "=&Te"(a1), [b0] "=&Te"(b0), [b1] "=&Te"(b1),
                     [x0] "+r"(x0), [x1] "+r"(x1), [w0] "+r"(w0), [w1] "+r"(w1), [bias] "+r"(bias),
                     [a] "=&w"(sums.a), [b] "=&w"(sums.b)
                     : [inputs] "r"(inputs), [run] "r"(run), [next] "r"(next)
                     : "q0", "q1", "q2", "q3", "lr", "memory");
    return sums;
}

/* Adds to four sums the products of x with four rows of weights. */
DW_INLINE void dw_mve_dot_1x4(int32_t *sums, const int8_t *x, const int8_t *const *rows, int count)
{
    int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
    const int8_t *w0 = rows[0], *w1 = rows[1], *w2 = rows[2], *w3 = rows[3];
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n vldrb.8 q0, [%[x]], #16\n vldrb.8 q1, [%[w0]], #16\n"
                     "vmladava.s8 %[s0], q0, q1\n vldrb.8 q2, [%[w1]], #16\n"
                     "vmladava.s8 %[s1], q0, q2\n vldrb.8 q1, [%[w2]], #16\n"
                     "vmladava.s8 %[s2], q0, q1\n vldrb.8 q2, [%[w3]], #16\n"
                     "vmladava.s8 %[s3], q0, q2\n letp lr, 1b\n 2:"
                     : [s0] "+Te"(s0), [s1] "+Te"(s1), [s2] "+Te"(s2), [s3] "+Te"(s3), [x] "+r"(x),
                     [w0] "+r"(w0), [w1] "+r"(w1), [w2] "+r"(w2), [w3] "+r"(w3)
                     : [count] "r"(count)
                     : "q0", "q1", "q2", "lr", "memory");
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

DW_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    int8_t *at = to;
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n vldrb.8 q0, [%[from]], #16\n vstrb.8 q0, [%[at]], #16\n letp lr, 1b\n 2:"
                     : [at] "+r"(at), [from] "+r"(from)
                     : [count] "r"(count)
                     : "q0", "lr", "memory");
    return to + count;
}

#else

DW_INLINE int32_t dw_mve_products(const int8_t *x, const int8_t *w, int count)
{
    int32_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += x[i] * w[i];
    }
    return sum;
}

DW_INLINE struct dw_mve_two dw_mve_dot_2x4(
    const int8_t *x0, const int8_t *x1, const int8_t *w, const int32_t *bias, int inputs)
{
    struct dw_mve_two sums;
    for (int c = 0; c < 4; c++) {
        const int32_t of = bias[c % 2 * 2 + c / 2];
        sums.a.lane[c] = of + dw_mve_products(x0, w + c * inputs, inputs);
        sums.b.lane[c] = of + dw_mve_products(x1, w + c * inputs, inputs);
    }
    return sums;
}

DW_INLINE void dw_mve_dot_1x4(int32_t *sums, const int8_t *x, const int8_t *const *rows, int count)
{
    for (int i = 0; i < 4; i++) {
        sums[i] += dw_mve_products(x, rows[i], count);
    }
}

DW_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    __builtin_memcpy(to, from, (unsigned)count);
    return to + count;
}

#endif

/* `count` times the same byte. */
DW_INLINE int8_t *dw_mve_fill(int8_t *to, int value, int count)
{
    for (int i = 0; i < count; i++) {
        to[i] = (int8_t)value;
    }
    return to + count;
}

/* What becomes of sums. `is_signed`: see dw_mve_scale. */
struct dw_mve_finish {
    int32_t zero_point;
    dw_mve_words minimum;
    dw_mve_words maximum;
    int is_signed;
};

DW_INLINE struct dw_mve_finish dw_mve_finish_of(const struct dw_mve_dot *layer, int is_signed)
{
    return (struct dw_mve_finish){layer->output_zero_point, dw_mve_same_words(layer->minimum),
        dw_mve_same_words(layer->maximum), is_signed};
}

DW_INLINE dw_mve_words dw_mve_finished(
    dw_mve_words sums, dw_mve_words multiplier, dw_mve_words shift, struct dw_mve_finish how)
{
    sums = dw_mve_scale_words(sums, multiplier, shift, how.is_signed);
    return dw_mve_clamp_words(sums, how.zero_point, how.minimum, how.maximum);
}

/* The first `count` of four channels of a pixel. A row of weights that does not exist is the first
 * one again; what it gives is not stored. */
DW_INLINE void dw_mve_four(const int8_t *x, const int8_t *w, int8_t *out,
    const struct dw_mve_group *group, int inputs, struct dw_mve_finish how, int count)
{
    const int32_t *const bias = group->bias;
    const int8_t *const rows[4] = {w, count > 1 ? w + inputs : w, count > 2 ? w + 2 * inputs : w,
        count > 3 ? w + 3 * inputs : w};
    int32_t sums[4] = {bias[0], bias[2], bias[1], bias[3]};
    dw_mve_dot_1x4(sums, x, rows, inputs);
    const dw_mve_words finished =
        dw_mve_finished(dw_mve_words_of(sums[0], sums[1], sums[2], sums[3]),
            dw_mve_load_words(group->multipliers), dw_mve_load_words(group->shifts), how);
    dw_mve_store_words(out, finished, count);
}

/* All channels of one pixel. */
DW_INLINE void dw_mve_one(
    const int8_t *x, int8_t *out, const struct dw_mve_dot *layer, int is_signed)
{
    const struct dw_mve_finish how = dw_mve_finish_of(layer, is_signed);
    const struct dw_mve_group *group = layer->groups;
    const int inputs = layer->inputs;
    const int8_t *w = layer->weights;
    int left = layer->channels;
    for (; left >= 4; left -= 4, w += 4 * inputs, group++, out += 4) {
        dw_mve_four(x, w, out, group, inputs, how, 4);
    }
    if (left) {
        dw_mve_four(x, w, out, group, inputs, how, left);
    }
}

/* All channels of pixels a and b, whose outputs lie one behind the other. */
DW_INLINE void dw_mve_two(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer, int is_signed)
{
    const struct dw_mve_finish how = dw_mve_finish_of(layer, is_signed);
    const struct dw_mve_group *group = layer->groups;
    const int inputs = layer->inputs, channels = layer->channels;
    const int8_t *w = layer->weights;
    int8_t *const end = out + channels / 4 * 4;
    for (; out != end; w += 4 * inputs, group++, out += 4) {
        const struct dw_mve_two sums = dw_mve_dot_2x4(a, b, w, group->bias, inputs);
        const dw_mve_words multiplier = dw_mve_load_words(group->multipliers);
        const dw_mve_words shift = dw_mve_load_words(group->shifts);
        const dw_mve_words first = dw_mve_finished(sums.a, multiplier, shift, how);
        const dw_mve_words second = dw_mve_finished(sums.b, multiplier, shift, how);
        dw_mve_store_words(out, first, 4);
        dw_mve_store_words(out + channels, second, 4);
    }
    if (channels % 4) {
        dw_mve_four(a, w, out, group, inputs, how, channels % 4);
        dw_mve_four(b, w, out + channels, group, inputs, how, channels % 4);
    }
}

#define DW_MVE_PIXELS(suffix, is_signed)                                                           \
    DW_SHARED void dw_mve_two_pixels##suffix(                                                      \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer)             \
    {                                                                                              \
        dw_mve_two(a, b, out, layer, is_signed);                                                   \
    }                                                                                              \
    DW_SHARED void dw_mve_one_pixel##suffix(                                                       \
        const int8_t *a, int8_t *out, const struct dw_mve_dot *layer)                              \
    {                                                                                              \
        dw_mve_one(a, out, layer, is_signed);                                                      \
    }
DW_MVE_PIXELS(, 0)
DW_MVE_PIXELS(_signed, 1)

#endif
