/* SPDX-License-Identifier: Apache-2.0 */
/* Channels in fours of three pixels side by side (dw_plain_fours.h) in assembly for RV32IM.
 *
 * Twelve products take 31 instructions, an output's scaling 10: sums never leave the registers.
 *
 *     s0-s3 s4-s7 s8-s11   sums of four channels, pixel by pixel     a0 a1   this run, end of the runs
 *     t0-t3                weights of an input                      a2      length of a run
 *     t4 t5                an input, a product                      a3 a4   output, data
 *     t6                   end of a run                             a5      next weights
 *     a6 a7 ra             inputs of the three pixels
 *
 * While outputs are made: t0 t1 multipliers and shifts, t2 half, t3 t4 clamp, t5 t6 a channel's multiplier
 * and shift, a3 a6 a7 outputs of the pixels, ra the correction of a negative sum.
 * On the stack: 0 the runs, 4 is_signed, 8 biases, 12 multipliers, 16 shifts, 20 end of the outputs.
 */
#include "dw_asm.h"

#if DW_ASM_RV32 && !defined(DW_PLAIN_FOURS_RV32_H)
#define DW_PLAIN_FOURS_RV32_H

#include "dw_plain_fours_sums.h"

#define DW_TOGETHER 3

/* clang-format off */
#define DW_FOURS_PRODUCT(sum, weight) "mul t5, t4, " #weight "\n add " #sum ", " #sum ", t5\n"
#define DW_FOURS_PIXEL(at, i, a, b, c, d) \
    "lb t4, " #i "(" #at ")\n" DW_FOURS_PRODUCT(a, t0) DW_FOURS_PRODUCT(b, t1) \
    DW_FOURS_PRODUCT(c, t2) DW_FOURS_PRODUCT(d, t3)
#define DW_FOURS_INPUT(i, w0, w1, w2, w3) \
    "lb t0, " #w0 "(a5)\n lb t1, " #w1 "(a5)\n lb t2, " #w2 "(a5)\n lb t3, " #w3 "(a5)\n" \
    DW_FOURS_PIXEL(a6, i, s0, s1, s2, s3) DW_FOURS_PIXEL(a7, i, s4, s5, s6, s7) \
    DW_FOURS_PIXEL(ra, i, s8, s9, s10, s11)
#define DW_FOURS_WITHIN(sum, k, out) \
    "bge " #sum ", t3, 7f\n mv " #sum ", t3\n 7: bge t4, " #sum ", 8f\n mv " #sum ", t4\n" \
    "8: sb " #sum ", " #k "(" #out ")\n"
#define DW_FOURS_SCALED(sum, correction, corrected, k, out) \
    "slli " #sum ", " #sum ", 2\n" correction(sum) "mulh " #sum ", " #sum ", t5\n" corrected(sum) \
    "sra " #sum ", " #sum ", t6\n add " #sum ", " #sum ", t2\n srai " #sum ", " #sum ", 1\n" \
    DW_FOURS_WITHIN(sum, k, out)
#define DW_FOURS_NONE(sum) ""
#define DW_FOURS_ONE(sum) "addi " #sum ", " #sum ", 1\n"
#define DW_FOURS_SIGN(sum) "srai ra, " #sum ", 31\n ori ra, ra, 1\n"
#define DW_FOURS_ADD_SIGN(sum) "add " #sum ", " #sum ", ra\n"
#define DW_FOURS_CHANNEL(k, m, correction, corrected, a, b, c) \
    "lw t5, " #m "(t0)\n lb t6, " #k "(t1)\n" DW_FOURS_SCALED(a, correction, corrected, k, a3) \
    DW_FOURS_SCALED(b, correction, corrected, k, a6) DW_FOURS_SCALED(c, correction, corrected, k, a7)
#define DW_FOURS_OUTPUTS(correction, corrected) \
    DW_FOURS_CHANNEL(0, 0, correction, corrected, s0, s4, s8) \
    DW_FOURS_CHANNEL(1, 4, correction, corrected, s1, s5, s9) \
    DW_FOURS_CHANNEL(2, 8, correction, corrected, s2, s6, s10) \
    DW_FOURS_CHANNEL(3, 12, correction, corrected, s3, s7, s11)

/* By numbers of each channel's own: t0 where they are, t5 multiplier, t1 offset, a0 shift to the left, t6 to the
 * right, t2 correction, a1 rest of the bias. */
#define DW_FOURS_FITTED(sum, k, out) \
    "sll " #sum ", " #sum ", a0\n add " #sum ", " #sum ", a1\n mulh " #sum ", " #sum ", t5\n" \
    "srai ra, " #sum ", 31\n and ra, ra, t2\n add " #sum ", " #sum ", t1\n add " #sum ", " #sum ", ra\n" \
    "sra " #sum ", " #sum ", t6\n" DW_FOURS_WITHIN(sum, k, out)
