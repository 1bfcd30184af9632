/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise layers with weights of int16 for Helium (dw_mve_depthwise_wide.h) in assembly: registers are those of
 * dw_mve_depthwise_asm.h. Inputs are widened to int16, even ones and odd ones apart: sums are in the order there. */
#include "dw_asm.h"

#if DW_ASM_MVE && !defined(DW_MVE_DEPTHWISE_WIDE_ASM_H)
#define DW_MVE_DEPTHWISE_WIDE_ASM_H

#include "dw_mve_depthwise_asm.h"

/* clang-format off */
/* A tap: products of even bytes, then of odd ones, each widened to words by two multiplications. */
#define DW_MVE_WIDE_TAP(load, address) \
    load(address) "vmovlb.s8 q1, q0\n vldrh.u16 q2, [r4], #16\n" \
    "vmullb.s16 q3, q1, q2\n vadd.i32 q4, q4, q3\n vmullt.s16 q3, q1, q2\n vadd.i32 q6, q6, q3\n" \
    "vmovlt.s8 q1, q0\n vldrh.u16 q2, [r4], #16\n" \
    "vmullb.s16 q3, q1, q2\n vadd.i32 q5, q5, q3\n vmullt.s16 q3, q1, q2\n vadd.i32 q7, q7, q3\n"
#define DW_MVE_WIDE_SUM(load) \
    "wls lr, r6, 3f\n" \
    "2:\n ldrd r8, r9, [r10], #8\n add r8, r8, r2\n add r9, r9, r2\n" \
    DW_MVE_WIDE_TAP(load, r8) DW_MVE_WIDE_TAP(load, r9) "le lr, 2b\n" \
    "3:\n cbz r7, 4f\n ldr r8, [r10]\n add r8, r8, r2\n" DW_MVE_WIDE_TAP(load, r8) "4:\n"
#define DW_MVE_WIDE_CODE(scale, begin, left, end) \
    "push {r4-r11, lr}\n vpush {d8-d15}\n ldrd r5, r7, [sp, #100]\n lsr r6, r7, #1\n and r7, r7, #1\n" \
    "mov r11, r3\n ldrd r4, r3, [r11]\n ldr r12, [r11, #12]\n" \
    "1:\n" begin "mov r10, r1\n vctp.8 r5\n cmp r5, #16\n blt 5f\n" \
    DW_MVE_WIDE_SUM(DW_MVE_WHOLE) "b 6f\n" \
    "5:\n" DW_MVE_WIDE_SUM(DW_MVE_PART) \
    "6:\n" left DW_MVE_TAPS_SCALED(scale, q4) DW_MVE_TAPS_SCALED(scale, q5) \
    DW_MVE_TAPS_SCALED(scale, q6) DW_MVE_TAPS_SCALED(scale, q7) \
    end "vctp.8 r5\n vpst\n vstrbt.8 q4, [r0], #16\n" \
    "add r3, r3, #64\n add r2, r2, #16\n subs r5, r5, #16\n bgt 1b\n" \
    "vpop {d8-d15}\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_MVE_WIDE_TAPS(suffix, form)                                                             \
    DW_NAKED void dw_mve_wide_taps##suffix(DW_PARAMETER int8_t *out,                               \
        DW_PARAMETER const int8_t *const *taps, DW_PARAMETER int offset,                           \
        DW_PARAMETER const struct dw_mve_wide *layer, DW_PARAMETER int channels,                   \
        DW_PARAMETER int tap_count)                                                                \
    {                                                                                              \
        DW_CODE(DW_MVE_WIDE_CODE(DW_MVE_TAPS_SCALE_##form, DW_MVE_TAPS_BEGIN_##form,               \
            DW_MVE_TAPS_LEFT_##form, DW_MVE_TAPS_END_##form));                                     \
    }

#endif
