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

/* A pixel's sum of the channel at `words`. */
DW_INLINE int32_t dw_kept_sum(const int8_t *from, const uint32_t *words)
{
    return (int32_t)(words[0] + dw_kept_products(from, words[1]) +
                     dw_kept_products(from + 4, words[2]));
}

/* Its output. */
DW_INLINE int8_t dw_kept_line(const int8_t *from, const uint32_t *words, int moved)
{
    return dw_on_moved_line(dw_kept_sum(from, words), (int32_t)words[3], moved);
}

DW_INLINE int8_t dw_kept_scaled(const int8_t *from, const uint32_t *words, int moved)
{
    const struct dw_scale scale = {(int32_t)words[3], (int32_t)words[4], (int32_t)words[5]};
    (void)moved;
    return dw_scaled(dw_kept_sum(from, words) >> 7, scale);
}

enum { DW_KEPT_WORDS_line = 4, DW_KEPT_WORDS_scaled = 6 };

#define DW_KEPT_ROW(words, form, out_w, step, pixel, channel, count, moved)                        \
    for (int x = 0; x < (out_w); x++) {                                                            \
        for (int c = 0; c < (count); c++) {                                                        \
            out[x * (pixel) + c * (channel)] =                                                     \
                dw_kept_##form(rows[0] + x * (step), (words) + DW_KEPT_WORDS_##form * c, moved);   \
        }                                                                                          \
    }
#define DW_KEPT(name, form, out_w, step, pixel, channel, count, head, unrolled, moved)             \
    DW_LAYER void name(                                                                            \
        const int8_t *const *rows, int8_t *restrict out, const struct dw_kept *restrict data)      \
    {                                                                                              \
        DW_KEPT_ROW(data->channels, form, out_w, step, pixel, channel, count, moved)               \
    }
#define DW_KEPT_COPIED(name, form, out_w, step, pixel, channel, count, head, unrolled, moved)      \
    DW_LAYER void name(const int8_t *const *rows, int8_t *restrict out,                            \
        uint32_t *restrict scratch, const struct dw_kept *restrict data)                           \
    {                                                                                              \
        for (int i = 0; i < DW_KEPT_WORDS_##form * (count); i++) {                                 \
            scratch[i] = data->channels[i];                                                        \
        }                                                                                          \
        DW_KEPT_ROW(scratch, form, out_w, step, pixel, channel, count, moved)                      \
    }

#endif
