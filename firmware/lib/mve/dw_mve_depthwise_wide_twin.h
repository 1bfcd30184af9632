/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise layers with weights of int16 for Helium (dw_mve_depthwise_wide.h) in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_MVE && !defined(DW_MVE_DEPTHWISE_WIDE_TWIN_H)
#define DW_MVE_DEPTHWISE_WIDE_TWIN_H

/* Channel `c` of a block of sixteen. */
DW_INLINE int32_t dw_mve_wide_sum(
    const int8_t *const *taps, int at, const int16_t *weights, int tap_count, int c)
{
    const int16_t *const own = weights + c % 2 * 8 + c / 2;
    int32_t sum = 0;
    for (int t = 0; t < tap_count; t++) {
        sum += taps[t][at] * own[t * 16];
    }
    return sum;
}

DW_INLINE int32_t dw_mve_wide_output(int32_t sum, const struct dw_mve_wide *layer, int i, int form)
{
    const int c = i % 16, words = form == DW_MVE_LINE ? 32 : form == DW_MVE_LEFT ? 64 : 48;
    const int32_t *const block = layer->blocks + i / 16 * words + c % 4 * 4 + c / 4;
    if (form == DW_MVE_LINE) {
        return dw_mve_on_line(sum, block[0], block[16]);
    }
    const int32_t scaled =
        form == DW_MVE_LEFT
            ? dw_mve_scaled_left(block[0] + sum, block[32], block[16], block[48])
            : dw_mve_scaled(block[0] + sum, block[16], block[32], form == DW_MVE_SIGNED);
    const int32_t narrow = dw_mve_narrowed(scaled, layer->output_zero_point);
    return dw_clamped(narrow, layer->minimum, layer->maximum);
}

DW_INLINE void dw_mve_wide_twin(int8_t *out, const int8_t *const *taps, int offset,
    const struct dw_mve_wide *layer, int channels, int tap_count, int form)
{
    for (int i = 0; i < channels; i++) {
        const int16_t *const weights = layer->weights + i / 16 * 16 * tap_count;
        const int32_t sum = dw_mve_wide_sum(taps, offset + i, weights, tap_count, i % 16);
        out[i] = (int8_t)dw_mve_wide_output(sum, layer, i, form);
    }
}

#define DW_MVE_WIDE_FORM_plain DW_MVE_PLAIN
#define DW_MVE_WIDE_FORM_signed DW_MVE_SIGNED
#define DW_MVE_WIDE_FORM_left DW_MVE_LEFT
#define DW_MVE_WIDE_FORM_line DW_MVE_LINE
#define DW_MVE_WIDE_TAPS(suffix, form)                                                             \
    DW_SHARED void dw_mve_wide_taps##suffix(int8_t *out, const int8_t *const *taps, int offset,    \
        const struct dw_mve_wide *layer, int channels, int tap_count)                              \
    {                                                                                              \
        dw_mve_wide_twin(out, taps, offset, layer, channels, tap_count, DW_MVE_WIDE_FORM_##form);  \
    }

#endif
