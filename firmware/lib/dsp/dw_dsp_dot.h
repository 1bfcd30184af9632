/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products for CONV_2D and FULLY_CONNECTED: blocks of three pixels by two output channels, along a row.
 *
 * Inputs of a block of pixels are int16 lanes, interleaved: for four inputs of pixels A, B, C the
 * words A(0,2) B(0,2) C(0,2) A(1,3) B(1,3) C(1,3). Blocks of three follow one another, one or two
 * pixels come last. A layer's constants are one stream of words, in the order in which they are used;
 * for each pair of channels: two biases; for every group of four inputs a word of int8 weights of each
 * channel, or, `joint`, a word of lanes w0 + 256 * w1 and w2 + 256 * w3, or, `wide`, their multiples as lanes: (0,2) of
 * each channel, then (1,3) of each; then each channel's multiplier, or its multiplier, offset and shift. All blocks of a row take a pair's constants
 * before the next pair's are read: flash with wait states is read once for a row. Sums come out doubled,
 * or times 256 on a line, which may be moved or held: either the inputs' lanes are multiples or the weights'. For joint weights the words of a group
 * are the inputs x (1,3), then 256 * x (0,2) - x (1,3) + 127: the first times the weights and the second times their lower
 * bytes is 256 times the sum, and 127 times the lower bytes, which the bias leaves out.
 */
#ifndef DW_DSP_DOT_H
#define DW_DSP_DOT_H

#include "dw_dsp.h"

/* A layer: `groups` of four inputs, padded with weights of 0. The second channel of the last pair
 * may not exist. */
struct dw_dot {
    const uint32_t *stream;
    int32_t channels;
    int32_t groups;
    int32_t minimum;
    int32_t maximum;
    const int8_t *border; /* what lies outside of the image: a pixel of zero points */
};

/* What lanes of inputs are: bytes, twice the bytes, 256 times the bytes, what joint weights need. */
#define DW_LANES_PLAIN 0
#define DW_LANES_DOUBLED 1
#define DW_LANES_UPPER 2
#define DW_LANES_JOINT 3

/* Expands four inputs of each of `pixels` pixels. */
DW_INLINE uint32_t *dw_expand(uint32_t *to, const uint32_t *bytes, int pixels, int lanes)
{
    DW_UNROLLED
    for (int p = 0; p < pixels; p++) {
        if (lanes == DW_LANES_UPPER) {
            to[p] = bytes[p] << 8 & 0xFF00FF00u;
            to[pixels + p] = bytes[p] & 0xFF00FF00u;
        } else if (lanes == DW_LANES_JOINT) {
            to[p] = dw_odd_lanes(bytes[p]);
            to[pixels + p] = dw_swapped_bytes(bytes[p]) ^ 0x007F007Fu;
        } else {
            const uint32_t even = dw_even_lanes(bytes[p]), odd = dw_odd_lanes(bytes[p]);
            to[p] = lanes == DW_LANES_DOUBLED ? dw_doubled_lanes(even) : even;
            to[pixels + p] = lanes == DW_LANES_DOUBLED ? dw_doubled_lanes(odd) : odd;
        }
    }
    return to + 2 * pixels;
}

/* Up to three int8, the rest of the word 0. */
DW_INLINE uint32_t dw_load_part(const int8_t *from, int count)
{
    uint32_t word = (uint8_t)from[0];
    for (int i = 1; i < count; i++) {
        word |= (uint32_t)(uint8_t)from[i] << (8 * i);
    }
    return word;
}

/* The last `count` % 4 of int8, the rest of the word 0: the upper ones of the last word, if there are four. */
DW_INLINE uint32_t dw_load_last(const int8_t *from, int count)
{
    const int last = count % 4;
    return count > 4 ? dw_load4(from + count - 4) >> (32 - 8 * last) : dw_load_part(from, last);
}

/* Expands inputs `at` to `at` + 3 of each of `pixels` pixels. */
DW_INLINE uint32_t *dw_expand_four(
    uint32_t *to, const int8_t *const *from, int at, int pixels, int lanes)
{
    uint32_t bytes[3];
    DW_UNROLLED
    for (int p = 0; p < pixels; p++) {
        bytes[p] = dw_load4(from[p] + at);
    }
    return dw_expand(to, bytes, pixels, lanes);
}

/* Expands `count` inputs of each of `pixels` pixels, eight at a time. */
DW_INLINE uint32_t *dw_expand_pixels(
    uint32_t *to, const int8_t *const *from, int count, int pixels, int lanes)
{
    int i = 0;
    for (; i + 8 <= count; i += 8) {
        to = dw_expand_four(to, from, i, pixels, lanes);
        to = dw_expand_four(to, from, i + 4, pixels, lanes);
    }
    if (i + 4 <= count) {
        to = dw_expand_four(to, from, i, pixels, lanes);
    }
    if (count % 4) {
        uint32_t bytes[3];
        DW_UNROLLED
        for (int p = 0; p < pixels; p++) {
            bytes[p] = dw_load_last(from[p], count);
        }
        to = dw_expand(to, bytes, pixels, lanes);
    }
    return to;
}

