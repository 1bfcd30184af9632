/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of pairs of pixels, weights with a zero point (dw_paired_offset.h), in plain C; empty where there is
 * assembly. */
#include "dw_asm.h"

#if !DW_ASM_THUMB2 && !defined(DW_PAIRED_OFFSET_TWIN_H)
#define DW_PAIRED_OFFSET_TWIN_H

#include "dw_paired_twin.h"

DW_INLINE void dw_paired_offset(const uint32_t *begun, int8_t *restrict out,
    const struct dw_streamed *layer, int pixels, enum dw_streamed_form form)
{
    struct dw_paired_sums sums = {{0, 0}, {0, 0}, 0};
    for (int pair = 0; pair < pixels / 2; pair++) {
        sums.whole[pair] = begun[2 * pair];
        sums.upper[pair] = begun[2 * pair + 1];
    }
    if (pixels % 2) {
        sums.single = begun[pixels - 1];
    }
    dw_paired_from(sums, begun + pixels, out, layer, pixels, form);
}

#define DW_PAIRED_OFFSET_FORM(pixels, form)                                                        \
    DW_SHARED void dw_paired_offset_##pixels##_##form(                                             \
        const uint32_t *begun, int8_t *restrict out, const struct dw_streamed *layer)              \
    {                                                                                              \
        dw_paired_offset(begun, out, layer, pixels, DW_STREAMED_##form);                           \
    }

#endif
