/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D of kernels up to eight columns wide and of rows of any width: a channel's rows are brought to
 * scratch one after another, padded with zero points.
 *
 * A word of four neighbouring columns c0 c1 c2 c3 has the lanes (c0,c2) and (c1,c3), less the zero point; with the
 * next word's (c4,c6) and (c5,c7) the halves that are in between are (c4,c2) and (c5,c3). With the weights' lanes
 * (w0,w2) and (w1,w3) each output takes two multiplying instructions for four taps, wherever it begins. Outputs are
 * computed four at a time. Rows outside of the image add nothing, and are left out.
 */
#ifndef DW_DSP_PADDED_H
#define DW_DSP_PADDED_H

#include "dw_asm.h"
#include "dw_dsp.h"

/* A layer: words of its output channels. First how sums are scaled: multiplier and bias on a line; else twice the bias
 * and a `struct dw_scale`; if `steep`, a multiple of it and in a fifth word what sums are multiplied by. Then weights of each row: bytes w0 to w3; for five taps w4 in another word, for eight
 * bytes w4 to w7. */
struct dw_padded {
    const uint32_t *channels;
};

/* DW_PADDED defines the function that computes one channel of an output row,
 *     void name(const int8_t *rows, const uint32_t *words, int8_t *out, int first, int count):
 * `count` rows from row `first` of the kernel on, `pitch` bytes apart, of `taps` (4, 5 or 8), to `blocks` of four
 * outputs and `rest` others, `step` bytes apart, at a stride of 1 or 2. Inputs have zero point `zero`. Sums are on
 * a line (`on_line` is 1; 2 where it is moved, 3 where it is held), or scaled and clamped, with the sign's correction if `is_signed`. */
#include "dw_dsp_padded_asm.h"
#include "dw_dsp_padded_twin.h"

/* Rows of the kernel that are inside of the image. */
struct dw_inside {
    int first;
    int count;
};

/* Which rows are inside; where they lie goes to the start of `inside`. */
DW_INLINE struct dw_inside dw_rows_inside(
    const int8_t *const *rows, const int8_t **inside, int height)
{
    struct dw_inside found = {0, 0};
    for (int k = 0; k < height; k++) {
        if (rows[k]) {
            inside[found.count++] = rows[k];
        } else if (!found.count) {
            found.first++;
        }
    }
    return found;
}

/* Brings `columns` of a channel's rows to `to`, `pitch` bytes apart; they lie `apart` bytes apart, and `next` brings
 * to the next channel. */
DW_INLINE void dw_copy_rows(
    int8_t *to, const int8_t **rows, int count, int columns, int pitch, int apart, int next)
{
    for (int k = 0; k < count; k++, to += pitch) {
        const int8_t *from = rows[k];
        rows[k] = from + next;
        if (apart == 1) {
            __builtin_memcpy(to, from, (unsigned)columns);
        } else {
            for (int x = 0; x < columns; x++, from += apart) {
                to[x] = *from;
            }
        }
    }
}

#endif
