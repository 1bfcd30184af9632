/* SPDX-License-Identifier: Apache-2.0 */
/* Scaling (dw_mac16.h) in assembly: MULSH, both roundings and the zero point at once, the clamp.
 *
 * In all assembly of MAC16: loops begin at multiples of four, as the core fetches them. Instructions are three bytes
 * long, NOP.N is two, and NOPs stand where a loop would begin elsewhere. GNU's assembler makes short ones of others
 * too, and moves loops itself. No directive aligns within a function: GNU's fills what lies in front with zeros, an
 * illegal instruction, since it takes such code for unreachable.
 */
#include "dw_asm.h"

#if DW_ASM_MAC16 && !defined(DW_MAC16_SCALE_ASM_H)
#define DW_MAC16_SCALE_ASM_H

/* clang-format off */
/* The shift is in SAR; `t` is free. */
#define DW_MAC16_SCALE_scaled(sum, multiplier, offset, t, minimum, maximum) \
    "mulsh " sum ", " sum ", " multiplier "\nadd " sum ", " sum ", " offset "\nsra " sum ", " sum "\n" \
    "clamps " sum ", " sum ", 7\n"
/* 128 less for a negative sum. */
#define DW_MAC16_AWAY(sum, multiplier, offset, t) \
    "srai " t ", " sum ", 31\nmulsh " sum ", " sum ", " multiplier "\nslli " t ", " t ", 7\n" \
    "add " sum ", " sum ", " offset "\nadd " sum ", " sum ", " t "\nsra " sum ", " sum "\n"
#define DW_MAC16_SCALE_signed(sum, multiplier, offset, t, minimum, maximum) \
    DW_MAC16_AWAY(sum, multiplier, offset, t) "clamps " sum ", " sum ", 7\n"
#define DW_MAC16_SCALE_clamped(sum, multiplier, offset, t, minimum, maximum) \
    DW_MAC16_AWAY(sum, multiplier, offset, t) \
    "l32i " t ", " minimum "\nmax " sum ", " sum ", " t "\nl32i " t ", " maximum "\nmin " sum ", " sum ", " t "\n"
/* clang-format on */

#endif
