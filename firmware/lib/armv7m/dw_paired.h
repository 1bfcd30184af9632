/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of up to five pixels side by side, two of them in one product of 32 bits.
 *
 * A word u = x + y * 2^16 holds inputs of two pixels, and u * w both of their products. Products of a group of
 * four inputs, or of two, are added as words: as long as the weights of a group are at most 255 in sum, neither
 * pixel's part leaves 16 bits, which codegen/kernels/armv7m/groups.py sees to. A group begins at 2^15, so that
 * its lower half is not negative and its upper half, a shift, is exact; sums of whole groups and of upper halves
 * are all that is kept. Where no group's upper half is taken off the sum of the whole ones, what is left are the
 * lower ones.
 *
 * A channel's part of the stream: runs of weights, words of a multiplier, a bias and what sums of a
 * pair have too much, and where it is not on a line of a shift, or of an offset and packed numbers. A run is a number n, n groups of four
 * weights, and two groups of two. What groups begin at counts them down: (n - 1) * 2^16 + 2^15 and so on. So
 * lower sums have 2^15 too much for each group, upper ones all counts; the former, of which only what is left
 * of 32 bits is asked for, and the latter are parts of one word, lower and upper. */
#ifndef DW_PAIRED_H
#define DW_PAIRED_H

#include "dw_armv7m.h"

/* Words of an input of so many pixels: pairs, then one of its own. */
DW_INLINE uint32_t dw_paired_word(const int8_t *low, const int8_t *high, int at)
{
    return (uint32_t)low[at] + ((uint32_t)high[at] << 16);
}

/* Each writes `count` inputs of pixels that lie at `from`; returns what is behind them. */
DW_SHARED uint32_t *dw_packed_1(uint32_t *to, const int8_t *const *from, int count)
{
    const int8_t *const a = from[0];
    for (int i = 0; i < count; i++) {
        *to++ = (uint32_t)a[i];
    }
    return to;
}

DW_SHARED uint32_t *dw_packed_2(uint32_t *to, const int8_t *const *from, int count)
{
    const int8_t *const a = from[0], *const b = from[1];
    for (int i = 0; i < count; i++) {
        *to++ = dw_paired_word(a, b, i);
    }
    return to;
}

DW_SHARED uint32_t *dw_packed_3(uint32_t *to, const int8_t *const *from, int count)
{
    const int8_t *const a = from[0], *const b = from[1], *const c = from[2];
    for (int i = 0; i < count; i++, to += 2) {
        to[0] = dw_paired_word(a, b, i);
        to[1] = (uint32_t)c[i];
    }
    return to;
}

DW_SHARED uint32_t *dw_packed_4(uint32_t *to, const int8_t *const *from, int count)
{
    const int8_t *const a = from[0], *const b = from[1], *const c = from[2], *const d = from[3];
    for (int i = 0; i < count; i++, to += 2) {
        to[0] = dw_paired_word(a, b, i);
        to[1] = dw_paired_word(c, d, i);
    }
    return to;
}

DW_SHARED uint32_t *dw_packed_5(uint32_t *to, const int8_t *const *from, int count)
{
    const int8_t *const a = from[0], *const b = from[1], *const c = from[2], *const d = from[3];
    const int8_t *const e = from[4];
    for (int i = 0; i < count; i++, to += 3) {
        to[0] = dw_paired_word(a, b, i);
        to[1] = dw_paired_word(c, d, i);
        to[2] = (uint32_t)e[i];
    }
    return to;
}

/* Each defines functions of so many pixels, in each form: dw_paired_4_line,
 *     void (const uint32_t *words, int8_t *out, const struct dw_streamed *layer). */
#include "dw_paired_asm.h"
#include "dw_paired_twin.h"

/* One of both has DW_PAIRED_FORM. */
#define DW_PAIRED(pixels)                                                                          \
    DW_PAIRED_FORM(pixels, line)                                                                   \
    DW_PAIRED_FORM(pixels, signed)                                                                 \
    DW_PAIRED_FORM(pixels, clamped)                                                                \
    DW_PAIRED_FORM(pixels, fitted)                                                                 \
    DW_PAIRED_FORM(pixels, fitted_clamped)
DW_PAIRED(1)
DW_PAIRED(2)
DW_PAIRED(3)
DW_PAIRED(4)
DW_PAIRED(5)

#endif
