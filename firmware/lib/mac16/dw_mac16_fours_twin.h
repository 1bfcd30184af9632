/* SPDX-License-Identifier: Apache-2.0 */
/* Four channels of a 3x3 depthwise layer (dw_mac16_depthwise.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MAC16 && !defined(DW_MAC16_FOURS_TWIN_H)
#define DW_MAC16_FOURS_TWIN_H

/* Brings four channels of three rows to lanes: channel c to plane c % 2, lane c / 2. */
DW_INLINE void dw_mac16_four_columns(const struct dw_mac16_rows *rows, int channel)
{
    for (int ky = 0; ky < 3; ky++) {
        const int8_t *from = rows->rows[ky] + channel;
        for (int x = 0; x < rows->columns; x++, from += rows->steps[ky]) {
            for (int c = 0; c < 4; c++) {
                int16_t *const plane = (int16_t *)(void *)(rows->inside + c % 2 * rows->plane);
                plane[2 * (3 * x + ky) + c / 2] = (int16_t)(from[c] * 256);
            }
        }
    }
}

DW_INLINE uint32_t dw_mac16_plane_window(const int16_t *lanes, const int16_t *weights)
{
    uint32_t sum = 0;
    for (int i = 0; i < 9; i++) {
        sum += (uint32_t)(lanes[2 * i] * weights[i]);
    }
    return sum;
}

DW_INLINE void dw_mac16_four_channels(const struct dw_mac16_depthwise *layer,
    const struct dw_mac16_rows *rows, enum dw_mac16_form form)
{
    const uint32_t *stream = layer->stream;
    for (int channel = 0; channel < layer->channels; channel++, stream += 9) {
        const struct dw_mac16_scale scale = {
            (int32_t)stream[0], (int32_t)stream[1], (int32_t)stream[2], (int32_t)stream[3]};
        const int8_t *const plane =
            (const int8_t *)(const void *)rows->lanes + channel % 2 * rows->plane;
        const int16_t *lanes = (const int16_t *)(const void *)plane + channel % 4 / 2;
        int16_t weights[10];
        __builtin_memcpy(weights, stream + 4, sizeof weights);
        if (channel % 4 == 0) {
            dw_mac16_four_columns(rows, channel);
        }
        for (int x = 0; x < rows->outputs; x++, lanes += rows->advance / 2) {
            const uint32_t sum = stream[0] + dw_mac16_plane_window(lanes, weights);
            rows->out[x * layer->channels + channel] =
                dw_mac16_output(sum, &scale, form, layer->minimum, layer->maximum);
        }
    }
}

#define DW_MAC16_FOURS(form)                                                                       \
    DW_SHARED void dw_mac16_fours_##form(                                                          \
        const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows)                        \
    {                                                                                              \
        dw_mac16_four_channels(layer, rows, DW_MAC16_##form);                                      \
    }
DW_MAC16_FOURS(scaled)
DW_MAC16_FOURS(signed)
DW_MAC16_FOURS(clamped)

#endif
