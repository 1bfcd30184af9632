/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of pairs of channels (dw_dsp_pairs.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_PAIRS_TWIN_H)
#define DW_DSP_PAIRS_TWIN_H

DW_INLINE void dw_add_pairs(
    const int8_t *in, const uint32_t *weights, int groups, int32_t *sums, int pairs)
{
    uint32_t both[4];
    for (int p = 0; p < 2 * pairs; p++) {
        both[p] = (uint32_t)sums[p / 2 * 2];
    }
    for (int g = 0; g < groups; g++, in += 4) {
        const uint32_t bytes = dw_load4(in), x[2] = {dw_even_lanes(bytes), dw_odd_lanes(bytes)};
        for (int word = 0; word < 2 * pairs; word++, weights++) {
            uint32_t *const pair = both + word / 2 * 2;
            pair[0] += (uint32_t)dw_two_products(x[word % 2], dw_even_lanes(*weights));
            pair[1] += (uint32_t)dw_two_products(x[word % 2], *weights);
        }
    }
    for (int p = 0; p < 2 * pairs; p += 2) {
        sums[p] = (int32_t)both[p];
        sums[p + 1] += (int32_t)(both[p + 1] - both[p]) >> 8;
    }
}

DW_SHARED void dw_add_pairs_1(const int8_t *in, const uint32_t *weights, int groups, int32_t *sums)
{
    dw_add_pairs(in, weights, groups, sums, 1);
}

DW_SHARED void dw_add_pairs_2(const int8_t *in, const uint32_t *weights, int groups, int32_t *sums)
{
    dw_add_pairs(in, weights, groups, sums, 2);
}

#endif
