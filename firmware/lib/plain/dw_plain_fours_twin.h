/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of pixels side by side (dw_plain_fours.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_RV32 && !defined(DW_PLAIN_FOURS_TWIN_H)
#define DW_PLAIN_FOURS_TWIN_H

#include "dw_plain_fours_sums.h"

#define DW_TOGETHER 2

DW_SHARED void dw_fours_together(const struct dw_run *runs, const struct dw_run *end, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const int8_t *weights = data->weights;
    const int channels = data->channels, fours = channels & ~3;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        struct dw_four sums[2];
        dw_fours_sums(sums, data->bias + o, runs, end, length, weights, 2);
        dw_fours_scaled(&sums[0], o, out + o, data, is_signed);
        dw_fours_scaled(&sums[1], o, out + channels + o, data, is_signed);
    }
}

#endif
