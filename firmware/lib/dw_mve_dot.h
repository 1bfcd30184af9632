/* Dot products for CONV_2D and FULLY_CONNECTED: one or two pixels by four output channels.
 *
 * Inputs of a pixel lie one behind the other, weights as [O][inputs]. VMLADAVA adds sixteen products
 * to a sum; the loop's tail predication leaves out what lies behind the last input, so nothing there
 * is read. Two pixels by two channels share their loads: as many loads as multiplications.
 */
#ifndef DW_MVE_DOT_H
#define DW_MVE_DOT_H

#include "dw_mve.h"

/* Four channels: biases with zero points folded in, multipliers, and right shifts as negative
 * numbers. The last four may not all exist. */
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

#if DW_HAS_MVE

/* Adds to sums[0], sums[1] the products of x0 with w0, w1, to sums[2], sums[3] those of x1. */
DW_MVE_INLINE void dw_mve_dot_2x2(int32_t *sums, const int8_t *x0, const int8_t *x1,
    const int8_t *w0, const int8_t *w1, int count)
{
    int32_t a0 = sums[0], a1 = sums[1], b0 = sums[2], b1 = sums[3];
    __asm__ volatile("wlstp.8 lr, %[count], 2f\n"
                     "1:\n vldrb.8 q0, [%[x0]], #16\n vldrb.8 q1, [%[w0]], #16\n"
                     "vmladava.s8 %[a0], q0, q1\n vldrb.8 q2, [%[x1]], #16\n"
                     "vmladava.s8 %[b0], q2, q1\n vldrb.8 q3, [%[w1]], #16\n"
                     "vmladava.s8 %[a1], q0, q3\n vmladava.s8 %[b1], q2, q3\n letp lr, 1b\n 2:"
                     : [a0] "+Te"(a0), [a1] "+Te"(a1), [b0] "+Te"(b0), [b1] "+Te"(b1),
                     [x0] "+r"(x0), [x1] "+r"(x1), [w0] "+r"(w0), [w1] "+r"(w1)
                     : [count] "r"(count)
                     : "q0", "q1", "q2", "q3", "lr", "memory");
    sums[0] = a0;
    sums[1] = a1;
    sums[2] = b0;
    sums[3] = b1;
}

/* Adds to four sums the products of x with four rows of weights. */
DW_MVE_INLINE void dw_mve_dot_1x4(
    int32_t *sums, const int8_t *x, const int8_t *const *rows, int count)
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

DW_MVE_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
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

DW_MVE_INLINE int32_t dw_mve_products(const int8_t *x, const int8_t *w, int count)
{
    int32_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += x[i] * w[i];
    }
    return sum;
}

DW_MVE_INLINE void dw_mve_dot_2x2(int32_t *sums, const int8_t *x0, const int8_t *x1,
    const int8_t *w0, const int8_t *w1, int count)
{
    sums[0] += dw_mve_products(x0, w0, count);
    sums[1] += dw_mve_products(x0, w1, count);
    sums[2] += dw_mve_products(x1, w0, count);
    sums[3] += dw_mve_products(x1, w1, count);
}

DW_MVE_INLINE void dw_mve_dot_1x4(
    int32_t *sums, const int8_t *x, const int8_t *const *rows, int count)
{
    for (int i = 0; i < 4; i++) {
        sums[i] += dw_mve_products(x, rows[i], count);
    }
}

DW_MVE_INLINE int8_t *dw_mve_copy(int8_t *to, const int8_t *from, int count)
{
    __builtin_memcpy(to, from, (unsigned)count);
    return to + count;
}

#endif

/* `count` times the same byte. */
DW_MVE_INLINE int8_t *dw_mve_fill(int8_t *to, int value, int count)
{
    for (int i = 0; i < count; i++) {
        to[i] = (int8_t)value;
    }
    return to + count;
}

/* Rescales and stores the first `count` of four channels of a pixel. */
DW_MVE_INLINE void dw_mve_finish(int8_t *out, dw_mve_words sums, const struct dw_mve_group *group,
    const struct dw_mve_dot *layer, int is_signed, int count)
{
    const dw_mve_words value = dw_mve_scale(sums, group->multipliers, group->shifts, is_signed);
    dw_mve_store_clamped(
        out, value, layer->output_zero_point, layer->minimum, layer->maximum, count);
}

