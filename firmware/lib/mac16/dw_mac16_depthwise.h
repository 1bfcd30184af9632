/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D of 3x3, channel after channel: three rows become columns of lanes.
 *
 * A column is two words: lanes times 256 of the rows, one above the other, and one that is not used. All that
 * a channel brings are the upper bytes of the lanes of columns inside of the image. A layer's constants are
 * one stream of words; for each channel: `struct dw_mac16_scale`, then weights by columns as lanes, five
 * words.
 */
#ifndef DW_MAC16_DEPTHWISE_H
#define DW_MAC16_DEPTHWISE_H

#include "dw_mac16.h"

struct dw_mac16_depthwise {
    const uint32_t *stream;
    int32_t channels;
    int32_t minimum;
    int32_t maximum;
    const int8_t *border; /* what lies outside of the image: a pixel of zero points */
};

/* Three rows of one channel, and the bytes from a column to the next; columns of lanes, of which the first
 * that lies `inside` of the image. From a window to the next are `advance` bytes. */
struct dw_mac16_rows {
    const int8_t *rows[3];
    int32_t steps[3];
    int8_t *inside;
    int32_t columns;
    const uint32_t *lanes;
    int32_t outputs;
    int8_t *out;
    int32_t advance;
};

/* Each defines dw_mac16_depthwise_scaled, _signed and _clamped, which change `rows` and `out`:
 *     void (const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows). */
#include "dw_mac16_depthwise_asm.h"
#include "dw_mac16_depthwise_twin.h"

/* Columns of zero points left and right of those inside of the image, which are zero. */
DW_INLINE void dw_mac16_border(
    uint32_t *scratch, int first, int inside, int columns, int32_t outside)
{
    int16_t *const lanes = (int16_t *)scratch;
    for (int x = 0; x < columns; x++) {
        const int is_inside = x >= first && x < first + inside;
        for (int ky = 0; ky < 3; ky++) {
            lanes[4 * x + ky] = (int16_t)(is_inside ? 0 : outside * 256);
        }
    }
}

/* Rows that hang over the image are the border, one pixel again and again. */
DW_INLINE void dw_mac16_place(
    struct dw_mac16_rows *to, const int8_t *const *rows, const struct dw_mac16_depthwise *layer)
{
    for (int ky = 0; ky < 3; ky++) {
        to->rows[ky] = rows[ky] == 0 ? layer->border : rows[ky];
        to->steps[ky] = rows[ky] == 0 ? 0 : layer->channels;
    }
}

#endif
