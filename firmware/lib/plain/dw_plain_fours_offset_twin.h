/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of pixels side by side, weights with a zero point (dw_plain_fours_offset.h), in plain C; empty
 * where there is assembly. Thumb-2 computes pixel by pixel: what is left of these layers is little. */
#include "dw_asm.h"

#if DW_ASM_THUMB2 && !defined(DW_OFFSET_TOGETHER)
#define DW_OFFSET_TOGETHER 1
#endif

#if !DW_ASM_RV32 && !DW_ASM_THUMB2 && !defined(DW_PLAIN_FOURS_OFFSET_TWIN_H)
#define DW_PLAIN_FOURS_OFFSET_TWIN_H

#define DW_OFFSET_TOGETHER 2

DW_INLINE void dw_fours_offset_together(const struct dw_run *runs, const struct dw_run *end,
    int length, int8_t *restrict out, const struct dw_dense *restrict data, enum dw_fours_form form,
    const int32_t *begun)
{
    static const int32_t none[4] = {0, 0, 0, 0};
    const int8_t *weights = data->weights;
    const int channels = data->channels, fours = channels & ~3;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        struct dw_four sums[DW_OFFSET_TOGETHER];
        dw_fours_two(sums, none, runs, end, length, weights);
        for (int p = 0; p < DW_OFFSET_TOGETHER; p++) {
            for (int k = 0; k < 4; k++) {
                sums[p].of[k] += data->bias[o + k] + begun[p];
            }
            dw_fours_offset_scaled(sums[p].of, 4, o, out + p * channels + o, data, form);
        }
    }
}

#endif
