/* SPDX-License-Identifier: Apache-2.0 */
/* SVDF: a memory that moves on, feature filters four at a time in pairs (dw_dsp_pairs.h), and time filters. */
#ifndef DW_DSP_SVDF_H
#define DW_DSP_SVDF_H

#include "dw_dsp_narrow.h"
#include "dw_dsp_pairs.h"

/* Feature filters. The stream holds for each four of them their biases, and words of two pairs for every four
 * inputs. */
struct dw_svdf_filters {
    const uint32_t *stream;
    struct dw_narrow scale;
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

#else

DW_INLINE uint32_t dw_svdf_products(uint32_t sum, uint32_t x, uint32_t w)
{
    return sum + (uint32_t)(dw_lane(x, 0) * dw_lane(w, 0)) +
           (uint32_t)(dw_lane(x, 1) * dw_lane(w, 1));
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

/* Sums of four feature filters; returns where the next ones lie in the stream. */
DW_INLINE const uint32_t *dw_svdf_sums(
    const int8_t *in, const uint32_t *at, int groups, int32_t *sums)
{
    __builtin_memcpy(sums, at, 4 * sizeof *sums);
    dw_add_pairs_2(in, at + 4, groups, sums);
    return at + 4 + 4 * groups;
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
