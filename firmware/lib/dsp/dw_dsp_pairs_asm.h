/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of pairs of channels (dw_dsp_pairs.h) in assembly for the DSP extension.
 *
 * In the inner loop all fourteen registers are taken:
 *
 *     r0       inputs                   r3 r10    sums of the first pair
 *     r1       weights                  r11 r12   sums of the second
 *     r2       end of the inputs        r5...r8   words of weights
 *     r9 r4    lanes of inputs          lr        lowest bytes of a word, as lanes
 */
#include "dw_asm.h"

#if DW_ASM_DSP && !defined(DW_DSP_PAIRS_ASM_H)
#define DW_DSP_PAIRS_ASM_H

/* clang-format off */
/* Both sums of a pair and two inputs. All instructions of a group are four bytes long. */
#define DW_PAIR_MACS(first, both, w, x) \
    "sxtb16 lr, " #w "\n smlad " #first ", lr, " #x ", " #first "\n smlad " #both ", " #w ", " #x ", " #both "\n"
#define DW_PAIR_INPUTS "sxtb16 r9, r4\n sxtb16 r4, r4, ror #8\n"
#define DW_PAIR_GROUP_1 \
    "ldr r4, [r0], #4\n ldr r5, [r1], #8\n ldr r6, [r1, #-4]\n" DW_PAIR_INPUTS \
    DW_PAIR_MACS(r3, r10, r5, r9) DW_PAIR_MACS(r3, r10, r6, r4)
#define DW_PAIR_GROUP_2 \
    "ldr r4, [r0], #4\n ldm r1!, {r5-r8}\n" DW_PAIR_INPUTS \
    DW_PAIR_MACS(r3, r10, r5, r9) DW_PAIR_MACS(r3, r10, r6, r4) \
    DW_PAIR_MACS(r11, r12, r7, r9) DW_PAIR_MACS(r11, r12, r8, r4)
#define DW_PAIR_BYTES_1 "44"
#define DW_PAIR_BYTES_2 "64"
#define DW_PAIR_UNROLLED_1 "2"
#define DW_PAIR_UNROLLED_2 "8"
#define DW_PAIR_BEGIN_1 "ldr r10, [r3]\n mov r3, r10\n"
#define DW_PAIR_BEGIN_2 "ldr r10, [r3]\n ldr r12, [r3, #8]\n mov r3, r10\n mov r11, r12\n"
/* The second channel's sum is parted from that of both, and added to what it was. */
#define DW_PAIR_PARTED(first, both, was) \
    "sub " #both ", " #both ", " #first "\n add " #both ", " #was ", " #both ", asr #8\n"
#define DW_PAIR_END_1 "ldr r4, [r2, #4]\n" DW_PAIR_PARTED(r3, r10, r4) "stm r2, {r3, r10}\n"
#define DW_PAIR_END_2 \
    "ldr r4, [r2, #4]\n ldr r5, [r2, #12]\n" DW_PAIR_PARTED(r3, r10, r4) \
    DW_PAIR_PARTED(r11, r12, r5) "stm r2, {r3, r10, r11, r12}\n"

/* The loop holds two or eight groups and is entered in its middle, so that any number runs unrolled. The
 * place of the sums lies on the stack. */
#define DW_PAIR_CODE(pairs) \
    "push {r3-r11, lr}\n" DW_PAIR_BEGIN_##pairs \
    "rsb lr, r2, #0\n and lr, lr, #" DW_PAIR_UNROLLED_##pairs " - 1\n mov r4, #" DW_PAIR_BYTES_##pairs "\n mul lr, lr, r4\n" \
    "add r2, r0, r2, lsl #2\n add pc, lr\n nop\n" \
    "1:\n .rept " DW_PAIR_UNROLLED_##pairs "\n" DW_PAIR_GROUP_##pairs ".endr\n cmp r0, r2\n bne 1b\n" \
    "ldr r2, [sp]\n" DW_PAIR_END_##pairs "pop {r3-r11, pc}\n"
/* clang-format on */

DW_NAKED void dw_add_pairs_1(DW_PARAMETER const int8_t *in, DW_PARAMETER const uint32_t *weights,
    DW_PARAMETER int groups, DW_PARAMETER int32_t *sums)
{
    DW_CODE(DW_PAIR_CODE(1));
}

DW_NAKED void dw_add_pairs_2(DW_PARAMETER const int8_t *in, DW_PARAMETER const uint32_t *weights,
    DW_PARAMETER int groups, DW_PARAMETER int32_t *sums)
{
    DW_CODE(DW_PAIR_CODE(2));
}

#endif
