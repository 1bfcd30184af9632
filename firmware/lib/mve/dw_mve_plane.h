/* SPDX-License-Identifier: Apache-2.0 */
/* ADD and SUB of two int8 values of different scales as one plane, four elements at a time:
 * codegen/arithmetic/planes.py finds its numbers, and holds it against the operator for all pairs. */
#ifndef DW_MVE_PLANE_H
#define DW_MVE_PLANE_H

#include "dw_mve.h"

/* Outputs (a * first + b * second + offset) >> -shift, clamped; nothing of it leaves int32. */
struct dw_mve_plane {
    int32_t first;
    int32_t second;
    int32_t offset;
    int32_t minimum;
    int32_t maximum;
    int32_t shift;
};

#if DW_ASM_MVE

/* r0, r1 operands; r2 outputs; r4, r5 factors, r6 offset, r9 shift; q2, q3 the clamp. The loop's tail
 * predication leaves out what lies behind the end. */
/* clang-format off */
DW_NAKED void dw_mve_on_plane(DW_PARAMETER const int8_t *a, DW_PARAMETER const int8_t *b,
    DW_PARAMETER int8_t *out, DW_PARAMETER const struct dw_mve_plane *plane, DW_PARAMETER int count)
{
    DW_CODE(
        "push {r4-r9, lr}\n ldr r12, [sp, #28]\n ldm r3, {r4-r9}\n"
        "vdup.32 q2, r7\n vdup.32 q3, r8\n"
        "wlstp.32 lr, r12, 2f\n"
        "1:\n vldrb.s32 q0, [r0], #4\n vldrb.s32 q1, [r1], #4\n"
        "vmul.i32 q0, q0, r4\n vmla.s32 q0, q1, r5\n vadd.i32 q0, q0, r6\n vshl.s32 q0, r9\n"
        "vmax.s32 q0, q0, q2\n vmin.s32 q0, q0, q3\n vstrb.32 q0, [r2], #4\n letp lr, 1b\n"
        "2:\n pop {r4-r9, pc}\n");
}
/* clang-format on */

#else

DW_SHARED void dw_mve_on_plane(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_mve_plane *plane, int count)
{
    for (int i = 0; i < count; i++) {
        const int32_t sum = plane->offset + a[i] * plane->first + b[i] * plane->second;
        out[i] = (int8_t)dw_clamped(sum >> -plane->shift, plane->minimum, plane->maximum);
    }
}

#endif
#endif
