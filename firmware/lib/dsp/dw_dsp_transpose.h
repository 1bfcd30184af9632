/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of bytes become columns, four by four: words of four rows are taken apart and put together as words of four
 * columns; of two rows and one that are left as halves of words and bytes. */
#ifndef DW_DSP_TRANSPOSE_H
#define DW_DSP_TRANSPOSE_H

#include "dw_dsp.h"

/* Rows of at least four columns are read, and how far apart rows are that are read and written. */
struct dw_transposed {
    int rows;
    int columns;
    int pitch;
    int turned_pitch;
};

/* Bytes 0 and 2 of two words by turns in the first, 1 and 3 in the second. */
DW_INLINE void dw_pair_bytes(uint32_t *first, uint32_t *second)
{
    const uint32_t differ = (*first ^ *second << 8) & 0xFF00FF00u;
    *first ^= differ;
    *second ^= differ >> 8;
}

/* Four bytes of each of four rows. */
DW_INLINE void dw_transpose_four(const int8_t *in, int pitch, int8_t *out, int turned_pitch)
{
    const uint32_t a = dw_load4(in), b = dw_load4(in + pitch);
    const uint32_t c = dw_load4(in + 2 * pitch), d = dw_load4(in + 3 * pitch);
    uint32_t ac = dw_lower_halves(a, c), bd = dw_lower_halves(b, d);
    uint32_t ac_upper = dw_upper_halves(a, c), bd_upper = dw_upper_halves(b, d);
    dw_pair_bytes(&ac, &bd);
    dw_pair_bytes(&ac_upper, &bd_upper);
    dw_store4(out, ac);
    dw_store4(out + turned_pitch, bd);
    dw_store4(out + 2 * turned_pitch, ac_upper);
    dw_store4(out + 3 * turned_pitch, bd_upper);
}

/* Two bytes to any address. */
DW_INLINE void dw_store2(int8_t *to, uint32_t half)
{
    const uint16_t bytes = (uint16_t)half;
    __builtin_memcpy(to, &bytes, sizeof bytes);
}

/* Four bytes of each of two rows. */
DW_INLINE void dw_transpose_two(const int8_t *in, int pitch, int8_t *out, int turned_pitch)
{
    uint32_t a = dw_load4(in), b = dw_load4(in + pitch);
    dw_pair_bytes(&a, &b);
    dw_store2(out, a);
    dw_store2(out + turned_pitch, b);
    dw_store2(out + 2 * turned_pitch, a >> 16);
    dw_store2(out + 3 * turned_pitch, b >> 16);
}

/* Four bytes of one row. */
DW_INLINE void dw_transpose_one(const int8_t *in, int8_t *out, int turned_pitch)
{
    const uint32_t a = dw_load4(in);
    out[0] = (int8_t)a;
    out[turned_pitch] = (int8_t)(a >> 8);
    out[2 * turned_pitch] = (int8_t)(a >> 16);
    out[3 * turned_pitch] = (int8_t)(a >> 24);
}

/* A single row: each byte lies `turned_pitch` behind the one before. */
DW_INLINE void dw_spread(const int8_t *in, int8_t *restrict out, int count, int turned_pitch)
{
    const int8_t *const end = in + (count & ~7);
    for (; in != end; in += 8, out += 8 * turned_pitch) {
        dw_transpose_one(in, out, turned_pitch);
        dw_transpose_one(in + 4, out + 4 * turned_pitch, turned_pitch);
    }
    if (count & 4) {
        dw_transpose_one(in, out, turned_pitch);
        in += 4;
        out += 4 * turned_pitch;
    }
    for (const int8_t *const last = in + (count & 3); in != last; in++, out += turned_pitch) {
        *out = *in;
    }
}

/* Four columns of all rows. */
DW_INLINE void dw_transpose_columns(
    const int8_t *in, int8_t *restrict out, struct dw_transposed sizes)
{
    const int8_t *const end = out + (sizes.rows & ~3);
    for (; out != end; out += 4, in += 4 * sizes.pitch) {
        dw_transpose_four(in, sizes.pitch, out, sizes.turned_pitch);
    }
    if (sizes.rows & 2) {
        dw_transpose_two(in, sizes.pitch, out, sizes.turned_pitch);
        in += 2 * sizes.pitch;
        out += 2;
    }
    if (sizes.rows & 1) {
        dw_transpose_one(in, out, sizes.turned_pitch);
    }
}

/* Byte k of row i goes to byte i of row k. In place, since sizes that are known save a third. */
DW_INLINE void dw_transpose(const int8_t *in, int8_t *restrict out, struct dw_transposed sizes)
{
    if (sizes.rows == 1) {
        dw_spread(in, out, sizes.columns, sizes.turned_pitch);
        return;
    }
    for (int column = 0; column < sizes.columns; column += 4) {
        const int at = column < sizes.columns - 4 ? column : sizes.columns - 4;
        dw_transpose_columns(in + at, out + at * sizes.turned_pitch, sizes);
    }
}

#endif
