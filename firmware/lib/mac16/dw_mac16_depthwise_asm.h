/* SPDX-License-Identifier: Apache-2.0 */
/* Channels of a 3x3 depthwise layer (dw_mac16_depthwise.h) in assembly.
 *
 * Bringing a channel of three rows to columns:
 *     a3   rows                    a7-a9    steps of the rows    a13   columns
 *     a4-a6   bytes of the rows    a10-a12  bytes                a15   number of columns
 * Windows:
 *     a2   scratch                 a5   multiplier         a12   columns      a15   advance, less a window
 *     a3   channels                a6   offset             a13   sum
 *     a4   bias                    a7-a11   weights        a14   outputs
 *
 * The stack holds layer (0), rows (4), channels left (8), constants (12), minimum (16) and maximum (20).
 */
#include "dw_asm.h"

#if DW_ASM_MAC16 && !defined(DW_MAC16_DEPTHWISE_ASM_H)
#define DW_MAC16_DEPTHWISE_ASM_H

#include "dw_mac16_scale_asm.h"

/* clang-format off */
#define DW_MAC16_COLUMNS \
    "l32i a3, a1, 4\nl32i a4, a3, 0\nl32i a5, a3, 4\nl32i a6, a3, 8\n" \
    "addi a10, a4, 1\naddi a11, a5, 1\naddi a12, a6, 1\n" \
    "s32i a10, a3, 0\ns32i a11, a3, 4\ns32i a12, a3, 8\nl32i a7, a3, 12\nl32i a8, a3, 16\n" \
    "nop\nl32i a9, a3, 20\nl32i a13, a3, 24\nl32i a15, a3, 28\n" \
    "loop a15, 2f\n" \
    "l8ui a10, a4, 0\nl8ui a11, a5, 0\nl8ui a12, a6, 0\nadd a4, a4, a7\nadd a5, a5, a8\nadd a6, a6, a9\n" \
    "s8i a10, a13, 1\ns8i a11, a13, 3\ns8i a12, a13, 5\naddi a13, a13, 8\n" \
    "2:\n"
/* Outputs of the channel whose constants are at a14, rows at a3. `begin` sets a12 and a15 right, `even` the address. */
#define DW_MAC16_WINDOWS(begin, even, window, scale) \
    "l32i a4, a14, 0\nl32i a5, a14, 4\nl32i a6, a14, 8\nl32i a13, a14, 12\nssr a13\n" \
    "l32i a7, a14, 16\nl32i a8, a14, 20\nl32i a9, a14, 24\nl32i a10, a14, 28\nl32i a11, a14, 32\n" \
    "addi a14, a14, 36\ns32i a14, a1, 12\nl32i a12, a3, 32\nl32i a13, a3, 36\nl32i a14, a3, 40\n" \
    "addi a15, a14, 1\ns32i a15, a3, 40\nl32i a15, a3, 44\n" begin even \
    "addi a12, a12, -4\nl32i a3, a1, 0\nl32i a3, a3, 4\n" \
    "loop a13, 3f\n" \
    "wsr a4, acclo\n" window "add a12, a12, a15\n" \
    "rsr a13, acclo\n" scale "s8i a13, a14, 0\nadd a14, a14, a3\n" \
    "3:\n"
/* LDINC adds 4 to a pointer, then loads; factors lie in m0 and m1, for MULA.DA takes no others. */
#define DW_MAC16_COLUMN_WINDOW \
    "ldinc m0, a12\n" \
    "mula.da.ll.ldinc m1, a12, m0, a7\nmula.da.hh m0, a7\nmula.da.ll.ldinc m0, a12, m1, a8\n" \
    "mula.da.lh.ldinc m1, a12, m0, a8\nmula.da.hl m0, a9\nmula.da.lh.ldinc m0, a12, m1, a9\n" \
    "mula.da.ll.ldinc m1, a12, m0, a10\nmula.da.hh m0, a10\nmula.da.ll m1, a11\n"
#define DW_MAC16_DEPTHWISE_ENTRY \
    "entry a1, 80\n" \
    "s32i a2, a1, 0\ns32i a3, a1, 4\nl32i a14, a2, 0\nl32i a13, a2, 4\ns32i a14, a1, 12\ns32i a13, a1, 8\n" \
    "l32i a4, a2, 8\nl32i a5, a2, 12\ns32i a4, a1, 16\ns32i a5, a1, 20\n"
#define DW_MAC16_DEPTHWISE_CODE(scale) \
    DW_MAC16_DEPTHWISE_ENTRY \
    "1:\n" DW_MAC16_COLUMNS "l32i a14, a1, 12\n" \
    DW_MAC16_WINDOWS("addi a15, a15, -24\n", "nop.n\n", DW_MAC16_COLUMN_WINDOW, scale) \
    "l32i a13, a1, 8\naddi a13, a13, -1\ns32i a13, a1, 8\nbnez a13, 1b\nretw\n"

#define DW_MAC16_DEPTHWISE(form) \
    void dw_mac16_depthwise_##form(const struct dw_mac16_depthwise *layer, struct dw_mac16_rows *rows) \
        __asm__("dw_mac16_depthwise_" #form); \
    DW_OUTER("dw_mac16_depthwise_" #form, \
        DW_MAC16_DEPTHWISE_CODE(DW_MAC16_SCALE_##form("a13", "a5", "a6", "a2", "a1, 16", "a1, 20")));
DW_MAC16_DEPTHWISE(scaled)
DW_MAC16_DEPTHWISE(signed)
DW_MAC16_DEPTHWISE(clamped)
/* clang-format on */

#endif
