/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights that have a zero point (dw_plain_rows_offset.h), their sums scaled by lines
 * (dw_plain_lines.h). */
#ifndef DW_PLAIN_ROWS_OFFSET_LINES_H
#define DW_PLAIN_ROWS_OFFSET_LINES_H

#include "dw_plain_rows_lines.h"
#include "dw_plain_rows_offset.h"

#include "dw_plain_rows_offset_lines_asm.h"

/* All channels of one output pixel, whose inputs are `count` runs of `length` bytes each. */
DW_SHARED void dw_rows_offset_lines(const int8_t *const *runs, int count, int length,
    int8_t *restrict out, const struct dw_lined *restrict data, int32_t common)
{
    const int32_t begun = dw_rows_begun(runs, count, length, common);
    int o = 0;
#if DW_ASM_V6M
    if (data->channels >= 4) {
        const struct dw_runs all = {runs, runs + count, length, data->inputs};
        o = data->channels & ~3;
        dw_fours_offset_lines(out, out + o, &all, data, begun);
    }
#endif
    const int8_t *weights = data->weights + o * data->inputs;
    for (; o < data->channels; o++) {
        int32_t sum = begun;
        for (int r = 0; r < count; r++, weights += length) {
            const int8_t *const from = runs[r];
            for (int i = 0; i < length; i++) {
                sum += from[i] * weights[i];
            }
        }
        out[o] = dw_lined_sum(sum, data->lines + 2 * o, data);
    }
}

#endif