/* Expands pixels of `inputs` inputs, `step` bytes apart: blocks of three, then what is left of `pixels`. */
#define DW_EXPAND_ROW(name, lanes)                                                                 \
    DW_SHARED void name(uint32_t *to, const int8_t *row, int inputs, int step, int pixels)         \
    {                                                                                              \
        for (; pixels >= 3; pixels -= 3, row += 3 * step) {                                        \
            const int8_t *const from[3] = {row, row + step, row + 2 * step};                       \
            to = dw_expand_pixels(to, from, inputs, 3, lanes);                                     \
        }                                                                                          \
        if (pixels == 2) {                                                                         \
            const int8_t *const from[2] = {row, row + step};                                       \
            dw_expand_pixels(to, from, inputs, 2, lanes);                                          \
        } else if (pixels == 1) {                                                                  \
            const int8_t *const from[1] = {row};                                                   \
            dw_expand_pixels(to, from, inputs, 1, lanes);                                          \
        }                                                                                          \
    }
DW_EXPAND_ROW(dw_expand_row_plain, DW_LANES_PLAIN)
DW_EXPAND_ROW(dw_expand_row_doubled, DW_LANES_DOUBLED)
DW_EXPAND_ROW(dw_expand_row_upper, DW_LANES_UPPER)
DW_EXPAND_ROW(dw_expand_row_joint, DW_LANES_JOINT)

/* Of columns: how many are in front of the image, how many in it from column `first` on, how many behind it. */
struct dw_inside_of {
    int before;
    int first;
    int count;
    int behind;
};

/* Columns from `first` on, of an image that is `width` wide. */
DW_INLINE struct dw_inside_of dw_inside_image(int first, int columns, int width)
{
    const int begin = first < 0 ? 0 : first, last = first + columns,
              end = last < width ? last : width;
    const int count = end > begin ? end - begin : 0, before = begin - first;
    const struct dw_inside_of inside = {before, begin, count, columns - before - count};
    return inside;
}

/* Writes `count` columns of lanes of zero points, `words` each, `step` words apart: two words in turn. */
DW_INLINE uint32_t *dw_outside_words(
    uint32_t *at, int count, int step, int words, const uint32_t *outside)
{
    for (int x = 0; x < count; x++, at += step) {
        for (int i = 0; i < words; i += 2) {
            at[i] = outside[0];
            at[i + 1] = outside[1];
        }
    }
    return at;
}

/* Expands `columns` columns from column `first` on of `kernel_h` rows, all channels of each row in turn, a column in
 * `column_bytes`. A row
 * that is NULL and columns that are not among `width` lie outside of the image: there bytes are `zero_points`. */
DW_INLINE void dw_expand_columns(uint32_t *to, const int8_t *const *rows, int channels,
    int kernel_h, int column_bytes, int first, int columns, int width, uint32_t zero_points,
    int lanes)
{
    const int words = channels / 2, step = column_bytes / 4;
    uint32_t outside[2];
    dw_expand(outside, &zero_points, 1, lanes);
    const struct dw_inside_of inside = dw_inside_image(first, columns, width);
    for (int k = 0; k < kernel_h; k++, to += words) {
        if (!rows[k]) {
            dw_outside_words(to, columns, step, words, outside);
            continue;
        }
        const int8_t *from = rows[k] + inside.first * channels;
        uint32_t *column = dw_outside_words(to, inside.before, step, words, outside);
        for (int x = 0; x < inside.count; x++, column += step, from += channels) {
            uint32_t *at = column;
            DW_UNROLLED
            for (int i = 0; i < channels; i += 4) {
                const uint32_t bytes = dw_load4(from + i);
                at = dw_expand(at, &bytes, 1, lanes);
            }
        }
        dw_outside_words(column, inside.behind, step, words, outside);
    }
}

/* Writes an int16 lane to any address. */
DW_INLINE void dw_store_lane(char *to, int lane)
{
    const uint16_t bits = (uint16_t)lane;
    __builtin_memcpy(to, &bits, sizeof bits);
}

/* Writes `count` columns of zero points, `step` bytes apart. */
DW_INLINE char *dw_outside_columns(char *at, int count, int step, int channels, int outside)
{
    for (int x = 0; x < count; x++, at += step) {
        for (int c = 0; c < channels; c++) {
            dw_store_lane(at + 2 * c, outside);
        }
    }
    return at;
}

/* Expands a column. */
DW_INLINE void dw_inside_column(char *at, const int8_t *from, int channels, int factor)
{
    DW_UNROLLED
    for (int c = 0; c < channels; c++) {
        dw_store_lane(at + 2 * c, factor * from[c]);
    }
}

