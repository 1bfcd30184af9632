/* SPDX-License-Identifier: Apache-2.0 */
/* Strips of depthwise outputs with weights of two bytes (dw_strips_wide.h) in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_THUMB2 && !defined(DW_STRIPS_WIDE_TWIN_H)
#define DW_STRIPS_WIDE_TWIN_H

#include "dw_armv7m.h"

DW_INLINE void dw_wide_strip(const int8_t *const *at, int8_t *restrict out,
    const struct dw_streamed *layer, int step, int outputs, int stride, enum dw_streamed_form form)
{
    const int bytes = 26 + dw_streamed_more(form), columns = (outputs - 1) * stride + 3;
    for (int c = 0; c < layer->channels; c++) {
        const int8_t *const own = layer->stream + c * bytes;
        for (int x = 0; x < outputs; x++) {
            uint32_t sum = 0;
            for (int k = 0; k < 9; k++) {
                const int8_t *const pixel = at[k / 3 * columns + x * stride + k % 3];
                const int32_t weight = own[2 * k + 1] * 256 + (uint8_t)own[2 * k];
                sum += (uint32_t)(pixel[c] * weight);
            }
            out[x * step + c] = dw_streamed_output(
                sum, dw_streamed_word(own + 18), dw_streamed_word(own + 22), own + 26, layer, form);
        }
    }
}

#define DW_WIDE_STRIP(outputs, stride, form)                                                       \
    DW_SHARED void dw_wide_strip_##outputs##_by_##stride##_##form(                                 \
        const int8_t *const *at, int8_t *restrict out, const struct dw_streamed *layer, int step)  \
    {                                                                                              \
        dw_wide_strip(at, out, layer, step, outputs, stride, DW_STREAMED_##form);                  \
    }

#endif
