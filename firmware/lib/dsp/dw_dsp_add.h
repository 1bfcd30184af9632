/* SPDX-License-Identifier: Apache-2.0 */
/* ADD of two int8 values of different scales, doubled sums throughout: see dw_fixedpoint.h for what
 * it agrees with, docs/reference/kernels.md for the proof. */
#ifndef DW_DSP_ADD_H
#define DW_DSP_ADD_H

#include "dw_dsp.h"

/* An operand: its zero point, 21 bits up, and how it is scaled; `offset` is half a unit. */
struct dw_operand {
    int32_t zero_point21;
    struct dw_scale scale;
};

struct dw_sum {
    struct dw_operand first;
    struct dw_operand second;
    struct dw_scale scale;
    int32_t minimum;
    int32_t maximum;
};

/* What is known when the C is written: whether the operands' shifts are not 0, so that halves are
 * rounded away from zero, and whether the clamp is all of int8. */
struct dw_sum_form {
    int first_shifted;
    int second_shifted;
    int full;
};

/* Keeps the compiler from computing these together with what follows: it has too few registers. */
#define DW_APART(a, b, c, d) __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d))

DW_INLINE int32_t dw_brought_up(int8_t value, struct dw_operand operand, int shifted)
{
    const int32_t doubled = dw_shift_left(value, 21) - operand.zero_point21;
    const int32_t product = dw_high_multiply(doubled, operand.scale.multiplier);
    return shifted ? (product + (product >> 31) + operand.scale.offset) >> operand.scale.shift
                   : product;
}

DW_INLINE int8_t dw_added(int32_t sum, const struct dw_sum *layer, int full)
{
    return full ? dw_scaled_signed(2 * sum, layer->scale)
                : dw_scaled_clamped(2 * sum, layer->scale, layer->minimum, layer->maximum);
}

/* Four elements. */
DW_INLINE void dw_add4(const int8_t *a, const int8_t *b, int8_t *out, const struct dw_sum *layer,
    struct dw_sum_form form)
{
    int32_t s0 = dw_brought_up(a[0], layer->first, form.first_shifted);
    int32_t s1 = dw_brought_up(a[1], layer->first, form.first_shifted);
    int32_t s2 = dw_brought_up(a[2], layer->first, form.first_shifted);
    int32_t s3 = dw_brought_up(a[3], layer->first, form.first_shifted);
    DW_APART(s0, s1, s2, s3);
    s0 += dw_brought_up(b[0], layer->second, form.second_shifted);
    s1 += dw_brought_up(b[1], layer->second, form.second_shifted);
    s2 += dw_brought_up(b[2], layer->second, form.second_shifted);
    s3 += dw_brought_up(b[3], layer->second, form.second_shifted);
    DW_APART(s0, s1, s2, s3);
    out[0] = dw_added(s0, layer, form.full);
    out[1] = dw_added(s1, layer, form.full);
    out[2] = dw_added(s2, layer, form.full);
    out[3] = dw_added(s3, layer, form.full);
}

DW_INLINE void dw_add1(const int8_t *a, const int8_t *b, int8_t *out, const struct dw_sum *layer,
    struct dw_sum_form form)
{
    const int32_t sum = dw_brought_up(*a, layer->first, form.first_shifted) +
                        dw_brought_up(*b, layer->second, form.second_shifted);
    *out = dw_added(sum, layer, form.full);
}

#endif
