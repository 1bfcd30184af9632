/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of dot products (dw_mac16_dot.h) in assembly.
 *
 *     a2   layer                   a7   channels left     a11  multiplier
 *     a3   constants, weights      a8   inputs            a12  offset
 *     a4   fours                   a9   weights           a13  sum
 *     a5   channels                a10  bias              a14  outputs
 *     a6   end of the inputs                              a15  scratch
 *
 * LDINC adds 4 to a pointer, then loads: pointers begin a word early, and a word behind the last is read: the
 * next pixel's first, which is needed, and behind the weights the next channel's bias.
 * The stack holds pixels (0) and first output (4).
 */
#include "dw_asm.h"

#if DW_ASM_MAC16 && !defined(DW_MAC16_DOT_ASM_H)
#define DW_MAC16_DOT_ASM_H

#include "dw_mac16_scale_asm.h"

/* clang-format off */
#define DW_MAC16_DOTS_CODE(scale) \
    "entry a1, 64\n" \
    "l32i a6, a3, 4\nl32i a8, a3, 8\ns32i a3, a1, 0\ns32i a8, a1, 4\n" \
    "l32i a3, a2, 0\nl32i a7, a2, 4\nl32i a4, a2, 8\nmov a5, a7\n" \
    "1:\n" \
    "l32i a8, a1, 0\nl32i a14, a1, 4\nl32i a8, a8, 0\n" \
    "l32i a10, a3, 0\nl32i a11, a3, 4\nl32i a12, a3, 8\nl32i a13, a3, 12\n" \
    "ssr a13\naddi a3, a3, 12\naddi a8, a8, -4\naddi a15, a14, 1\ns32i a15, a1, 4\n" \
    "ldinc m0, a8\nnop.n\n" \
    "2:\n" \
    "wsr a10, acclo\nmov a9, a3\nldinc m2, a9\nloop a4, 3f\n" \
    "mula.dd.ll.ldinc m1, a8, m0, m2\nmula.dd.hh.ldinc m3, a9, m0, m2\n" \
    "mula.dd.ll.ldinc m0, a8, m1, m3\nmula.dd.hh.ldinc m2, a9, m1, m3\n" \
    "3:\n" \
    "rsr a13, acclo\n" scale "s8i a13, a14, 0\nadd a14, a14, a5\nbne a8, a6, 2b\n" \
    "mov a3, a9\naddi a7, a7, -1\nbnez a7, 1b\nretw\n"

#define DW_MAC16_DOTS(form) \
    void dw_mac16_dots_##form(const struct dw_mac16_dot *layer, const struct dw_mac16_pixels *pixels) \
        __asm__("dw_mac16_dots_" #form); \
    DW_OUTER("dw_mac16_dots_" #form, \
        DW_MAC16_DOTS_CODE(DW_MAC16_SCALE_##form("a13", "a11", "a12", "a15", "a2, 12", "a2, 16")));
DW_MAC16_DOTS(scaled)
DW_MAC16_DOTS(signed)
DW_MAC16_DOTS(clamped)
/* clang-format on */

#endif
