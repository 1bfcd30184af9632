/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of three pixels side by side, weights with a zero point (dw_plain_fours_offset.h), in assembly for
 * RV32IM.
 *
 * As in dw_plain_fours_rv32.h, registers and stack as there; the biases of each pixel are more by the word of it that
 * the last argument points to, which lies at 80 on the stack.
 */
#include "dw_asm.h"

#if DW_ASM_RV32 && !defined(DW_PLAIN_FOURS_OFFSET_RV32_H)
#define DW_PLAIN_FOURS_OFFSET_RV32_H

#include "dw_plain_fours_rv32.h"

#define DW_OFFSET_TOGETHER 3

/* clang-format off */
#define DW_FOURS_OFFSET_TOGETHER(name, outputs) \
DW_NAKED void name(DW_PARAMETER const struct dw_run *runs, \
    DW_PARAMETER const struct dw_run *end, DW_PARAMETER int length, DW_PARAMETER int8_t *out, \
    DW_PARAMETER const struct dw_dense *data, DW_PARAMETER int is_signed, DW_PARAMETER const int32_t *begun) \
{ \
    DW_CODE( \
        "addi sp, sp, -96\n sw ra, 76(sp)\n sw s0, 72(sp)\n sw s1, 68(sp)\n sw s2, 64(sp)\n" \
        "sw s3, 60(sp)\n sw s4, 56(sp)\n sw s5, 52(sp)\n sw s6, 48(sp)\n sw s7, 44(sp)\n" \
        "sw s8, 40(sp)\n sw s9, 36(sp)\n sw s10, 32(sp)\n sw s11, 28(sp)\n" \
        "sw a0, 0(sp)\n sw a5, 4(sp)\n sw a6, 80(sp)\n" \
        "lw a5, 0(a4)\n lw t0, 4(a4)\n lw t1, 8(a4)\n lw t2, 12(a4)\n lw t3, 20(a4)\n" \
        "sw t0, 8(sp)\n sw t1, 12(sp)\n sw t2, 16(sp)\n andi t3, t3, -4\n add t3, t3, a3\n" \
        "sw t3, 20(sp)\n beq a3, t3, 11f\n" \
        "1: lw t0, 8(sp)\n lw t1, 80(sp)\n lw s0, 0(t0)\n lw s1, 4(t0)\n lw s2, 8(t0)\n lw s3, 12(t0)\n" \
        "lw a0, 0(sp)\n addi t0, t0, 16\n sw t0, 8(sp)\n lw t0, 0(t1)\n lw t2, 4(t1)\n lw t3, 8(t1)\n" \
        "add s4, s0, t2\n add s5, s1, t2\n add s6, s2, t2\n add s7, s3, t2\n" \
        "add s8, s0, t3\n add s9, s1, t3\n add s10, s2, t3\n add s11, s3, t3\n" \
        "add s0, s0, t0\n add s1, s1, t0\n add s2, s2, t0\n add s3, s3, t0\n" \
        "2: lw a6, 0(a0)\n lw t4, 4(a0)\n addi a0, a0, 8\n add a7, a6, t4\n add ra, a7, t4\n" \
        "andi t6, a2, -4\n add t6, t6, a6\n beq a6, t6, 4f\n" \
        "3:\n" DW_FOURS_INPUT(0, 0, 1, 2, 3) DW_FOURS_INPUT(1, 4, 5, 6, 7) \
        DW_FOURS_INPUT(2, 8, 9, 10, 11) DW_FOURS_INPUT(3, 12, 13, 14, 15) \
        "addi a6, a6, 4\n addi a7, a7, 4\n addi ra, ra, 4\n addi a5, a5, 16\n bne a6, t6, 3b\n" \
        "4: andi t6, a2, 3\n beqz t6, 6f\n add t6, t6, a6\n" \
        "5:\n" DW_FOURS_INPUT(0, 0, 1, 2, 3) \
        "addi a6, a6, 1\n addi a7, a7, 1\n addi ra, ra, 1\n addi a5, a5, 4\n bne a6, t6, 5b\n" \
        "6: bne a0, a1, 2b\n" \
        outputs \
        "addi a3, a3, 4\n" \
        "lw t0, 20(sp)\n bne a3, t0, 1b\n" \
        "11: lw ra, 76(sp)\n lw s0, 72(sp)\n lw s1, 68(sp)\n lw s2, 64(sp)\n" \
        "lw s3, 60(sp)\n lw s4, 56(sp)\n lw s5, 52(sp)\n lw s6, 48(sp)\n lw s7, 44(sp)\n" \
        "lw s8, 40(sp)\n lw s9, 36(sp)\n lw s10, 32(sp)\n lw s11, 28(sp)\n addi sp, sp, 96\n ret\n"); \
}
/* clang-format on */

DW_FOURS_OFFSET_TOGETHER(dw_fours_offset_rounded, DW_FOURS_ROUNDED_OUTPUTS)
DW_FOURS_OFFSET_TOGETHER(dw_fours_offset_own, DW_FOURS_FITTED_OUTPUTS)

DW_INLINE void dw_fours_offset_together(const struct dw_run *runs, const struct dw_run *end,
    int length, int8_t *out, const struct dw_dense *data, enum dw_fours_form form,
    const int32_t *begun)
{
    if (form == DW_FOURS_OWN) {
        dw_fours_offset_own(runs, end, length, out, data, 0, begun);
    } else {
        dw_fours_offset_rounded(runs, end, length, out, data, form == DW_FOURS_SIGNED, begun);
    }
}

#endif
