/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise layers for Helium (dw_mve_depthwise.h) in assembly.
 *
 *     r0   outputs                      r6    pairs of taps
 *     r1   addresses of the taps        r7    1 if a single tap is left
 *     r2   offset of these channels     r8 r9 where two taps are read
 *     r3   biases, scales of a block    r10   addresses of the next taps
 *     r4   weights                      r11   the layer
 *     r5   channels left                r12   zero point
 *
 * q4, q5, q6, q7 hold sums of channels by their number modulo four; q0 to q3 bytes and products.
 */
#include "dw_asm.h"

#if DW_ASM_MVE && !defined(DW_MVE_DEPTHWISE_ASM_H)
#define DW_MVE_DEPTHWISE_ASM_H

/* clang-format off */
/* q2 and q3 are products of even and of odd bytes; the first tap's, then both added. The second
 * weights are loaded twice since all eight vectors are taken. */
#define DW_MVE_WHOLE(address) "vldrb.8 q0, [" #address "]\n"
#define DW_MVE_PART(address) "vpst\n vldrbt.8 q0, [" #address "]\n"
#define DW_MVE_FIRST(load, step) \
    load(r8) "vldrb.8 q1, [r4], #" #step "\n vmullb.s8 q2, q0, q1\n vmullt.s8 q3, q0, q1\n"
#define DW_MVE_SECOND(load) \
    load(r9) "vldrb.8 q1, [r4, #-16]\n vmullb.s8 q1, q0, q1\n vadd.i16 q2, q2, q1\n" \
    "vldrb.8 q1, [r4, #-16]\n vmullt.s8 q0, q0, q1\n vadd.i16 q3, q3, q0\n"
#define DW_MVE_WIDEN \
    "vmovlb.s16 q0, q2\n vmovlt.s16 q1, q2\n vadd.i32 q4, q4, q0\n" \
    "vmovlb.s16 q2, q3\n vadd.i32 q6, q6, q1\n vmovlt.s16 q3, q3\n" \
    "vadd.i32 q5, q5, q2\n vadd.i32 q7, q7, q3\n"
#define DW_MVE_SUM(load) \
    "wls lr, r6, 3f\n" \
    "2:\n ldrd r8, r9, [r10], #8\n add r8, r8, r2\n add r9, r9, r2\n" \
    DW_MVE_FIRST(load, 32) DW_MVE_SECOND(load) DW_MVE_WIDEN "le lr, 2b\n" \
    "3:\n cbz r7, 4f\n ldr r8, [r10]\n add r8, r8, r2\n" DW_MVE_FIRST(load, 16) DW_MVE_WIDEN "4:\n"
#define DW_MVE_TAPS_SCALED(scale, sums) \
    "vldrw.32 q0, [r3], #16\n vldrw.32 q1, [r3, #48]\n" scale(sums, q0, q1, q2)
#define DW_MVE_TAPS_SCALE_plain DW_MVE_SCALE
#define DW_MVE_TAPS_SCALE_signed DW_MVE_SCALE_SIGNED
#define DW_MVE_TAPS_SCALE_left DW_MVE_SCALE_SIGNED
#define DW_MVE_TAPS_SCALE_line(sums, biases, multipliers, free) DW_MVE_ON_LINE(sums, biases, multipliers, r12)
/* Shifts to the left, if there are any, lie in front of the multipliers. */
#define DW_MVE_TAPS_LEFT_plain ""
#define DW_MVE_TAPS_LEFT_signed ""
#define DW_MVE_TAPS_LEFT_line ""
#define DW_MVE_TAPS_LEFT_OF(sums) "vldrw.32 q0, [r3], #16\n vshl.s32 " #sums ", " #sums ", q0\n"
#define DW_MVE_TAPS_LEFT_left \
    DW_MVE_TAPS_LEFT_OF(q4) DW_MVE_TAPS_LEFT_OF(q5) DW_MVE_TAPS_LEFT_OF(q6) DW_MVE_TAPS_LEFT_OF(q7)