/* The first `count` of four channels for pixels a and b; `rows` are their weights. */
DW_MVE_INLINE void dw_mve_four_of_two(const int8_t *a, const int8_t *b, int8_t *out,
    const int8_t *const *rows, const struct dw_mve_group *group, const struct dw_mve_dot *layer,
    int is_signed, int count)
{
    const int32_t *const bias = group->bias;
    int32_t even[4] = {bias[0], bias[2], bias[0], bias[2]};
    int32_t odd[4] = {bias[1], bias[3], bias[1], bias[3]};
    dw_mve_dot_2x2(even, a, b, rows[0], rows[2], layer->inputs);
    dw_mve_dot_2x2(odd, a, b, rows[1], rows[3], layer->inputs);
    const dw_mve_words first = dw_mve_words_of(even[0], odd[0], even[1], odd[1]);
    const dw_mve_words second = dw_mve_words_of(even[2], odd[2], even[3], odd[3]);
    dw_mve_finish(out, first, group, layer, is_signed, count);
    dw_mve_finish(out + layer->channels, second, group, layer, is_signed, count);
}

DW_MVE_INLINE void dw_mve_four_of_one(const int8_t *x, int8_t *out, const int8_t *const *rows,
    const struct dw_mve_group *group, const struct dw_mve_dot *layer, int is_signed, int count)
{
    int32_t sums[4] = {group->bias[0], group->bias[1], group->bias[2], group->bias[3]};
    dw_mve_dot_1x4(sums, x, rows, layer->inputs);
    const dw_mve_words all = dw_mve_words_of(sums[0], sums[1], sums[2], sums[3]);
    dw_mve_finish(out, all, group, layer, is_signed, count);
}

DW_MVE_INLINE void dw_mve_four(const int8_t *a, const int8_t *b, int8_t *out,
    const int8_t *const *rows, const struct dw_mve_group *group, const struct dw_mve_dot *layer,
    int is_signed, int count)
{
    if (b) {
        dw_mve_four_of_two(a, b, out, rows, group, layer, is_signed, count);
    } else {
        dw_mve_four_of_one(a, out, rows, group, layer, is_signed, count);
    }
}

/* All channels of pixel a, and of pixel b behind it unless that is NULL. A row of weights that does
 * not exist is an earlier one again; what it gives is not stored. */
DW_MVE_INLINE void dw_mve_all_channels(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer, int is_signed)
{
    const int inputs = layer->inputs;
    const struct dw_mve_group *group = layer->groups;
    const int8_t *w = layer->weights;
    int left = layer->channels;
    for (; left >= 4; left -= 4, w += 4 * inputs, group++, out += 4) {
        const int8_t *const rows[4] = {w, w + inputs, w + 2 * inputs, w + 3 * inputs};
        dw_mve_four(a, b, out, rows, group, layer, is_signed, 4);
    }
    if (left) {
        const int8_t *const second = left > 1 ? w + inputs : w;
        const int8_t *const rows[4] = {w, second, left > 2 ? w + 2 * inputs : w, w};
        dw_mve_four(a, b, out, rows, group, layer, is_signed, left);
    }
}

#define DW_MVE_PIXELS(suffix, is_signed)                                                           \
    DW_MVE_SHARED void dw_mve_two_pixels##suffix(                                                  \
        const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_dot *layer)             \
    {                                                                                              \
        dw_mve_all_channels(a, b, out, layer, is_signed);                                          \
    }                                                                                              \
    DW_MVE_SHARED void dw_mve_one_pixel##suffix(                                                   \
        const int8_t *a, int8_t *out, const struct dw_mve_dot *layer)                              \
    {                                                                                              \
        dw_mve_all_channels(a, 0, out, layer, is_signed);                                          \
    }
DW_MVE_PIXELS(, 0)
DW_MVE_PIXELS(_signed, 1)

#endif
