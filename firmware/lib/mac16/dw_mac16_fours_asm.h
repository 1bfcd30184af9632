/* SPDX-License-Identifier: Apache-2.0 */
/* Four channels at a time of a 3x3 depthwise layer (dw_mac16_depthwise.h) in assembly.
 *
 * Bringing four channels of three rows to two planes:
 *     a2   plane 1                 a7-a9    steps of the rows    a13   plane 0
 *     a3   rows, then a word       a10      mask                 a15   number of columns
 *     a4-a6   pixels of the rows   a11-a12, a14   words
 * Windows have the registers of dw_mac16_depthwise_asm.h. Channels 0 and 1 are lower lanes, of planes 0 and
 * 1, channels 2 and 3 upper ones. A window is nine words in a row: a MAC loads what the next one takes, into m0 and m1
 * by turns, for MULA.DA takes no others as a factor.
 *
 * The stack holds layer (0), rows (4), channels left (8), constants (12), minimum (16), maximum (20), the
 * mask (24), and bytes from here to the other plane (28).
 */
#include "dw_asm.h"

#if DW_ASM_MAC16 && !defined(DW_MAC16_FOURS_ASM_H)
#define DW_MAC16_FOURS_ASM_H

#include "dw_mac16_depthwise_asm.h"

/* clang-format off */
/* A word of four channels as lanes of two: at `offset` of a column in both planes. */
#define DW_MAC16_WORD(word, offset) \
    "slli a3, " word ", 8\nand " word ", " word ", a10\nand a3, a3, a10\n" \
    "s32i " word ", a2, " offset "\ns32i a3, a13, " offset "\n"
#define DW_MAC16_FOUR_COLUMNS \
    "l32i a3, a1, 4\nl32i a4, a3, 0\nl32i a5, a3, 4\nl32i a6, a3, 8\n" \
    "addi a10, a4, 4\naddi a11, a5, 4\naddi a12, a6, 4\n" \
    "s32i a10, a3, 0\ns32i a11, a3, 4\ns32i a12, a3, 8\nl32i a7, a3, 12\nl32i a8, a3, 16\n" \
    "l32i a9, a3, 20\nl32i a13, a3, 24\nl32i a15, a3, 28\n" \
    "nop\nl32i a2, a3, 48\nl32i a10, a1, 24\nadd a2, a2, a13\n" \
    "loop a15, 2f\n" \
    "l32i a11, a4, 0\nl32i a12, a5, 0\nl32i a14, a6, 0\nadd a4, a4, a7\nadd a5, a5, a8\nadd a6, a6, a9\n" \
    DW_MAC16_WORD("a11", "0") DW_MAC16_WORD("a12", "4") DW_MAC16_WORD("a14", "8") \
    "addi a2, a2, 12\naddi a13, a13, 12\n" \
    "2:\n" \
    "l32i a3, a1, 4\nl32i a14, a1, 12\nmovi a13, 0\ns32i a13, a1, 28\n"
/* Nine MACs of the lower (l) or upper (h) lanes at a12. */
#define DW_MAC16_PLANE(half) \
    "ldinc m0, a12\n" \
    "mula.da." half "l.ldinc m1, a12, m0, a7\nmula.da." half "h.ldinc m0, a12, m1, a7\n" \
    "mula.da." half "l.ldinc m1, a12, m0, a8\nmula.da." half "h.ldinc m0, a12, m1, a8\n" \
    "mula.da." half "l.ldinc m1, a12, m0, a9\nmula.da." half "h.ldinc m0, a12, m1, a9\n" \
    "mula.da." half "l.ldinc m1, a12, m0, a10\nmula.da." half "h.ldinc m0, a12, m1, a10\n" \
    "mula.da." half "l m0, a11\n"
/* What a loop with a scaling leaves to the next multiple of four. */
#define DW_MAC16_EVEN_scaled "nop\n"
#define DW_MAC16_EVEN_signed "nop.n\n"
#define DW_MAC16_EVEN_clamped "nop\nnop.n\n"
/* Both planes' lanes of a half, one channel after the other. */
#define DW_MAC16_HALF(label, half, scale, even) \
    label ":\n" \
    "l32i a2, a1, 28\n" \
    DW_MAC16_WINDOWS("add a12, a12, a2\naddi a15, a15, -36\n", "", DW_MAC16_PLANE(half), scale) \
    even \
    "l32i a14, a1, 12\nl32i a3, a1, 4\nl32i a12, a1, 28\nl32i a13, a3, 48\n" \
    "sub a13, a13, a12\ns32i a13, a1, 28\nbnez a13, " label "b\n"
#define DW_MAC16_FOURS_CODE(scale, even) \
    DW_MAC16_DEPTHWISE_ENTRY \
    "movi a4, 255\nslli a4, a4, 8\nslli a5, a4, 16\nor a4, a4, a5\ns32i a4, a1, 24\n" \
    "1:\n" DW_MAC16_FOUR_COLUMNS \
    DW_MAC16_HALF("4", "l", scale, even) DW_MAC16_HALF("5", "h", scale, even) \
    "l32i a13, a1, 8\naddi a13, a13, -4\ns32i a13, a1, 8\nbeqz a13, 6f\nj 1b\n6:\nretw\n"

#define DW_MAC16_FOURS(form) \
    void dw_mac16_fours_##form(const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows) \
        __asm__("dw_mac16_fours_" #form); \
    DW_OUTER("dw_mac16_fours_" #form, \
        DW_MAC16_FOURS_CODE(DW_MAC16_SCALE_##form("a13", "a5", "a6", "a2", "a1, 16", "a1, 20"), \
            DW_MAC16_EVEN_##form));
DW_MAC16_FOURS(scaled)
DW_MAC16_FOURS(signed)
DW_MAC16_FOURS(clamped)
/* clang-format on */

#endif