/* Sums begin with their biases, or with 0; in the end they are narrowed to bytes in q4. */
#define DW_MVE_TAPS_BEGIN_plain \
    "vldrw.32 q4, [r3], #16\n vldrw.32 q5, [r3], #16\n vldrw.32 q6, [r3], #16\n vldrw.32 q7, [r3], #16\n"
#define DW_MVE_TAPS_BEGIN_signed DW_MVE_TAPS_BEGIN_plain
#define DW_MVE_TAPS_BEGIN_left DW_MVE_TAPS_BEGIN_plain
#define DW_MVE_TAPS_BEGIN_line "mov r12, #256\n vmov.i32 q4, #0\n vmov.i32 q5, #0\n vmov.i32 q6, #0\n vmov.i32 q7, #0\n"
#define DW_MVE_TAPS_END_plain \
    "vqmovnb.s32 q4, q4\n vqmovnt.s32 q4, q6\n vqadd.s16 q4, q4, r12\n" \
    "vqmovnb.s32 q5, q5\n vqmovnt.s32 q5, q7\n vqadd.s16 q5, q5, r12\n" \
    "vqmovnb.s16 q4, q4\n vqmovnt.s16 q4, q5\n" \
    "ldrd r8, r9, [r11, #16]\n vdup.8 q0, r8\n vdup.8 q1, r9\n vmax.s8 q4, q4, q0\n vmin.s8 q4, q4, q1\n"
#define DW_MVE_TAPS_END_signed DW_MVE_TAPS_END_plain
#define DW_MVE_TAPS_END_left DW_MVE_TAPS_END_plain
#define DW_MVE_TAPS_END_line \
    "vqmovnb.s32 q4, q4\n vqmovnt.s32 q4, q6\n vqmovnb.s32 q5, q5\n vqmovnt.s32 q5, q7\n" \
    "vqmovnb.s16 q4, q4\n vqmovnt.s16 q4, q5\n"
#define DW_MVE_TAPS_CODE(scale, begin, left, end) \
    "push {r4-r11, lr}\n vpush {d8-d15}\n ldrd r5, r7, [sp, #100]\n lsr r6, r7, #1\n and r7, r7, #1\n" \
    "mov r11, r3\n ldrd r4, r3, [r11]\n ldr r12, [r11, #12]\n" \
    "1:\n" begin "mov r10, r1\n vctp.8 r5\n cmp r5, #16\n blt 5f\n" \
    DW_MVE_SUM(DW_MVE_WHOLE) "b 6f\n" \
    "5:\n" DW_MVE_SUM(DW_MVE_PART) \
    "6:\n" left DW_MVE_TAPS_SCALED(scale, q4) DW_MVE_TAPS_SCALED(scale, q5) \
    DW_MVE_TAPS_SCALED(scale, q6) DW_MVE_TAPS_SCALED(scale, q7) \
    end "vctp.8 r5\n vpst\n vstrbt.8 q4, [r0], #16\n" \
    "add r3, r3, #64\n add r2, r2, #16\n subs r5, r5, #16\n bgt 1b\n" \
    "vpop {d8-d15}\n pop {r4-r11, pc}\n"
/* clang-format on */

#define DW_MVE_TAPS(suffix, form)                                                                  \
    DW_NAKED void dw_mve_taps##suffix(DW_PARAMETER int8_t *out,                                    \
        DW_PARAMETER const int8_t *const *taps, DW_PARAMETER int offset,                           \
        DW_PARAMETER const struct dw_mve_depthwise *layer, DW_PARAMETER int channels,              \
        DW_PARAMETER int tap_count)                                                                \
    {                                                                                              \
        DW_CODE(DW_MVE_TAPS_CODE(DW_MVE_TAPS_SCALE_##form, DW_MVE_TAPS_BEGIN_##form,               \
            DW_MVE_TAPS_LEFT_##form, DW_MVE_TAPS_END_##form));                                     \
    }

#endif
