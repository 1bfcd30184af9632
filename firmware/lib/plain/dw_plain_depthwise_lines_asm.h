/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs of channels of a depthwise layer (dw_plain_depthwise_lines.h) in assembly for Armv6-M.
 *
 * Two channels share what is read of the taps' addresses: 10 instructions for two products, 17 for a sum to
 * become an output. Only low registers can do more than move and add:
 *
 *     r0   where the next tap's address is; a sum      r5 r6   channels
 *     r1   weights of the tap; offset of a line        r7      lines
 *     r2   a tap's pixel; factors                      r8 r9   sums
 *     r3   an input; m0 and its product                r10     number of channels
 *     r4   a weight; a shift                           r11 r12 high, low
 *                                                      lr      end of the taps' addresses
 *
 * On the stack: 0 outputs, 4 the taps' addresses, 8 weights.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_DEPTHWISE_LINES_ASM_H)
#define DW_PLAIN_DEPTHWISE_LINES_ASM_H

/* clang-format off */
#define DW_TAPS_LINES_PRODUCT(sum, channel) \
    "ldrsb r4, [r1, " #channel "]\n ldrsb r3, [r2, " #channel "]\n muls r4, r3, r4\n add " #sum ", r4\n"
#define DW_TAPS_LINES_TAP \
    "ldm r0!, {r2}\n" DW_TAPS_LINES_PRODUCT(r8, r5) DW_TAPS_LINES_PRODUCT(r9, r6) "add r1, r10\n"
#define DW_TAPS_LINE(sum, channel, outside, clamped) \
    "ldm r7!, {r1, r2}\n mov r0, " #sum "\n sxth r3, r2\n lsrs r2, r2, #16\n" \
    "muls r3, r0, r3\n mov r4, r12\n asrs r3, r3, r4\n muls r2, r0, r2\n adds r2, r2, r3\n adds r2, r2, r1\n" \
    "mov r4, r11\n asrs r2, r2, r4\n sxtb r0, r2\n cmp r0, r2\n bne " #outside "f\n" \
    #clamped ":\n ldr r1, [sp]\n strb r0, [r1, " #channel "]\n"
#define DW_TAPS_LINE_OUTSIDE(outside, clamped) \
    #outside ":\n asrs r0, r2, #31\n movs r2, #127\n eors r0, r0, r2\n b " #clamped "b\n"
#define DW_TAPS_LINES_CODE(step) \
    "push {r4-r7, lr}\n mov r4, r8\n mov r5, r9\n mov r6, r10\n mov r7, r11\n push {r4-r7}\n" \
    "mov lr, r2\n ldm r3!, {r2, r4, r5, r6}\n push {r0-r2}\n movs r7, r4\n mov r11, r5\n mov r12, r6\n" \
    "ldr r0, [r3, #4]\n mov r10, r0\n movs r5, #0\n" \
    "1:\n adds r6, r5, #1\n cmp r6, r10\n bne 2f\n mov r6, r5\n" \
    "2:\n movs r0, #0\n mov r8, r0\n mov r9, r0\n ldr r0, [sp, #4]\n ldr r1, [sp, #8]\n" \
    "3:\n .rept " #step "\n" DW_TAPS_LINES_TAP ".endr\n cmp r0, lr\n bne 3b\n" \
    DW_TAPS_LINE(r8, r5, 4, 5) DW_TAPS_LINE(r9, r6, 6, 7) \
    "adds r5, r5, #2\n cmp r5, r10\n blt 1b\n" \
    "add sp, #12\n pop {r4-r7}\n mov r8, r4\n mov r9, r5\n mov r10, r6\n mov r11, r7\n pop {r4-r7, pc}\n" \
    DW_TAPS_LINE_OUTSIDE(4, 5) DW_TAPS_LINE_OUTSIDE(6, 7)
/* clang-format on */

/* All channels of one output pixel; the number of taps is a multiple of `step`. */
#define DW_TAPS_LINES(step)                                                                        \
    DW_NAKED void dw_taps_lines_by_##step(DW_PARAMETER int8_t *out,                                \
        DW_PARAMETER const int8_t *const *at, DW_PARAMETER const int8_t *const *end,               \
        DW_PARAMETER const struct dw_lined *data)                                                  \
    {                                                                                              \
        DW_CODE(DW_TAPS_LINES_CODE(step));                                                         \
    }
DW_TAPS_LINES(1)
DW_TAPS_LINES(3)

#endif
