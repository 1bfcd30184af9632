/* SPDX-License-Identifier: Apache-2.0 */
/* ADD, four elements at a time. */
#ifndef DW_MVE_ADD_H
#define DW_MVE_ADD_H

#include "dw_mve.h"

/* A sum of two tensors of different quantizations; right shifts are negative numbers. */
struct dw_mve_sum {
    int32_t input1_zero_point;
    int32_t input1_multiplier;
    int32_t input1_shift;
    int32_t input2_zero_point;
    int32_t input2_multiplier;
    int32_t input2_shift;
    int32_t output_zero_point;
    int32_t output_multiplier;
    int32_t output_shift;
    int32_t minimum;
    int32_t maximum;
};

#if DW_ASM_MVE

/* r0, r1 operands; r2 sums; r4 r5, r6 r7 zero point and multiplier of the operands, r8 r9 of the sum;
 * q3, q4 the clamp; q5, q6, q7 shifts. The loop's tail predication leaves out what lies behind the end. */
/* clang-format off */
#define DW_MVE_RAISED(q, zero_point, multiplier, shift) \
    "vsub.i32 " #q ", " #q ", " #zero_point "\n vshl.i32 " #q ", " #q ", #20\n" \
    DW_MVE_SCALE_SIGNED(q, multiplier, shift, q2)

DW_NAKED void dw_mve_add(DW_PARAMETER const int8_t *a, DW_PARAMETER const int8_t *b,
    DW_PARAMETER int8_t *out, DW_PARAMETER const struct dw_mve_sum *layer, DW_PARAMETER int count)
{
    DW_CODE(
        "push {r4-r10, lr}\n ldr r12, [sp, #32]\n vpush {d8-d15}\n"
        "ldm r3!, {r4, r5}\n ldr r10, [r3], #4\n vdup.32 q5, r10\n"
        "ldm r3!, {r6, r7}\n ldr r10, [r3], #4\n vdup.32 q6, r10\n"
        "ldm r3!, {r8, r9}\n ldr r10, [r3], #4\n vdup.32 q7, r10\n"
        "ldrd r3, r10, [r3]\n vdup.32 q3, r3\n vdup.32 q4, r10\n"
        "wlstp.32 lr, r12, 2f\n"
        "1:\n vldrb.s32 q0, [r0], #4\n vldrb.s32 q1, [r1], #4\n"
        DW_MVE_RAISED(q0, r4, r5, q5) DW_MVE_RAISED(q1, r6, r7, q6) "vadd.i32 q0, q0, q1\n"
        DW_MVE_SCALE_SIGNED(q0, r9, q7, q2)
        "vqadd.s32 q0, q0, r8\n vmax.s32 q0, q0, q3\n vmin.s32 q0, q0, q4\n"
        "vstrb.32 q0, [r2], #4\n letp lr, 1b\n"
        "2:\n vpop {d8-d15}\n pop {r4-r10, pc}\n");
}
/* clang-format on */

#else

DW_SHARED void dw_mve_add(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_sum *layer, int count)
{
    for (int i = 0; i < count; i++) {
        const int32_t p = dw_shift_left(a[i] - layer->input1_zero_point, 20);
        const int32_t q = dw_shift_left(b[i] - layer->input2_zero_point, 20);
        const int32_t sum = dw_mve_scaled(p, layer->input1_multiplier, layer->input1_shift, 1) +
                            dw_mve_scaled(q, layer->input2_multiplier, layer->input2_shift, 1);
        const int32_t scaled = dw_mve_scaled(sum, layer->output_multiplier, layer->output_shift, 1);
        out[i] = dw_output(scaled, layer->output_zero_point, layer->minimum, layer->maximum);
    }
}

#endif
#endif
