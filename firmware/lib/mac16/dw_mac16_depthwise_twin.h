/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a 3x3 depthwise layer (dw_mac16_depthwise.h) in plain C; empty where there is assembly. */
#include "dw_asm.h"

#if !DW_ASM_MAC16 && !defined(DW_MAC16_DEPTHWISE_TWIN_H)
#define DW_MAC16_DEPTHWISE_TWIN_H

/* Brings a channel of three rows to the upper bytes of lanes. */
DW_INLINE void dw_mac16_columns(const struct dw_mac16_rows *rows, int channel)
{
    int16_t *const lanes = (int16_t *)(void *)rows->inside;
    for (int ky = 0; ky < 3; ky++) {
        const int8_t *from = rows->rows[ky] + channel;
        for (int x = 0; x < rows->columns; x++, from += rows->steps[ky]) {
            lanes[4 * x + ky] = (int16_t)(*from * 256);
        }
    }
}

DW_INLINE uint32_t dw_mac16_window(const int16_t *lanes, const int16_t *weights)
{
    uint32_t sum = 0;
    for (int i = 0; i < 9; i++) {
        sum += (uint32_t)(lanes[i / 3 * 4 + i % 3] * weights[i]);
    }
    return sum;
}

DW_INLINE void dw_mac16_channels(const struct dw_mac16_depthwise *layer,
    const struct dw_mac16_rows *rows, enum dw_mac16_form form)
{
    const uint32_t *stream = layer->stream;
    for (int channel = 0; channel < layer->channels; channel++, stream += 9) {
        const struct dw_mac16_scale scale = {
            (int32_t)stream[0], (int32_t)stream[1], (int32_t)stream[2], (int32_t)stream[3]};
        const int16_t *lanes = (const int16_t *)(const void *)rows->lanes;
        int16_t weights[10];
        __builtin_memcpy(weights, stream + 4, sizeof weights);
        dw_mac16_columns(rows, channel);
        for (int x = 0; x < rows->outputs; x++, lanes += rows->advance / 2) {
            const uint32_t sum = stream[0] + dw_mac16_window(lanes, weights);
            rows->out[x * layer->channels + channel] =
                dw_mac16_output(sum, &scale, form, layer->minimum, layer->maximum);
        }
    }
}

#define DW_MAC16_DEPTHWISE(form)                                                                   \
    DW_SHARED void dw_mac16_depthwise_##form(                                                      \
        const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows)                        \
    {                                                                                              \
        dw_mac16_channels(layer, rows, DW_MAC16_##form);                                           \
    }
DW_MAC16_DEPTHWISE(scaled)
DW_MAC16_DEPTHWISE(signed)
DW_MAC16_DEPTHWISE(clamped)

#endif
