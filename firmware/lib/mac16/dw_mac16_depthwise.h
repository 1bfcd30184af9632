/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D of 3x3, channel after channel: three rows become columns of lanes.
 *
 * One channel at a time: a column is two words, lanes times 256 of the rows, one above the other, and one that
 * is not used. All that a channel brings are the upper bytes of the lanes of columns inside of the image.
 * Four at a time, of pixels that are whole words: a mask and a shift make two words of lanes of each pixel,
 * channels 0 and 2, and 1 and 3, which lie in two planes; a column is three words, the rows.
 * A layer's constants are one stream of words; for each channel: `struct dw_mac16_scale`, then weights by
 * columns as lanes, five words.
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

/* Three rows, and the bytes from a column to the next; columns of lanes, of which the first that lies
 * `inside` of the image. From a window to the next are `advance` bytes, from a plane to the other `plane`. */
struct dw_mac16_rows {
    const int8_t *rows[3];
    int32_t steps[3];
    int8_t *inside;
    int32_t columns;
    const uint32_t *lanes;
    int32_t outputs;
    int8_t *out;
    int32_t advance;
    int32_t plane;
};

/* Each defines dw_mac16_depthwise_scaled, _signed and _clamped, which change `rows` and `out`, and
 * dw_mac16_fours_… for four channels at a time:
 *     void (const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows). */
#include "dw_mac16_depthwise_asm.h"
#include "dw_mac16_depthwise_twin.h"
#include "dw_mac16_fours_asm.h"
#include "dw_mac16_fours_twin.h"

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

/* The same in both planes, where the columns inside of the image are written whole. */
DW_INLINE void dw_mac16_border4(
    uint32_t *scratch, int first, int inside, int columns, int32_t outside)
{
    const int behind = first + inside;
    for (int plane = 0; plane < 2; plane++, scratch += 3 * columns) {
        (void)dw_mac16_fill(scratch, outside, 6 * first);
        (void)dw_mac16_fill(scratch + 3 * behind, outside, 6 * (columns - behind));
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

/* Whether pixels can be read as words. */
DW_INLINE int dw_mac16_by_words(const struct dw_mac16_rows *rows)
{
    return (((uintptr_t)rows->rows[0] | (uintptr_t)rows->rows[1] | (uintptr_t)rows->rows[2]) & 3) ==
           0;
}

#endif
