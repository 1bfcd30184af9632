/* CONV_2D and FULLY_CONNECTED as dot products: inputs lie in runs of bytes, four channels at a time.
 */
#ifndef DW_PLAIN_DOT_H
#define DW_PLAIN_DOT_H

#include "dw_plain.h"

/* Weights [channels][inputs]; biases have the input's zero point folded in; multipliers, shifts and
 * `half` are those of dw_scaled_sum. `outside` is a run of zero points: what lies outside of the
 * image. */
struct dw_dense {
    const int8_t *weights;
    const int32_t *bias;
    const int32_t *multipliers;
    const int8_t *shifts;
    const int8_t *outside;
    int32_t channels;
    int32_t inputs;
    int32_t half;
    int32_t minimum;
    int32_t maximum;
};

#if DW_ARMV6M

#define DW_PRODUCT(sum, weights)                                                                   \
    "ldrsb %[weight], [%[" weights "], %[i]]\n\t"                                                  \
    "muls %[weight], %[input]\n\t"                                                                 \
    "add %[" sum "], %[weight]\n\t"
#define DW_PRODUCTS_4                                                                              \
    "ldrsb %[input], [%[from], %[i]]\n\t" DW_PRODUCT("a", "wa") DW_PRODUCT("b", "wb")              \
        DW_PRODUCT("c", "wc") DW_PRODUCT("d", "wd") "adds %[i], #1\n\t"

/* Adds the products of `count` inputs with four rows of weights, `row` bytes apart: 14.5 instructions
 * for four products. Sums lie in high registers, five addresses share one index that ends at 0; an odd
 * count enters in the middle. */
DW_INLINE void dw_dot_4(int32_t *sums, const int8_t *from, const int8_t *weights, int row, int count)
{
    int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3], input, weight;
    const int8_t *const end = weights + count;
    int i = -count;
    __asm__ volatile(".syntax unified\n\t"
                     "lsls %[weight], %[i], #31\n\t"
                     "bne 2f\n"
                     "1:\n\t" DW_PRODUCTS_4 "2:\n\t" DW_PRODUCTS_4 "bne 1b\n\t"
                     : [a] "+h"(a), [b] "+h"(b), [c] "+h"(c), [d] "+h"(d), [i] "+l"(i),
                     [input] "=&l"(input), [weight] "=&l"(weight)
                     : [from] "l"(from + count), [wa] "l"(end), [wb] "l"(end + row),
                     [wc] "l"(end + 2 * row), [wd] "l"(end + 3 * row)
                     : "cc", "memory");
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
}

#else

/* One input and four weights, loads first. */
#define DW_PRODUCTS_4(i)                                                                           \
    do {                                                                                           \
        const int32_t input = from[i], pa = wa[i], pb = wb[i], pc = wc[i], pd = wd[i];             \
        a += input * pa;                                                                           \
        b += input * pb;                                                                           \
        c += input * pc;                                                                           \
        d += input * pd;                                                                           \
    } while (0)

/* Adds the products of `count` inputs with four rows of weights, `row` bytes apart. */
DW_INLINE void dw_dot_4(int32_t *sums, const int8_t *from, const int8_t *weights, int row, int count)
{
    const int8_t *wa = weights, *wb = wa + row, *wc = wb + row, *wd = wc + row;
    const int8_t *const end = from + count, *const rest = from + (count & ~3);
    int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
    for (; from != rest; from += 4, wa += 4, wb += 4, wc += 4, wd += 4) {
        DW_PRODUCTS_4(0);
        DW_PRODUCTS_4(1);
        DW_PRODUCTS_4(2);
        DW_PRODUCTS_4(3);
    }
    for (; from != end; from++, wa++, wb++, wc++, wd++) {
        DW_PRODUCTS_4(0);
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
}

#endif

DW_INLINE void dw_sums_4(int32_t *sums, const int8_t *const *runs, int count, int length,
    const int8_t *weights, int row)
{
    for (int r = 0; r < count; r++, weights += length) {
        dw_dot_4(sums, runs[r], weights, row, length);
    }
}

DW_INLINE void dw_sums_1(
    int32_t *sum, const int8_t *const *runs, int count, int length, const int8_t *weights)
{
    int32_t total = *sum;
    for (int r = 0; r < count; r++, weights += length) {
        const int8_t *const from = runs[r];
        for (int i = 0; i < length; i++) {
            total += from[i] * weights[i];
        }
    }
    *sum = total;
}

/* Outputs `first` ... of at most four sums. */
DW_INLINE void dw_scale(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data, int is_signed)
{
    const int32_t *const multipliers = data->multipliers + first;
    const int8_t *const shifts = data->shifts + first;
    for (int k = 0; k < count; k++) {
        out[k] = is_signed ? dw_scaled_sum_signed(sums[k], multipliers[k], shifts[k], data->half,
                                 data->minimum, data->maximum)
                           : dw_scaled_sum(sums[k], multipliers[k], shifts[k], data->half);
    }
}

DW_SHARED void dw_scale_plain(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_scale(sums, count, first, out, data, 0);
}

DW_SHARED void dw_scale_signed(const int32_t *sums, int count, int first, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_scale(sums, count, first, out, data, 1);
}

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_outputs_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    const int8_t *weights = data->weights;
    const int inputs = data->inputs, channels = data->channels;
    int o = 0;
    for (; o + 4 <= channels; o += 4, weights += 4 * inputs) {
        const int32_t *const bias = data->bias + o;
        int32_t sums[4] = { bias[0], bias[1], bias[2], bias[3] };
        dw_sums_4(sums, runs, count, length, weights, inputs);
        scale(sums, 4, o, out + o, data);
    }
    for (; o < channels; o++, weights += inputs) {
        int32_t sum = data->bias[o];
        dw_sums_1(&sum, runs, count, length, weights);
        scale(&sum, 1, o, out + o, data);
    }
}

DW_SHARED void dw_outputs(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_outputs_by(dw_scale_plain, runs, count, length, out, data);
}

DW_SHARED void dw_outputs_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_outputs_by(dw_scale_signed, runs, count, length, out, data);
}

#endif
