/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels of eight inputs (dw_dsp_kept.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_KEPT_TWIN_H)
#define DW_DSP_KEPT_TWIN_H

/* What four inputs and their weights, two in a lane, add to a sum times 256, modulo 2^32. */
DW_INLINE uint32_t dw_kept_products(const int8_t *from, uint32_t joint)
{
    const uint32_t bytes = dw_load4(from);
    const uint32_t both = dw_swapped_bytes(bytes) ^ 0x007F007Fu;
    return (uint32_t)dw_two_products(dw_odd_lanes(bytes), joint) +
           (uint32_t)dw_two_products(both, dw_even_lanes(joint));
}

/* A pixel's output of the channel at `words`. */
DW_INLINE int8_t dw_kept_output(const int8_t *from, const uint32_t *words, int moved)
{
    const uint32_t sum =
        words[0] + dw_kept_products(from, words[1]) + dw_kept_products(from + 4, words[2]);
    return dw_on_moved_line((int32_t)sum, (int32_t)words[3], moved);
}

#define DW_KEPT_ROW(words, out_w, step, pixel, channel, count, moved)                              \
    for (int x = 0; x < (out_w); x++) {                                                            \
        for (int c = 0; c < (count); c++) {                                                        \
            out[x * (pixel) + c * (channel)] =                                                     \
                dw_kept_output(rows[0] + x * (step), (words) + 4 * c, moved);                      \
        }                                                                                          \
    }
#define DW_KEPT(name, out_w, step, pixel, channel, count, head, unrolled, moved)                   \
    DW_LAYER void name(                                                                            \
        const int8_t *const *rows, int8_t *restrict out, const struct dw_kept *restrict data)      \
    {                                                                                              \
        DW_KEPT_ROW(data->channels, out_w, step, pixel, channel, count, moved)                     \
    }
#define DW_KEPT_COPIED(name, out_w, step, pixel, channel, count, head, unrolled, moved)            \
    DW_LAYER void name(const int8_t *const *rows, int8_t *restrict out,                            \
        uint32_t *restrict scratch, const struct dw_kept *restrict data)                           \
    {                                                                                              \
        for (int i = 0; i < 4 * (count); i++) {                                                    \
            scratch[i] = data->channels[i];                                                        \
        }                                                                                          \
        DW_KEPT_ROW(scratch, out_w, step, pixel, channel, count, moved)                            \
    }

#endif
