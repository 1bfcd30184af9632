/* SPDX-License-Identifier: Apache-2.0 */
/* One step of an LSTM: sums of the four gates of a unit in pairs (dw_dsp_pairs.h), its cell and hidden value. */
#ifndef DW_DSP_LSTM_H
#define DW_DSP_LSTM_H

#include "dw_dsp_narrow.h"
#include "dw_dsp_pairs.h"
#include "dw_lstm.h"

/* A layer. Its stream holds for each unit the biases of its gates, words of two pairs for every four inputs,
 * then the same for hidden values. Scales: of inputs and of hidden values by gates, forget, update, output. */
struct dw_lstm_pairs {
    const uint32_t *stream;
    const uint16_t *sigmoid;
    const struct dw_narrow *scales;
    int32_t units;
    int32_t input_groups;
    int32_t hidden_groups;
    int32_t hidden_zero_point;
    int32_t tanh_multiplier;
    int32_t tanh_shift;
    int32_t minimum;
    int32_t maximum;
};

/* Saturated to int16. */
DW_INLINE int32_t dw_lstm_rescaled(int32_t value, const struct dw_narrow *scale)
{
    return dw_saturated16(dw_doubled_scaled(value, scale));
}

/* What the functions of a unit's gates read; returns where the next unit lies in the stream. */
DW_INLINE const uint32_t *dw_lstm_gates(const struct dw_lstm_pairs *layer, const int8_t *in,
    const int8_t *hidden, const uint32_t *at, int32_t *gates)
{
    int32_t sums[4], back[4];
    __builtin_memcpy(sums, at, sizeof sums);
    dw_add_pairs_2(in, at + 4, layer->input_groups, sums);
    at += 4 + 4 * layer->input_groups;
    __builtin_memcpy(back, at, sizeof back);
    dw_add_pairs_2(hidden, at + 4, layer->hidden_groups, back);
    DW_UNROLLED
    for (int g = 0; g < 4; g++) {
        gates[g] = dw_saturated16(dw_lstm_rescaled(sums[g], layer->scales + g) +
                                  dw_lstm_rescaled(back[g], layer->scales + 4 + g));
    }
    return at + 4 + 4 * layer->hidden_groups;
}

/* Cells and hidden values of all units behind a step, the cells over those before it or elsewhere. What the step's
 * inputs and the hidden values before it lack of a multiple of four is read, and meets weights of 0: the input has it
 * in scratch; of hidden values it is the next step's or the cells', or the rest of a word that a state begins. */
DW_SHARED void dw_lstm_step(const struct dw_lstm_pairs *layer, const int8_t *in,
    const int8_t *hidden, const int16_t *before, int16_t *now, int8_t *out)
{
    const uint16_t *const table = layer->sigmoid;
    const struct dw_narrow *const products = layer->scales + 8;
    const uint32_t *at = layer->stream;
    for (int u = 0; u < layer->units; u++) {
        int32_t gates[4];
        at = dw_lstm_gates(layer, in, hidden, at, gates);
        const int32_t update =
            dw_lstm_sigmoid(gates[0], table) * dw_lstm_tanh(gates[2], 3, 0, table);
        const int32_t kept = dw_lstm_sigmoid(gates[1], table) * before[u];
        const int32_t sum =
            dw_lstm_rescaled(kept, products) + dw_lstm_rescaled(update, products + 1);
        const int32_t cell = dw_clamped(dw_saturated16(sum), layer->minimum, layer->maximum);
        now[u] = (int16_t)cell;
        const int32_t shown = dw_lstm_tanh(cell, layer->tanh_multiplier, layer->tanh_shift, table);
        const int32_t value =
            dw_doubled_scaled(shown * dw_lstm_sigmoid(gates[3], table), products + 2);
        out[u] = (int8_t)dw_saturated(value + layer->hidden_zero_point);
    }
}

#endif
