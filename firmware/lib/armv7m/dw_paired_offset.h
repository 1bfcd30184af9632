/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products as in dw_paired.h where weights have a zero point: all of them are int8 and a number in common, of which
 * each sum of a pixel has as many as its inputs add up to (codegen/kernels/offset.py).
 *
 * In front of the words of a tile's inputs stands what its sums begin with: of a pair that of both, the upper one's
 * 2^16-fold, and that of the upper one; of a pixel of its own its own. */
#ifndef DW_PAIRED_OFFSET_H
#define DW_PAIRED_OFFSET_H

#include "dw_paired.h"

/* Of how many words the lower halves add up within 16 bits, a multiple of four. */
enum { DW_PAIRED_ADDED = 252 };

/* Writes what sums begin with: `common` times each of so many inputs, which lie behind it. */
DW_INLINE void dw_paired_begun(uint32_t *restrict begun, int inputs, int pixels, int32_t common)
{
    const int pairs = pixels / 2, step = pairs + pixels % 2;
    const uint32_t *const words = begun + pixels;
    for (int at = 0; at < step; at++) {
        uint32_t whole = 0, upper = 0;
        for (int first = 0, end; first < inputs; first = end) {
            const uint32_t *word = words + first * step + at;
            uint32_t sum = 0;
            end = inputs - first < DW_PAIRED_ADDED ? inputs : first + DW_PAIRED_ADDED;
            int left = end - first;
            for (; left >= 4; left -= 4, word += 4 * step) {
                sum += word[0] + word[step] + word[2 * step] + word[3 * step];
            }
            for (; left > 0; left--, word += step) {
                sum += *word;
            }
            whole += sum;
            upper += (uint32_t)((int32_t)(sum + 0x8000) >> 16);
        }
        *begun++ = whole * (uint32_t)common;
        if (at < pairs) {
            *begun++ = upper * (uint32_t)common;
        }
    }
}

/* Each defines functions of so many pixels, in each form: dw_paired_offset_4_line,
 *     void (const uint32_t *begun, int8_t *out, const struct dw_streamed *layer). */
#include "dw_paired_offset_asm.h"
#include "dw_paired_offset_twin.h"

/* One of both has DW_PAIRED_OFFSET_FORM. */
#define DW_PAIRED_OFFSET(pixels)                                                                   \
    DW_PAIRED_OFFSET_FORM(pixels, line)                                                            \
    DW_PAIRED_OFFSET_FORM(pixels, signed)                                                          \
    DW_PAIRED_OFFSET_FORM(pixels, clamped)                                                         \
    DW_PAIRED_OFFSET_FORM(pixels, fitted)                                                          \
    DW_PAIRED_OFFSET_FORM(pixels, fitted_clamped)
DW_PAIRED_OFFSET(1)
DW_PAIRED_OFFSET(2)
DW_PAIRED_OFFSET(3)
DW_PAIRED_OFFSET(4)
DW_PAIRED_OFFSET(5)

#endif
