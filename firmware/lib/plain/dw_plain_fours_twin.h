/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of pixels side by side (dw_plain_fours.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_RV32 && !DW_ASM_THUMB2 && !defined(DW_PLAIN_FOURS_TWIN_H)
#define DW_PLAIN_FOURS_TWIN_H

#include "dw_plain_fours_sums.h"

#define DW_TOGETHER 2

/* Sums of two pixels. */
DW_INLINE void dw_fours_two(struct dw_four *sums, const int32_t *bias, const struct dw_run *runs,
    const struct dw_run *end, int length, const int8_t *weights)
{
    struct dw_four one = {{bias[0], bias[1], bias[2], bias[3]}}, two = one;
    for (; runs != end; runs++) {
        const int8_t *from = runs->at, *other = from + runs->step;
        for (const int8_t *const last = from + length; from != last; weights += 4) {
            one = dw_four_added(one, *from++, weights);
            two = dw_four_added(two, *other++, weights);
        }
    }
    sums[0] = one;
    sums[1] = two;
}

DW_SHARED void dw_fours_together(const struct dw_run *runs, const struct dw_run *end, int length,
    int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const int8_t *weights = data->weights;
    const int channels = data->channels, fours = channels & ~3;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        struct dw_four sums[2];
        dw_fours_two(sums, data->bias + o, runs, end, length, weights);
        dw_fours_scaled(&sums[0], o, out + o, data, is_signed);
        dw_fours_scaled(&sums[1], o, out + channels + o, data, is_signed);
    }
}

DW_SHARED void dw_fours_together_fitted(const struct dw_run *runs, const struct dw_run *end,
    int length, int8_t *restrict out, const struct dw_dense *restrict data, int is_signed)
{
    const int8_t *weights = data->weights;
    const int channels = data->channels, fours = channels & ~3;
    for (int o = 0; o < fours; o += 4, weights += 4 * data->inputs) {
        struct dw_four sums[2];
        dw_fours_two(sums, data->bias + o, runs, end, length, weights);
        dw_scale_fitted(sums[0].of, 4, o, out + o, data);
        dw_scale_fitted(sums[1].of, 4, o, out + channels + o, data);
    }
    (void)is_signed;
}

#endif
