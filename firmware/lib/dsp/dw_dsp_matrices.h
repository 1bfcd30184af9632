/* SPDX-License-Identifier: Apache-2.0 */
/* Products of int8 matrices for BATCH_MATMUL: rows of the first, two columns of the second at a time.
 *
 * Columns are int16 lanes less their zero point, four elements of both in four words: the first column's (0,2), the
 * second's, the first's (1,3), the second's; zeros behind them. A row's bytes become lanes less their zero point as
 * they are read, once for both columns. Lanes are within -255...255: sums are those of the general kernel.
 */
#ifndef DW_DSP_MATRICES_H
#define DW_DSP_MATRICES_H

#include "dw_dsp.h"

/* What is added to lanes of bytes to subtract a zero point. */
DW_INLINE uint32_t dw_offset_lanes(int32_t zero_point)
{
    return ((uint32_t)-zero_point & 0xFFFFu) * 0x10001u;
}

/* How sums become outputs, by a multiplier and a right shift of at least 1. */
DW_INLINE struct dw_scale dw_scale_of(int32_t multiplier, int32_t shift, int32_t zero_point)
{
    const int32_t one = (int32_t)1 << shift;
    const struct dw_scale scale = {multiplier, one / 2 + zero_point * one, shift};
    return scale;
}

/* Elements `i` and `i` + 2 of a column, `step` bytes apart, less the zero point; 0 from `depth` on. */
DW_INLINE uint32_t dw_column_lanes(const int8_t *from, int i, int step, int depth, int32_t zero)
{
    const uint32_t low = i < depth ? (uint32_t)(from[i * step] - zero) : 0;
    const uint32_t high = i + 2 < depth ? (uint32_t)(from[(i + 2) * step] - zero) : 0;
    return (low & 0xFFFFu) | high << 16;
}

/* Lanes of a column and of that which begins `second` bytes behind it. */
DW_SHARED void dw_expand_two_columns(
    uint32_t *to, const int8_t *from, int second, int step, int depth, int32_t zero_point)
{
    for (int i = 0; i < depth; i += 4, to += 4) {
        const int8_t *const other = from + second;
        to[0] = dw_column_lanes(from, i, step, depth, zero_point);
        to[1] = dw_column_lanes(other, i, step, depth, zero_point);
        to[2] = dw_column_lanes(from, i + 1, step, depth, zero_point);
        to[3] = dw_column_lanes(other, i + 1, step, depth, zero_point);
    }
}

/* Adds products of four bytes of a row and both columns. */
DW_INLINE const uint32_t *dw_add_four(
    int32_t *sums, uint32_t bytes, const uint32_t *columns, uint32_t offset)
{
    const uint32_t even = dw_add_even_lanes(offset, bytes), odd = dw_add_odd_lanes(offset, bytes);
    sums[0] = dw_add_two_products(sums[0], even, columns[0]);
    sums[1] = dw_add_two_products(sums[1], even, columns[1]);
    sums[0] = dw_add_two_products(sums[0], odd, columns[2]);
    sums[1] = dw_add_two_products(sums[1], odd, columns[3]);
    return columns + 4;
}

/* Sums of a row and two columns. */
DW_INLINE void dw_two_sums(
    int32_t *to, const int8_t *row, const uint32_t *columns, int depth, uint32_t offset)
{
    int32_t sums[2] = {0, 0};
    int i = 0;
    for (; i + 16 <= depth; i += 16) {
        columns = dw_add_four(sums, dw_load4(row + i), columns, offset);
        columns = dw_add_four(sums, dw_load4(row + i + 4), columns, offset);
        columns = dw_add_four(sums, dw_load4(row + i + 8), columns, offset);
        columns = dw_add_four(sums, dw_load4(row + i + 12), columns, offset);
    }
    for (; i + 4 <= depth; i += 4) {
        columns = dw_add_four(sums, dw_load4(row + i), columns, offset);
    }
    if (i < depth) {
        uint32_t bytes = 0;
        for (int k = 0; i + k < depth; k++) {
            bytes |= dw_placed(row[i + k], k);
        }
        dw_add_four(sums, bytes, columns, offset);
    }
    to[0] = sums[0];
    to[1] = sums[1];
}

#endif
