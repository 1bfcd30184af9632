/* SPDX-License-Identifier: Apache-2.0 */
/* SVDF: a memory that moves on, feature filters four at a time in pairs as in dw_dsp_pairs.h, and time filters. */
#ifndef DW_DSP_SVDF_H
#define DW_DSP_SVDF_H

#include "dw_dsp_narrow.h"

/* Feature filters. The stream holds for each four of them, in pairs a + 256 b, for every four inputs a word of each
 * pair for inputs 0 and 2, and one for 1 and 3; then for each of the one to three inputs left a word of four
 * weights. Where a layer is ordered a word is in front of each four: bytes that say which of them each sum is of, so
 * that -128 is not second beside a negative weight. `offsets` is added to inputs: their zero point, subtracted, in both int16 lanes. */
struct dw_svdf_filters {
    const uint32_t *stream;
    struct dw_narrow scale;
    uint32_t offsets;
    int32_t zero_point;
};

/* Time filters. Weights of an output are as many as it takes words; the last word meets the last of the memory,
 * and has 0 for what others have met. The memory's zero point is in the bias. */
struct dw_svdf_times {
    const int8_t *weights;
    const int32_t *bias;
    int32_t output_zero_point;
    int32_t multiplier;
    int32_t shift;
};
struct dw_svdf_times_int16 {
    const int16_t *weights;
    const int32_t *bias;
    int32_t output_zero_point;
    int32_t multiplier;
    int32_t shift;
};

#if DW_ASM_DSP

/* Products of both int16 lanes, added to a sum that wraps. */
DW_INLINE uint32_t dw_svdf_products(uint32_t sum, uint32_t x, uint32_t w)
{
    uint32_t found;
    __asm__("smlad %0, %1, %2, %3" : "=r"(found) : "r"(x), "r"(w), "r"(sum));
    return found;
}

/* Two words; returns where the next ones lie. */
DW_INLINE const uint32_t *dw_svdf_two_words(const uint32_t *at, uint32_t *words)
{
    __asm__("ldrd %0, %1, [%2], #8"
            : "=&r"(words[0]), "=&r"(words[1]), "+r"(at)
            : "m"(*(const uint32_t(*)[2])at));
    return at;
}

#else

DW_INLINE uint32_t dw_svdf_products(uint32_t sum, uint32_t x, uint32_t w)
{
    return sum + (uint32_t)(dw_lane(x, 0) * dw_lane(w, 0)) +
           (uint32_t)(dw_lane(x, 1) * dw_lane(w, 1));
}

DW_INLINE const uint32_t *dw_svdf_two_words(const uint32_t *at, uint32_t *words)
{
    words[0] = at[0];
    words[1] = at[1];
    return at + 2;
}

#endif

/* Moves bytes to where they lay or in front of it, or to another memory: four words at a time. */
DW_SHARED void dw_svdf_moved(void *to, const void *from, int32_t bytes)
{
    char *out = (char *)to;
    const char *in = (const char *)from;
    for (; bytes >= 16; bytes -= 16, in += 16, out += 16) {
        uint32_t a, b, c, d;
        __builtin_memcpy(&a, in, 4);
        __builtin_memcpy(&b, in + 4, 4);
        __builtin_memcpy(&c, in + 8, 4);
        __builtin_memcpy(&d, in + 12, 4);
        __builtin_memcpy(out, &a, 4);
        __builtin_memcpy(out + 4, &b, 4);
        __builtin_memcpy(out + 8, &c, 4);
        __builtin_memcpy(out + 12, &d, 4);
    }
    for (; bytes > 0; bytes--) {
        *out++ = *in++;
    }
}

/* A word's products with two inputs, added to the sums of a pair: to its first filter's, and to that of both. */
DW_INLINE void dw_svdf_pair(uint32_t *sums, uint32_t x, uint32_t word)
{
    sums[0] = dw_svdf_products(sums[0], x, dw_even_lanes(word));
    sums[1] = dw_svdf_products(sums[1], x, word);
}

/* Products of four inputs, added to the sums of two pairs; returns where the next words lie. */
DW_INLINE const uint32_t *dw_svdf_group(
    uint32_t *sums, uint32_t bytes, uint32_t offsets, const uint32_t *at)
{
    const uint32_t even = dw_add_even_lanes(offsets, bytes);
    const uint32_t odd = dw_add_odd_lanes(offsets, bytes);
    uint32_t first[2], second[2];
    at = dw_svdf_two_words(dw_svdf_two_words(at, first), second);
    dw_svdf_pair(sums, even, first[0]);
    dw_svdf_pair(sums, odd, first[1]);
    dw_svdf_pair(sums + 2, even, second[0]);
    dw_svdf_pair(sums + 2, odd, second[1]);
    return at;
}

/* Products of an input, added to the sums of four filters. */
DW_INLINE void dw_svdf_left(int32_t *sums, int32_t x, uint32_t weights)
{
    DW_UNROLLED
    for (int f = 0; f < 4; f++) {
        sums[f] += x * (int8_t)(uint8_t)(weights >> 8 * f);
    }
}

/* Sums of four feature filters; returns where the next ones lie in the stream. The second one's of a pair is parted
 * from that of both before it can reach 2^23. */
DW_INLINE const uint32_t *dw_svdf_sums(
    const int8_t *in, int inputs, uint32_t offsets, const uint32_t *at, int32_t *sums)
{
    enum { PARTED = 256 }; /* 256 * 255 * 128 < 2^23 */
    uint32_t both[4] = {0, 0, 0, 0}, second[2] = {0, 0};
    const int8_t *const end = in + inputs / 4 * 4;
    while (in != end) {
        const int8_t *const until = end - in > PARTED ? in + PARTED : end;
        both[1] = both[0];
        both[3] = both[2];
        if ((until - in) / 4 % 2) {
            goto odd; /* into the middle of the loop */
        }
        do {
            at = dw_svdf_group(both, dw_load4(in), offsets, at);
            in += 4;
        odd:
            at = dw_svdf_group(both, dw_load4(in), offsets, at);
            in += 4;
        } while (in != until);
        second[0] += (uint32_t)((int32_t)(both[1] - both[0]) >> 8);
        second[1] += (uint32_t)((int32_t)(both[3] - both[2]) >> 8);
    }
    sums[0] = (int32_t)both[0];
    sums[1] = (int32_t)second[0];
    sums[2] = (int32_t)both[2];
    sums[3] = (int32_t)second[1];
    for (int i = 0; i < inputs % 4; i++) {
        dw_svdf_left(sums, in[i] + (int16_t)(uint16_t)offsets, *at++);
    }
    return at;
}

/* Products of four int8 with four weights. */
DW_INLINE uint32_t dw_svdf_four(uint32_t sum, const int8_t *memory, const int8_t *weights)
{
    const uint32_t x = dw_load4(memory), w = dw_load4(weights);
    sum = dw_svdf_products(sum, dw_even_lanes(x), dw_even_lanes(w));
    return dw_svdf_products(sum, dw_odd_lanes(x), dw_odd_lanes(w));
}

/* Products of two int16 with two weights. */
DW_INLINE uint32_t dw_svdf_two(uint32_t sum, const int16_t *memory, const int16_t *weights)
{
    uint32_t x, w;
    __builtin_memcpy(&x, memory, sizeof x);
    __builtin_memcpy(&w, weights, sizeof w);
    return dw_svdf_products(sum, x, w);
}

#endif
