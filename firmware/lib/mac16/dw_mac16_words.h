/* SPDX-License-Identifier: Apache-2.0 */
/* Four channels as a word, in plain C: sums of bytes as two words of two lanes. */
#ifndef DW_MAC16_WORDS_H
#define DW_MAC16_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "dw_fixedpoint.h"

/* Whether words may be loaded from an address. */
DW_INLINE bool dw_mac16_is_word(const int8_t *from)
{
    return ((uintptr_t)from & 3) == 0;
}

/* Four bytes from such an address. */
DW_INLINE uint32_t dw_mac16_word(const int8_t *from)
{
    uint32_t word;
    __builtin_memcpy(&word, __builtin_assume_aligned(from, 4), sizeof word);
    return word;
}

/* Four bytes from any address. */
DW_INLINE uint32_t dw_mac16_joined(const int8_t *from)
{
    const uint32_t low = (uint32_t)(uint8_t)from[0] | (uint32_t)(uint8_t)from[1] << 8;
    return low | (uint32_t)(uint8_t)from[2] << 16 | (uint32_t)(uint8_t)from[3] << 24;
}

DW_INLINE uint32_t dw_mac16_any_word(const int8_t *from, bool is_word)
{
    return is_word ? dw_mac16_word(from) : dw_mac16_joined(from);
}

/* Four bytes of an address of words, 128 more than they are. */
DW_INLINE uint32_t dw_mac16_raised_word(const int8_t *from)
{
    return dw_mac16_word(from) ^ 0x80808080u;
}

/* Sums of four raised bytes: of all words as they are, and of bytes 1 and 3 as lanes. Up to 257 words: what byte 0 and
 * byte 2 add up to is the one, less the other times 256. */
struct dw_mac16_sums {
    uint32_t words;
    uint32_t odd;
};

DW_INLINE struct dw_mac16_sums dw_mac16_with(struct dw_mac16_sums sums, uint32_t word)
{
    sums.words += word;
    sums.odd += word >> 8 & 0x00FF00FFu;
    return sums;
}

/* Adds sums and a number to those of four channels, which begin here if they are the first. */
DW_INLINE void dw_mac16_add_sums(int32_t *to, struct dw_mac16_sums sums, int32_t number, bool first)
{
    const uint32_t even = sums.words - (sums.odd << 8);
    to[0] = (first ? 0 : to[0]) + number + (int32_t)(even & 0xFFFF);
    to[1] = (first ? 0 : to[1]) + number + (int32_t)(sums.odd & 0xFFFF);
    to[2] = (first ? 0 : to[2]) + number + (int32_t)(even >> 16);
    to[3] = (first ? 0 : to[3]) + number + (int32_t)(sums.odd >> 16);
}

/* Mean of a number of bytes from the sum of them raised, halves upward or away from zero. */
DW_INLINE int32_t dw_mac16_mean(uint32_t raised, int taps, bool halves_up)
{
    const int32_t half = taps / 2, sum = (int32_t)raised + taps * INT8_MIN;
    if (halves_up) {
        return ((int32_t)raised + half) / taps + INT8_MIN;
    }
    return sum > 0 ? (sum + half) / taps : (sum - half) / taps;
}

/* The largest of four bytes each, in the highest byte; what lies below them never makes one larger. */
struct dw_mac16_largest {
    int32_t first;
    int32_t second;
    int32_t third;
    int32_t fourth;
};

DW_INLINE struct dw_mac16_largest dw_mac16_larger(struct dw_mac16_largest than, uint32_t word)
{
    const int32_t first = (int32_t)(word << 24), second = (int32_t)(word << 16);
    const int32_t third = (int32_t)(word << 8), fourth = (int32_t)word;
    than.first = first > than.first ? first : than.first;
    than.second = second > than.second ? second : than.second;
    than.third = third > than.third ? third : than.third;
    than.fourth = fourth > than.fourth ? fourth : than.fourth;
    return than;
}

#endif
