/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D 3x3 over rows that lie channel after channel, [C][W]; writes [W][C].
 *
 * A word of four neighbouring columns c0 c1 c2 c3 of one channel has the lanes (c0,c2) and (c1,c3).
 * With the weights' lanes (w0,w2) and w1, output c1 is (c0,c2)(w0,w2) + c1 w1, and its neighbour
 * (c1,c3)(w0,w2) + c2 w1: two multiplying instructions for three taps. At an edge the word is
 * loaded further inside, shifted, and a zero point is put where the image ends. Needs W >= 4.
 */
#ifndef DW_DSP_DEPTHWISE_H
#define DW_DSP_DEPTHWISE_H

#include "dw_asm.h"
#include "dw_dsp.h"

/* A layer: words of its channels, and a row of zero points for rows outside of the image (NULL but for DW_COLUMN_BLOCK).
 *
 * Nine words of a channel: twice its bias, zero points folded in; its `struct dw_scale`; twice its weights as lanes
 * (w0,w2) of each row, (w1 of row 0, of row 1), w1 of row 2. Five of a channel on a line: its bias and its multiplier; bytes of
 * weights (w1 of row 0, w0 of row 0, w1 of row 1, w2 of row 0), (w1 of row 2, w0 of row 1, what the line is moved by, w2 of row 1),
 * (0, w0 of row 2, 0, w2 of row 2), of which a mask makes lanes of 256 times the weights. On a line that is held the
 * room above its outputs stands in place of what it is moved by, and the first 0 is one more than the clamp's upper end.
 * Seven of a channel that is rounded twice: its power of two, twice its bias, its offset and its multiplier (`struct
 * dw_rounding`); the same bytes of weights. Where layers share a function, a word in front of all says how many
 * channels there are. */
struct dw_columns {
    const uint32_t *channels;
    const int8_t *border;
};

/* How a row ends: with outputs that stay inside; with two that reach over the right edge; with a
 * single one that does; with a single one that does not. Or with a single one, and the left edge is one output
 * too, so that steps of two outputs begin at even columns, where words are mostly aligned (stride 1, not with DW_COLUMN_BLOCK). Or all
 * of it is five outputs of five columns, or six of six (as before). */
#define DW_TAIL_NONE 0
#define DW_TAIL_TWO 1
#define DW_TAIL_ONE 2
#define DW_TAIL_INSIDE 3
#define DW_TAIL_EVEN 4
#define DW_TAIL_FIVE 5
#define DW_TAIL_SIX 6

/* DW_COLUMNS defines the function of a layer,
 *     void name(const int8_t *const *rows, int8_t *out, const struct dw_columns *data):
 * all channels of one output row. Rows have `in_w` columns and give `out_w` outputs of `channels`, at a
 * step of `stride` from column -`pad` on; outside of the image is `zero`. The left edge if `pad` is 1,
 * `middle` steps of two outputs (stride 1) or one, then what `tail` says. */
#define DW_COLUMNS(name, in_w, out_w, channels, stride, pad, middle, tail, zero, is_signed)        \
    DW_COLUMN_BLOCK(name, in_w, out_w, channels, channels, stride, pad, middle, tail, zero,        \
        is_signed, -128, 127)

/* DW_COLUMNS_ON_LINE does so for `count` channels on a line of `channels` in all: rows hold the columns of these,
 * and their constants and outputs come first. A row outside of the image gets weights of 0; what zero points would
 * have added is added to the bias. One row at least is inside. Outputs are moved back if lines are `moved`: a cycle for
 * each if that is 1, two if it is 2, where lines are held. DW_COLUMNS_SHARED is the function of layers whose rows are
 * `width` columns and as many outputs, and that differ in their channels (DW_TAIL_FIVE, DW_TAIL_SIX): a cycle more for
 * each output. DW_COLUMNS_ROUNDED and DW_ROUNDED_SHARED do so where channels have no lines: two cycles more for each
 * output and three for a step.
 *
 * DW_COLUMN_BLOCK does so for `count` channels of `channels` in all: rows hold the columns of these, and their
 * constants and outputs come first. Outputs are between `minimum` and `maximum`. */
#define DW_COLUMNS_ON_LINE(...) DW_COLUMNS_AS(0, __VA_ARGS__)
#define DW_COLUMNS_ROUNDED(...) DW_COLUMNS_AS(1, __VA_ARGS__)
#define DW_COLUMNS_SHARED(name, width, tail, zero, moved)                                          \
    DW_COLUMNS_AS(0, name, width, width, 0, 0, 1, 1, 0, tail, zero, moved)
#define DW_ROUNDED_SHARED(name, width, tail, zero, moved)                                          \
    DW_COLUMNS_AS(1, name, width, width, 0, 0, 1, 1, 0, tail, zero, moved)
#include "dw_dsp_depthwise_asm.h"
#include "dw_dsp_depthwise_line_asm.h"
#include "dw_dsp_depthwise_twin.h"

/* Brings `count` channels from `first` on of three rows [W][channels] to `columns` [3][count][W]; `turned` are
 * where each begins, NULL outside of the image. */
DW_SHARED void dw_turn(const int8_t *const *rows, int first, int8_t *restrict columns,
    const int8_t **turned, int width, int channels, int count)
{
    for (int k = 0; k < 3; k++) {
        turned[k] = rows[k] ? columns : (const int8_t *)0;
        for (int c = 0; rows[k] && c < count; c++) {
            const int8_t *from = rows[k] + first + c;
            const int8_t *const end = columns + width;
            for (; columns + 4 <= end; columns += 4, from += 4 * channels) {
                columns[0] = from[0];
                columns[1] = from[channels];
                columns[2] = from[2 * channels];
                columns[3] = from[3 * channels];
            }
            for (; columns < end; columns++, from += channels) {
                *columns = *from;
            }
        }
    }
}

#endif