/* Expands `count` columns, all of them inside: four at a time. */
DW_INLINE char *dw_inside_columns(
    char *at, const int8_t *from, int count, int step, int channels, int factor)
{
    int x = 0;
    for (; x + 4 <= count; x += 4, at += 4 * step, from += 4 * channels) {
        dw_inside_column(at, from, channels, factor);
        dw_inside_column(at + step, from + channels, channels, factor);
        dw_inside_column(at + 2 * step, from + 2 * channels, channels, factor);
        dw_inside_column(at + 3 * step, from + 3 * channels, channels, factor);
    }
    for (; x < count; x++, at += step, from += channels) {
        dw_inside_column(at, from, channels, factor);
    }
    return at;
}

/* The same for any number of channels: inputs become lanes one by one, and lie in order. */
DW_INLINE void dw_expand_uneven_columns(uint32_t *to, const int8_t *const *rows, int channels,
    int kernel_h, int column_bytes, int first, int columns, int width, uint32_t zero_points,
    int lanes)
{
    const int factor = lanes == DW_LANES_UPPER ? 256 : lanes == DW_LANES_DOUBLED ? 2 : 1;
    const int outside = factor * (int8_t)(uint8_t)zero_points, step = column_bytes;
    const struct dw_inside_of inside = dw_inside_image(first, columns, width);
    for (int k = 0; k < kernel_h; k++) {
        char *at = (char *)to + 2 * k * channels;
        if (!rows[k]) {
            dw_outside_columns(at, columns, step, channels, outside);
            continue;
        }
        const int8_t *const from = rows[k] + inside.first * channels;
        at = dw_outside_columns(at, inside.before, step, channels, outside);
        at = dw_inside_columns(at, from, inside.count, step, channels, factor);
        dw_outside_columns(at, inside.behind, step, channels, outside);
    }
}

/* All channels of `blocks` blocks of three pixels and of `rest` more: element (p, c) goes to out[p * pixel + c *
 * channel]. `weights` are joint or narrow (int8) or wide (int16); forms are those of dw_dsp.h.
 *
 * DW_ROW_KNOWN defines such a function of a layer whose sizes are known,
 *     void name(const uint32_t *x, int8_t *out, const struct dw_dot *layer).
 * With a `step`, pixels are not interleaved: lanes of a pixel follow one another, those of the next begin `step` bytes
 * behind its own; `next` is what three steps are longer than a pixel's lanes. Of its `groups` the first `head` are
 * computed without a loop, the others in rounds of `unrolled`; for what is left of a row `head_rest` and
 * `unrolled_rest`. Weights may be `copied`: int8, which become lanes `copy` bytes behind the inputs once for a row, or
 * `joint_copied`, as they are; groups are even then. `pixel` and `channel` are the steps of outputs, channels are `odd` in number or not. */
#include "dw_dsp_dot_asm.h"
#include "dw_dsp_dot_known_asm.h"
#include "dw_dsp_dot_twin.h"

#define DW_ROWS(rest)                                                                              \
    DW_ROW(dw_row_##rest##_joint, rest, joint, scaled)                                             \
    DW_ROW(dw_row_##rest##_joint_line, rest, joint, line)                                          \
    DW_ROW(dw_row_##rest##_joint_moved, rest, joint, moved)                                        \
    DW_ROW(dw_row_##rest##_joint_held, rest, joint, held)                                          \
    DW_ROW(dw_row_##rest##_joint_signed, rest, joint, signed)                                      \
    DW_ROW(dw_row_##rest##_joint_clamped, rest, joint, clamped)                                    \
    DW_ROW(dw_row_##rest, rest, narrow, scaled)                                                    \
    DW_ROW(dw_row_##rest##_line, rest, narrow, line)                                               \
    DW_ROW(dw_row_##rest##_moved, rest, narrow, moved)                                             \
    DW_ROW(dw_row_##rest##_held, rest, narrow, held)                                               \
    DW_ROW(dw_row_##rest##_signed, rest, narrow, signed)                                           \
    DW_ROW(dw_row_##rest##_clamped, rest, narrow, clamped)                                         \
    DW_ROW(dw_row_##rest##_wide, rest, wide, scaled)                                               \
    DW_ROW(dw_row_##rest##_wide_line, rest, wide, line)                                            \
    DW_ROW(dw_row_##rest##_wide_moved, rest, wide, moved)                                          \
    DW_ROW(dw_row_##rest##_wide_held, rest, wide, held)                                            \
    DW_ROW(dw_row_##rest##_wide_signed, rest, wide, signed)                                        \
    DW_ROW(dw_row_##rest##_wide_clamped, rest, wide, clamped)
DW_ROWS(0)
DW_ROWS(1)
DW_ROWS(2)

#endif
