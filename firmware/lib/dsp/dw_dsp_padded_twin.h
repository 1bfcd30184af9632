/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a depthwise layer over padded rows (dw_dsp_padded.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_DSP && !defined(DW_DSP_PADDED_TWIN_H)
#define DW_DSP_PADDED_TWIN_H

/* Sizes and scaling of `DW_PADDED`. */
struct dw_padded_sizes {
    int taps;
    int stride;
    int outputs;
    int pitch;
    int step;
    int zero;
    int on_line;
    int steep;
    int is_signed;
    int minimum;
    int maximum;
};

/* Weight number `tap` of a row. */
DW_INLINE int dw_padded_weight(const uint32_t *row, int tap, int taps)
{
    if (tap < 4) {
        return dw_byte(row[0], tap);
    }
    return taps == 5 ? dw_lane(row[1], 0) : dw_byte(row[1], tap - 4);
}

DW_INLINE void dw_padded_channel(const int8_t *rows, const uint32_t *words, int8_t *out, int first,
    int count, struct dw_padded_sizes s)
{
    const int row_words = s.taps == 4 ? 1 : 2;
    const uint32_t *const weights = words + (s.on_line ? 2 : 4 + s.steep) + first * row_words;
    for (int i = 0; i < s.outputs; i++) {
        int32_t sum = 0;
        for (int k = 0; k < count; k++) {
            const int8_t *const x = rows + k * s.pitch + i * s.stride;
            for (int t = 0; t < s.taps; t++) {
                sum += (x[t] - s.zero) * dw_padded_weight(weights + k * row_words, t, s.taps);
            }
        }
        if (s.on_line) {
            const int32_t sum256 = (int32_t)(256 * (uint32_t)sum + words[1]);
            const int32_t multiplier = (int32_t)words[0];
            out[i * s.step] = s.on_line == 3
                                  ? dw_on_held_line(sum256, multiplier, s.minimum, s.maximum)
                                  : dw_on_moved_line(sum256, multiplier, ~(s.minimum + s.maximum));
            continue;
        }
        const struct dw_scale scale = {(int32_t)words[1], (int32_t)words[2], (int32_t)words[3]};
        const int32_t doubled = (int32_t)((s.steep ? words[4] : 2) * (uint32_t)sum + words[0]);
        out[i * s.step] = dw_scaled_as(doubled, scale, s.is_signed, s.minimum, s.maximum);
    }
}

#define DW_PADDED(name, taps, stride, blocks, rest, pitch, step, zero, on_line, steep, is_signed,  \
    minimum, maximum)                                                                              \
    DW_SHARED void name(                                                                           \
        const int8_t *rows, const uint32_t *words, int8_t *out, int first, int count)              \
    {                                                                                              \
        const struct dw_padded_sizes sizes = {taps, stride, 4 * (blocks) + (rest), pitch, step,    \
            zero, on_line, steep, is_signed, minimum, maximum};                                    \
        dw_padded_channel(rows, words, out, first, count, sizes);                                  \
    }

#endif