#define DW_FOURS_FITTED_CHANNEL(k, m, o, b, a, c, d) \
    "lw t5, " #m "(t0)\n lw t1, " #o "(t0)\n lw a1, " #b "(t0)\n andi a0, a1, 31\n srli t6, a1, 8\n" \
    "slli t2, a1, 8\n srai t2, t2, 24\n srli a1, a1, 24\n" \
    DW_FOURS_FITTED(a, k, a3) DW_FOURS_FITTED(c, k, a6) DW_FOURS_FITTED(d, k, a7)

#define DW_FOURS_ROUNDED_OUTPUTS \
    "lw t0, 12(sp)\n lw t1, 16(sp)\n lw t2, 28(a4)\n lw t3, 32(a4)\n lw t4, 36(a4)\n" \
    "lw t5, 20(a4)\n lw t6, 4(sp)\n add a6, a3, t5\n add a7, a6, t5\n bnez t6, 9f\n" \
    DW_FOURS_OUTPUTS(DW_FOURS_NONE, DW_FOURS_ONE) "j 10f\n" \
    "9:\n" DW_FOURS_OUTPUTS(DW_FOURS_SIGN, DW_FOURS_ADD_SIGN) \
    "10: addi t0, t0, 16\n addi t1, t1, 4\n sw t0, 12(sp)\n sw t1, 16(sp)\n"
#define DW_FOURS_FITTED_OUTPUTS \
    "lw t0, 12(sp)\n lw t3, 32(a4)\n lw t4, 36(a4)\n lw t5, 20(a4)\n sw a1, 24(sp)\n" \
    "add a6, a3, t5\n add a7, a6, t5\n" \
    DW_FOURS_FITTED_CHANNEL(0, 0, 4, 8, s0, s4, s8) DW_FOURS_FITTED_CHANNEL(1, 12, 16, 20, s1, s5, s9) \
    DW_FOURS_FITTED_CHANNEL(2, 24, 28, 32, s2, s6, s10) DW_FOURS_FITTED_CHANNEL(3, 36, 40, 44, s3, s7, s11) \
    "addi t0, t0, 48\n sw t0, 12(sp)\n lw a1, 24(sp)\n"

#define DW_FOURS_TOGETHER(name, outputs) \
DW_NAKED void name(DW_PARAMETER const struct dw_run *runs, \
    DW_PARAMETER const struct dw_run *end, DW_PARAMETER int length, DW_PARAMETER int8_t *out, \
    DW_PARAMETER const struct dw_dense *data, DW_PARAMETER int is_signed) \
{ \
    DW_CODE( \
        "addi sp, sp, -80\n sw ra, 76(sp)\n sw s0, 72(sp)\n sw s1, 68(sp)\n sw s2, 64(sp)\n" \
        "sw s3, 60(sp)\n sw s4, 56(sp)\n sw s5, 52(sp)\n sw s6, 48(sp)\n sw s7, 44(sp)\n" \
        "sw s8, 40(sp)\n sw s9, 36(sp)\n sw s10, 32(sp)\n sw s11, 28(sp)\n" \
        "sw a0, 0(sp)\n sw a5, 4(sp)\n" \
        "lw a5, 0(a4)\n lw t0, 4(a4)\n lw t1, 8(a4)\n lw t2, 12(a4)\n lw t3, 20(a4)\n" \
        "sw t0, 8(sp)\n sw t1, 12(sp)\n sw t2, 16(sp)\n andi t3, t3, -4\n add t3, t3, a3\n" \
        "sw t3, 20(sp)\n beq a3, t3, 11f\n" \
        "1: lw t0, 8(sp)\n lw a0, 0(sp)\n lw s0, 0(t0)\n lw s1, 4(t0)\n lw s2, 8(t0)\n lw s3, 12(t0)\n" \
        "addi t0, t0, 16\n sw t0, 8(sp)\n mv s4, s0\n mv s5, s1\n mv s6, s2\n mv s7, s3\n" \
        "mv s8, s0\n mv s9, s1\n mv s10, s2\n mv s11, s3\n" \
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
        "lw s8, 40(sp)\n lw s9, 36(sp)\n lw s10, 32(sp)\n lw s11, 28(sp)\n addi sp, sp, 80\n ret\n"); \
}
/* clang-format on */

DW_FOURS_TOGETHER(dw_fours_together, DW_FOURS_ROUNDED_OUTPUTS)
DW_FOURS_TOGETHER(dw_fours_together_fitted, DW_FOURS_FITTED_OUTPUTS)

#endif
