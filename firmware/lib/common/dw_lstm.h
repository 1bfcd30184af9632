/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of LSTM gates on int16: logistic.h and tanh.h of TensorFlow Lite's integer_ops. A table
 * has the sigmoid of i/24 in Q0.16; between its entries lie straight lines. */
#ifndef DW_LSTM_H
#define DW_LSTM_H

#include "dw_fixedpoint.h"

DW_HELPER int32_t dw_lstm_clamped(int32_t value)
{
    return dw_clamped(value, INT16_MIN, INT16_MAX);
}

/* A sum or product by its own pair of multiplier and shift, saturated to int16. */
DW_HELPER int32_t dw_lstm_scaled(int32_t value, const int32_t *scales, int number)
{
    const int32_t *const pair = scales + 2 * number;
    return dw_lstm_clamped(dw_rescale_value(value, pair[0], pair[1]));
}

/* Sigmoid of a Q3.12 in Q0.15. */
DW_HELPER int32_t dw_lstm_sigmoid(int32_t value, const uint16_t *table)
{
    const int32_t steps = 3 * (value < 0 ? -value : value), at = steps >> 9;
    int32_t found = INT32_C(0x7FFF) << 10;
    if (at < 255) {
        found = (table[at] << 9) + (steps & 511) * (table[at + 1] - table[at]);
    }
    return (value < 0 ? (INT32_C(1) << 25) - found + 511 : found + 512) >> 10;
}

/* tanh in Q0.15 of value * multiplier / 2^shift, which are steps of 1/48 with 8 bits behind the point. */
DW_HELPER int32_t dw_lstm_tanh(
    int32_t value, int32_t multiplier, int32_t shift, const uint16_t *table)
{
    const int32_t moved = (value * multiplier + ((INT32_C(1) << shift) >> 1)) >> shift;
    const int32_t steps = moved < 0 ? -moved : moved, at = steps >> 8;
    int32_t found = INT32_C(0xFFFF) << 8;
    if (at < 255) {
        found = (table[at] << 8) + (steps & 255) * (table[at + 1] - table[at]);
    }
    found -= INT32_C(1) << 23;
    return (moved < 0 ? 127 - found : found + 128) >> 8;
}

#endif
