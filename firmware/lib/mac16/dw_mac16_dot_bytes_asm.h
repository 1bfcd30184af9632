/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products with weights as bytes (dw_mac16_dot.h) in assembly, as those of dw_mac16_dot_asm.h.
 *
 *     a2   layer                   a7   channels left     a11  multiplier
 *     a3   constants, weights      a8   inputs            a12  offset
 *     a4   fours                   a9   lanes of weights  a13  sum, weights
 *     a5   channels                a10  bias              a14  outputs
 *     a6   end of the inputs                              a15  scratch
 *
 * Of one pixel, weights are lanes in a10 and a13, and the mask is in a6. The stack holds inputs (0), the first
 * output (4), the word before the lanes of weights (8) and the mask (12).
 */
#include "dw_asm.h"

#if DW_ASM_MAC16 && !defined(DW_MAC16_DOT_BYTES_ASM_H)
#define DW_MAC16_DOT_BYTES_ASM_H

#include "dw_mac16_scale_asm.h"

/* clang-format off */
#define DW_MAC16_MASK(mask, t) \
    "movi " mask ", 255\nslli " mask ", " mask ", 8\nslli " t ", " mask ", 16\nor " mask ", " mask ", " t "\n"
#define DW_MAC16_CHANNEL \
    "l32i a10, a3, 0\nl32i a11, a3, 4\nl32i a12, a3, 8\nl32i a13, a3, 12\nssr a13\n"
#define DW_MAC16_KEPT_CODE(scale) \
    "entry a1, 64\n" \
    "l32i a6, a3, 4\nl32i a8, a3, 8\ns32i a8, a1, 4\nl32i a8, a3, 0\ns32i a8, a1, 0\naddi a4, a4, -4\ns32i a4, a1, 8\n" \
    DW_MAC16_MASK("a8", "a9") "s32i a8, a1, 12\n" \
    "l32i a3, a2, 0\nl32i a7, a2, 4\nl32i a4, a2, 8\nmov a5, a7\n" \
    "1:\n" DW_MAC16_CHANNEL \
    "nop.n\nl32i a9, a1, 8\nl32i a15, a1, 12\naddi a3, a3, 16\n" \
    "loop a4, 4f\n" \
    "l32i a13, a3, 0\naddi a3, a3, 4\nslli a14, a13, 8\nand a13, a13, a15\nand a14, a14, a15\n" \
    "s32i a13, a9, 8\ns32i a14, a9, 4\naddi a9, a9, 8\n" \
    "4:\n" \
    "l32i a8, a1, 0\nl32i a14, a1, 4\naddi a15, a14, 1\ns32i a15, a1, 4\n" \
    "addi a8, a8, -4\nldinc m0, a8\nnop.n\n" \
    "2:\n" \
    "wsr a10, acclo\nl32i a9, a1, 8\nldinc m2, a9\nloop a4, 3f\n" \
    "mula.dd.ll.ldinc m1, a8, m0, m2\nmula.dd.hh.ldinc m3, a9, m0, m2\n" \
    "mula.dd.ll.ldinc m0, a8, m1, m3\nmula.dd.hh.ldinc m2, a9, m1, m3\n" \
    "3:\n" \
    "rsr a13, acclo\n" scale "s8i a13, a14, 0\nadd a14, a14, a5\nbne a8, a6, 2b\n" \
    "addi a7, a7, -1\nbnez a7, 1b\nretw\n"
#define DW_MAC16_ONCE_CODE(scale) \
    "entry a1, 64\n" \
    "l32i a5, a3, 0\nl32i a14, a3, 8\n" DW_MAC16_MASK("a6", "a9") \
    "l32i a3, a2, 0\nl32i a7, a2, 4\nl32i a4, a2, 8\n" \
    "1:\n" DW_MAC16_CHANNEL \
    "addi a3, a3, 16\nwsr a10, acclo\naddi a8, a5, -4\nldinc m0, a8\n" \
    "loop a4, 3f\n" \
    "l32i a13, a3, 0\naddi a3, a3, 4\nslli a10, a13, 8\nand a13, a13, a6\nand a10, a10, a6\n" \
    "mula.da.ll.ldinc m1, a8, m0, a10\nmula.da.hh m0, a10\n" \
    "mula.da.ll.ldinc m0, a8, m1, a13\nmula.da.hh m1, a13\n" \
    "3:\n" \
    "rsr a13, acclo\n" scale "s8i a13, a14, 0\naddi a14, a14, 1\n" \
    "addi a7, a7, -1\nbnez a7, 1b\nretw\n"

#define DW_MAC16_BYTES(form) \
    void dw_mac16_kept_##form(const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels, \
        uint32_t *weights) __asm__("dw_mac16_kept_" #form); \
    DW_OUTER("dw_mac16_kept_" #form, \
        DW_MAC16_KEPT_CODE(DW_MAC16_SCALE_##form("a13", "a11", "a12", "a15", "a2, 12", "a2, 16"))); \
    void dw_mac16_once_##form(const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels) \
        __asm__("dw_mac16_once_" #form); \
    DW_OUTER("dw_mac16_once_" #form, \
        DW_MAC16_ONCE_CODE(DW_MAC16_SCALE_##form("a13", "a11", "a12", "a15", "a2, 12", "a2, 16")));
DW_MAC16_BYTES(scaled)
DW_MAC16_BYTES(signed)
DW_MAC16_BYTES(clamped)
/* clang-format on */

#endif
