/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of bytes become columns, four by four: words of four rows are taken apart and put together as words of four
 * columns. */
#ifndef DW_DSP_TRANSPOSE_H
#define DW_DSP_TRANSPOSE_H

#include "dw_dsp.h"

/* At least four rows of at least four columns are read, and how far apart rows are that are read and written. */
struct dw_transposed {
    int rows;
    int columns;
    int pitch;
    int turned_pitch;
};

/* Four bytes of each of four rows. */
DW_INLINE void dw_transpose_four(const int8_t *in, int pitch, int8_t *out, int turned_pitch)
{
    const uint32_t a = dw_load4(in), b = dw_load4(in + pitch);
    const uint32_t c = dw_load4(in + 2 * pitch), d = dw_load4(in + 3 * pitch);
    const uint32_t ac = dw_lower_halves(a, c), bd = dw_lower_halves(b, d);
    const uint32_t ac_upper = dw_upper_halves(a, c), bd_upper = dw_upper_halves(b, d);
    dw_store4(out, dw_even_pairs(ac, bd));
    dw_store4(out + turned_pitch, dw_odd_pairs(ac, bd));
    dw_store4(out + 2 * turned_pitch, dw_even_pairs(ac_upper, bd_upper));
    dw_store4(out + 3 * turned_pitch, dw_odd_pairs(ac_upper, bd_upper));
}

/* Four columns of all rows; what is left of the rows are the last four again. */
DW_INLINE void dw_transpose_columns(
    const int8_t *in, int8_t *restrict out, struct dw_transposed sizes)
{
    const int8_t *const last = in + (sizes.rows - 4) * sizes.pitch;
    int8_t *const last_out = out + sizes.rows - 4;
    for (; out <= last_out; out += 4, in += 4 * sizes.pitch) {
        dw_transpose_four(in, sizes.pitch, out, sizes.turned_pitch);
    }
    if (sizes.rows % 4) {
        dw_transpose_four(last, sizes.pitch, last_out, sizes.turned_pitch);
    }
}

/* Byte k of row i goes to byte i of row k. */
DW_HELPER void dw_transpose(const int8_t *in, int8_t *restrict out, struct dw_transposed sizes)
{
    for (int column = 0; column < sizes.columns; column += 4) {
        const int at = column < sizes.columns - 4 ? column : sizes.columns - 4;
        dw_transpose_columns(in + at, out + at * sizes.turned_pitch, sizes);
    }
}

#endif
