/* Dot products with weights [channels / 4][inputs][4], then the last channels [channels % 4][inputs]. */
#ifndef DW_PLAIN_FOURS_H
#define DW_PLAIN_FOURS_H

#include "dw_plain_dense.h"

/* One input and four weights, loads first. */
#define DW_FOUR(i)                                                                                 \
    do {                                                                                           \
        const int32_t input = from[i], wa = weights[4 * (i)], wb = weights[4 * (i) + 1],           \
                      wc = weights[4 * (i) + 2], wd = weights[4 * (i) + 3];                        \
        a += input * wa;                                                                           \
        b += input * wb;                                                                           \
        c += input * wc;                                                                           \
        d += input * wd;                                                                           \
    } while (0)

DW_INLINE void dw_fours_sums(int32_t *sums, const int32_t *bias, const int8_t *const *runs, int count,
    int length, const int8_t *weights, int inputs)
{
    const int8_t *const *const last = runs + count;
    int32_t a = bias[0], b = bias[1], c = bias[2], d = bias[3];
    (void)inputs;
    for (; runs != last; runs++) {
        const int8_t *from = *runs;
        const int8_t *const end = from + length, *const rest = from + (length & ~3);
        for (; from != rest; from += 4, weights += 16) {
            DW_FOUR(0);
            DW_FOUR(1);
            DW_FOUR(2);
            DW_FOUR(3);
        }
        for (; from != end; from++, weights += 4) {
            DW_FOUR(0);
        }
    }
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
}

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_fours_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    const int8_t *weights = data->weights;
    const int rest = data->channels & 3, fours = data->channels - rest;
    int32_t sums[4];
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        dw_fours_sums(sums, data->bias + o, runs, count, length, weights, data->inputs);
        scale(sums, 4, o, out + o, data);
    }
    if (rest > 0) {
        for (int k = 0; k < rest; k++) {
            sums[k] = data->bias[fours + k];
        }
        dw_last_sums(sums, rest, runs, count, length, weights);
        scale(sums, rest, fours, out + fours, data);
    }
}

DW_SHARED void dw_fours(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_plain, runs, count, length, out, data);
}

DW_SHARED void dw_fours_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_fours_by(dw_scale_signed, runs, count, length, out, data);
}

#endif
