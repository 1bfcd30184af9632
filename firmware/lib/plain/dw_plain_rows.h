/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights [channels][inputs], for Armv6-M: there all of them share one index. */
#ifndef DW_PLAIN_ROWS_H
#define DW_PLAIN_ROWS_H

#include "dw_plain_dense.h"

#if DW_ARMV6M

#define DW_PRODUCT(sum, weights)                                                                   \
    "ldrsb %[weight], [%[" weights "], %[i]]\n\t"                                                  \
    "muls %[weight], %[input]\n\t"                                                                 \
    "add %[" sum "], %[weight]\n\t"
#define DW_PRODUCTS                                                                                \
    "ldrsb %[input], [%[from], %[i]]\n\t" DW_PRODUCT("a", "wa") DW_PRODUCT("b", "wb")              \
        DW_PRODUCT("c", "wc") DW_PRODUCT("d", "wd") "adds %[i], #1\n\t"

/* Adds the products of `count` inputs with four rows of weights, `row` bytes apart: 14.5 instructions
 * for four products. Sums lie in high registers, five addresses share one index that ends at 0; an odd
 * count enters in the middle. */
DW_INLINE void dw_dot_4(
    int32_t *sums, const int8_t *from, const int8_t *weights, int row, int count)
{
    int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3], input, weight;
    const int8_t *const end = weights + count;
    int i = -count;
    __asm__ volatile(".syntax unified\n\t"
                     "lsls %[weight], %[i], #31\n\t"
                     "bne 2f\n"
                     "1:\n\t" DW_PRODUCTS "2:\n\t" DW_PRODUCTS "bne 1b\n\t"
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

/* Adds the products of `count` inputs with four rows of weights, `row` bytes apart. */
DW_INLINE void dw_dot_4(
    int32_t *sums, const int8_t *from, const int8_t *weights, int row, int count)
{
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < count; i++) {
            sums[k] += from[i] * weights[k * row + i];
        }
    }
}

#endif

DW_INLINE void dw_rows_sums(int32_t *sums, const int32_t *bias, const int8_t *const *runs,
    int count, int length, const int8_t *weights, int row)
{
    int32_t own[4] = {bias[0], bias[1], bias[2], bias[3]};
    for (int r = 0; r < count; r++, weights += length) {
        dw_dot_4(own, runs[r], weights, row, length);
    }
    sums[0] = own[0];
    sums[1] = own[1];
    sums[2] = own[2];
    sums[3] = own[3];
}

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_INLINE void dw_rows_by(
    void (*scale)(const int32_t *, int, int, int8_t *restrict, const struct dw_dense *restrict),
    const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    const int8_t *weights = data->weights;
    const int rest = data->channels & 3, fours = data->channels - rest;
    int32_t sums[4];
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        dw_rows_sums(sums, data->bias + o, runs, count, length, weights, data->inputs);
        scale(sums, 4, o, out + o, data);
    }
    if (rest > 0) {
        dw_last_sums(sums, rest, data->bias + fours, runs, count, length, weights);
        scale(sums, rest, fours, out + fours, data);
    }
}

DW_SHARED void dw_rows(const int8_t *const *runs, int count, int length, int8_t *restrict out,
    const struct dw_dense *restrict data)
{
    dw_rows_by(dw_scale_plain, runs, count, length, out, data);
}

DW_SHARED void dw_rows_signed(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_dense *restrict data)
{
    dw_rows_by(dw_scale_signed, runs, count, length, out, data);
}

#endif
