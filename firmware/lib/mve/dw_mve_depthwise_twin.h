/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise layers for Helium (dw_mve_depthwise.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MVE && !defined(DW_MVE_DEPTHWISE_TWIN_H)
#define DW_MVE_DEPTHWISE_TWIN_H

/* Channel `c` of a block of sixteen; products of two taps must fit int16. */
DW_INLINE int32_t dw_mve_tap_sum(
    const int8_t *const *taps, int at, const int8_t *weights, int tap_count, int c)
{
    int32_t sum = 0;
    for (int t = 0; t < tap_count; t += 2) {
        int pair = taps[t][at] * weights[t * 16 + c];
        if (t + 1 < tap_count) {
            pair += taps[t + 1][at] * weights[(t + 1) * 16 + c];
        }
        sum += (int16_t)pair;
    }
    return sum;
}

DW_INLINE void dw_mve_taps_rounded(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_depthwise *layer, int channels, int tap_count, int is_signed)
{
    for (int i = 0; i < channels; i++) {
        const int32_t *const block = layer->blocks + i / 16 * 48;
        const int8_t *const weights = layer->weights + i / 16 * 16 * tap_count;
        const int c = i % 16, at = c % 4 * 4 + c / 4;
        const int32_t sum = block[at] + dw_mve_tap_sum(taps, offset + i, weights, tap_count, c);
        const int32_t scaled = dw_mve_scaled(sum, block[16 + at], block[32 + at], is_signed);
        const int32_t narrow = dw_mve_narrowed(scaled, layer->output_zero_point);
        out[i] = (int8_t)dw_clamped(narrow, layer->minimum, layer->maximum);
    }
}

DW_INLINE void dw_mve_taps_shifted(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_depthwise *layer, int channels, int tap_count)
{
    for (int i = 0; i < channels; i++) {
        const int c = i % 16;
        const int32_t *const block = layer->blocks + i / 16 * 64 + c % 4 * 4 + c / 4;
        const int8_t *const weights = layer->weights + i / 16 * 16 * tap_count;
        const int32_t sum = block[0] + dw_mve_tap_sum(taps, offset + i, weights, tap_count, c);
        const int32_t scaled = dw_mve_scaled_left(sum, block[32], block[16], block[48]);
        const int32_t narrow = dw_mve_narrowed(scaled, layer->output_zero_point);
        out[i] = (int8_t)dw_clamped(narrow, layer->minimum, layer->maximum);
    }
}

DW_INLINE void dw_mve_taps_of_line(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_depthwise *layer, int channels, int tap_count)
{
    for (int i = 0; i < channels; i++) {
        const int c = i % 16;
        const int32_t *const block = layer->blocks + i / 16 * 32 + c % 4 * 4 + c / 4;
        const int8_t *const weights = layer->weights + i / 16 * 16 * tap_count;
        const int32_t sum = dw_mve_tap_sum(taps, offset + i, weights, tap_count, c);
        out[i] = (int8_t)dw_mve_on_line(sum, block[0], block[16]);
    }
}

#define DW_MVE_TAPS_TWIN_plain(...) dw_mve_taps_rounded(__VA_ARGS__, 0)
#define DW_MVE_TAPS_TWIN_signed(...) dw_mve_taps_rounded(__VA_ARGS__, 1)
#define DW_MVE_TAPS_TWIN_left(...) dw_mve_taps_shifted(__VA_ARGS__)
#define DW_MVE_TAPS_TWIN_line(...) dw_mve_taps_of_line(__VA_ARGS__)
#define DW_MVE_TAPS(suffix, form)                                                                  \
    DW_SHARED void dw_mve_taps##suffix(int8_t *out, const int8_t *const *taps, int offset,         \
        const struct dw_mve_depthwise *layer, int channels, int tap_count)                         \
    {                                                                                              \
        DW_MVE_TAPS_TWIN_##form(out, taps, offset, layer, channels, tap_count);                    \
    }

#endif
