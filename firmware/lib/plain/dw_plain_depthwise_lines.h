/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D by pixels as in dw_plain_depthwise.h, its sums scaled by lines (dw_plain_lines.h). Behind
 * the line of a single last channel it stands once more. */
#ifndef DW_PLAIN_DEPTHWISE_LINES_H
#define DW_PLAIN_DEPTHWISE_LINES_H

#include "dw_plain_lines.h"

#include "dw_plain_depthwise_lines_asm.h"

#if !DW_ASM_V6M

DW_INLINE void dw_taps_lines(int8_t *restrict out, const int8_t *const *at,
    const int8_t *const *end, const struct dw_lined *restrict data)
{
    for (int c = 0; c < data->channels; c++) {
        const int8_t *weight = data->weights + c;
        int32_t sum = 0;
        for (const int8_t *const *tap = at; tap != end; tap++, weight += data->channels) {
            sum += (*tap)[c] * *weight;
        }
        out[c] = dw_lined_sum(sum, data->lines + 2 * c, data);
    }
}
#define dw_taps_lines_by_3 dw_taps_lines
#define dw_taps_lines_by_1 dw_taps_lines

#endif

/* All channels of one output pixel, for 9 taps and for any number. */
DW_SHARED void dw_depthwise_9_lines(
    const int8_t *const *at, int8_t *restrict out, const struct dw_lined *restrict data)
{
    dw_taps_lines_by_3(out, at, at + 9, data);
}

DW_SHARED void dw_depthwise_lines(
    const int8_t *const *at, int taps, int8_t *restrict out, const struct dw_lined *restrict data)
{
    dw_taps_lines_by_1(out, at, at + taps, data);
}

#endif
