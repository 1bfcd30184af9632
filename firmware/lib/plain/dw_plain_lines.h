/* SPDX-License-Identifier: Apache-2.0 */
/* From sums to int8 outputs by two products of 32 bits, where no instruction gives the upper half of one:
 * layers of which it was proved for every sum that this is what TensorFlow Lite's roundings give
 * (codegen/arithmetic/two_products.py). Sums have no bias: it is in the offset.
 */
#ifndef DW_PLAIN_LINES_H
#define DW_PLAIN_LINES_H

#include <stdint.h>

#include "dw_plain.h"

/* CONV_2D and FULLY_CONNECTED with weights [channels][inputs], DEPTHWISE_CONV_2D with weights
 * [taps][channels]. `lines` are two words a channel: the offset; m1 as its upper half, m0, which has a
 * sign, as its lower one. `outside` is a run of zero points: what lies outside of the image. */
struct dw_lined {
    const int8_t *weights;
    const int32_t *lines;
    int32_t high;
    int32_t low;
    const int8_t *outside;
    int32_t channels;
    int32_t inputs;
};

/* (sum * m1 + ((sum * m0) >> low) + offset) >> high, clamped. What is shifted last fits into 32 bits, what it
 * is added up from need not. */
DW_INLINE int8_t dw_lined_sum(int32_t sum, const int32_t *line, const struct dw_lined *data)
{
    const uint32_t factors = (uint32_t)line[1];
    const int32_t small = (sum * (int16_t)(uint16_t)factors) >> data->low;
    const uint32_t value = (uint32_t)sum * (factors >> 16) + (uint32_t)small + (uint32_t)line[0];
    return dw_narrowed((int32_t)value >> data->high);
}

#endif
