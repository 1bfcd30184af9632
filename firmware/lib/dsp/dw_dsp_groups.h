/* SPDX-License-Identifier: Apache-2.0 */
/* Assembly of the inner loop of dot products (dw_dsp_dot.h): four inputs of one, two or three pixels
 * and two channels, for int8 weights and, W, for int16 ones.
 */
#ifndef DW_DSP_GROUPS_H
#define DW_DSP_GROUPS_H

#include "dw_dsp.h"

#if DW_HAS_DSP

/* One group each, and how many bytes of code that is: the loop is entered in the middle, so that
 * any number of groups runs unrolled. Loads stand together since they pipeline. */
/* clang-format off */
#define DW_MAC(sum, x, w) "smlad " sum ", " x ", " w ", " sum "\n"
#define DW_WEIGHTS "ldr %[w0], [%[w]], #8\n ldr %[w1], [%[w], #-4]\n"
#define DW_GROUP_1 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #8\n ldr %[x1], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC("%[a0]", "%[x0]", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC("%[a1]", "%[x0]", "%[t]") \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC("%[a0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC("%[a1]", "%[x1]", "%[t]")
#define DW_GROUP_2 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #16\n ldr %[x1], [%[x], #-12]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC("%[a0]", "%[x0]", "%[t]") DW_MAC("%[b0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC("%[a1]", "%[x0]", "%[t]") DW_MAC("%[b1]", "%[x1]", "%[t]") \
    "ldr %[x0], [%[x], #-8]\n ldr %[x1], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC("%[a0]", "%[x0]", "%[t]") DW_MAC("%[b0]", "%[x1]", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC("%[a1]", "%[x0]", "%[t]") DW_MAC("%[b1]", "%[x1]", "%[t]")
#define DW_MAC_3(n, w) \
    DW_MAC("%[a" n "]", "%[x0]", w) DW_MAC("%[b" n "]", "%[x1]", w) DW_MAC("%[c" n "]", "%[x2]", w)
#define DW_GROUP_3 \
    DW_WEIGHTS "ldr %[x0], [%[x]], #24\n ldr %[x1], [%[x], #-20]\n ldr %[x2], [%[x], #-16]\n" \
    "sxtb16 %[t], %[w0]\n" DW_MAC_3("0", "%[t]") \
    "sxtb16 %[t], %[w1]\n" DW_MAC_3("1", "%[t]") \
    "ldr %[x0], [%[x], #-12]\n ldr %[x1], [%[x], #-8]\n ldr %[x2], [%[x], #-4]\n" \
    "sxtb16 %[t], %[w0], ror #8\n" DW_MAC_3("0", "%[t]") \
    "sxtb16 %[t], %[w1], ror #8\n" DW_MAC_3("1", "%[t]")
#define DW_WIDE_FIRST "ldr %[w0], [%[w]], #16\n ldr %[w1], [%[w], #-12]\n"
#define DW_WIDE_SECOND "ldr %[w0], [%[w], #-8]\n ldr %[w1], [%[w], #-4]\n"
#define DW_GROUP_1W \
    "ldr %[x0], [%[x]], #8\n" DW_WIDE_FIRST \
    DW_MAC("%[a0]", "%[x0]", "%[w0]") DW_MAC("%[a1]", "%[x0]", "%[w1]") \
    "ldr %[x0], [%[x], #-4]\n" DW_WIDE_SECOND \
    DW_MAC("%[a0]", "%[x0]", "%[w0]") DW_MAC("%[a1]", "%[x0]", "%[w1]")
#define DW_MAC_2(n, w) DW_MAC("%[a" n "]", "%[x0]", w) DW_MAC("%[b" n "]", "%[x1]", w)
#define DW_GROUP_2W \
    "ldr %[x0], [%[x]], #16\n ldr %[x1], [%[x], #-12]\n" DW_WIDE_FIRST \
    DW_MAC_2("0", "%[w0]") DW_MAC_2("1", "%[w1]") \
    "ldr %[x0], [%[x], #-8]\n ldr %[x1], [%[x], #-4]\n" DW_WIDE_SECOND \
    DW_MAC_2("0", "%[w0]") DW_MAC_2("1", "%[w1]")
#define DW_GROUP_3W \
    "ldr %[x0], [%[x]], #24\n ldr %[x1], [%[x], #-20]\n ldr %[x2], [%[x], #-16]\n" DW_WIDE_FIRST \
    DW_MAC_3("0", "%[w0]") DW_MAC_3("1", "%[w1]") \
    "ldr %[x0], [%[x], #-12]\n ldr %[x1], [%[x], #-8]\n ldr %[x2], [%[x], #-4]\n" DW_WIDE_SECOND \
    DW_MAC_3("0", "%[w0]") DW_MAC_3("1", "%[w1]")
/* clang-format on */

enum { DW_GROUPS = 8 };

/* Bytes of code of a group: instructions are four bytes long. */
DW_INLINE uint32_t dw_group_bytes(int pixels, int wide)
{
    const uint32_t narrow_bytes[4] = {0, 48, 72, 96};
    const uint32_t wide_bytes[4] = {0, 40, 64, 88};
    return wide ? wide_bytes[pixels] : narrow_bytes[pixels];
}
/* clang-format off */
#define DW_LOOP(group) \
    "add pc, %[w0]\n nop\n 1:\n .rept 8\n" group ".endr\n" \
    "ldr %[t], %[end]\n cmp %[t], %[x]\n bne 1b\n"
/* clang-format on */

#endif
#endif
