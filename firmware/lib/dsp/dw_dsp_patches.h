/* SPDX-License-Identifier: Apache-2.0 */
/* Patches of inputs, brought together as bytes and made lanes: for CONV_2D in groups and TRANSPOSE_CONV. */
#ifndef DW_DSP_PATCHES_H
#define DW_DSP_PATCHES_H

#include <stddef.h>

#include "dw_dsp_dot.h"

/* An image and what an output sees of it: `rows` by `columns` taps, `dilation` columns apart, `run` bytes of each.
 * Pixels take `pixel` bytes; windows of outputs lie `stride` columns apart. A patch takes `inputs` bytes. */
struct dw_patch {
    int width;
    int pixel;
    int run;
    int rows;
    int columns;
    int dilation;
    int stride;
    int inputs;
};

/* Copies bytes from any address to any address. */
DW_INLINE int8_t *dw_copy_run(int8_t *restrict to, const int8_t *restrict from, int count)
{
    for (; count >= 4; count -= 4, to += 4, from += 4) {
        const uint32_t word = dw_load4(from);
        __builtin_memcpy(to, &word, sizeof word);
    }
    if (count & 2) {
        __builtin_memcpy(to, from, 2);
        to += 2, from += 2;
    }
    if (count & 1) {
        *to++ = *from;
    }
    return to;
}

/* Copies the patch that begins at column `first`, from byte `at` of each pixel on; `outside` is what lies outside of
 * the image. */
DW_INLINE void dw_copy_patch(int8_t *restrict to, const int8_t *const *rows,
    const int8_t *restrict outside, const struct dw_patch *patch, int first, int at)
{
    const int step = patch->dilation * patch->pixel,
              last = first + (patch->columns - 1) * patch->dilation;
    const int inside = first >= 0 && last < patch->width;
    const int whole = inside && patch->run == step; /* neighbours without gaps are one run */
    const int columns = whole ? 1 : patch->columns,
              run = whole ? step * patch->columns : patch->run;
    for (int ky = 0; ky < patch->rows; ky++) {
        if (rows[ky] != NULL && inside) {
            const int8_t *from = rows[ky] + first * patch->pixel + at;
            for (int kx = 0; kx < columns; kx++, from += step) {
                to = dw_copy_run(to, from, run);
            }
            continue;
        }
        for (int kx = 0, ix = first; kx < patch->columns; kx++, ix += patch->dilation) {
            const int hidden = rows[ky] == NULL || ix < 0 || ix >= patch->width;
            to = dw_copy_run(to, hidden ? outside : rows[ky] + ix * patch->pixel + at, patch->run);
        }
    }
}

/* Lanes of the patches of so many outputs, the first of which begins at column `first`: blocks of three, then what is
 * left. `bytes` has room for a block. */
#define DW_EXPAND_PATCHES(name, expand_row)                                                        \
    DW_SHARED void name(uint32_t *to, int8_t *bytes, const int8_t *const *rows,                    \
        const int8_t *outside, const struct dw_patch *patch, int first, int at, int pixels)        \
    {                                                                                              \
        const int inputs = patch->inputs;                                                          \
        for (; pixels > 0; pixels -= 3, to += 3 * inputs / 2) {                                    \
            const int block = pixels < 3 ? pixels : 3;                                             \
            for (int p = 0; p < block; p++, first += patch->stride) {                              \
                dw_copy_patch(bytes + p * inputs, rows, outside, patch, first, at);                \
            }                                                                                      \
            expand_row(to, bytes, inputs, inputs, block);                                          \
        }                                                                                          \
    }
DW_EXPAND_PATCHES(dw_expand_patches_doubled, dw_expand_row_doubled)
DW_EXPAND_PATCHES(dw_expand_patches_plain, dw_expand_row_plain)
DW_EXPAND_PATCHES(dw_expand_patches_upper, dw_expand_row_upper)

#endif
