/* SPDX-License-Identifier: Apache-2.0 */
/* From sums to outputs in assembly for Armv7-M: what dw_streamed_output does (dw_armv7m.h).
 *
 * On a line an output takes four instructions. Elsewhere bits below the first rounding's last are kept until
 * the second one, as in dw_plain.h, where it says why: 4 * sum * m / 2^32, then 1 or -1, the shift, `half`. */
#ifndef DW_ARMV7M_ASM_H
#define DW_ARMV7M_ASM_H

/* clang-format off */
#define DW_V7M_ON_LINE(sum, bias, m, low, shift, half) \
    "add " #sum ", " #bias ", " #sum ", lsl #8\n smull " #low ", " #sum ", " #sum ", " #m "\n" \
    "ssat " #sum ", #8, " #sum ", asr #12\n"
#define DW_V7M_ROUNDED(sum, bias, m, low, shift, half) \
    "add " #sum ", " #bias ", " #sum ", lsl #2\n smull " #low ", " #sum ", " #sum ", " #m "\n" \
    "asr " #low ", " #sum ", #31\n orr " #low ", " #low ", #1\n add " #sum ", " #sum ", " #low "\n" \
    "asr " #sum ", " #sum ", " #shift "\n add " #sum ", " #sum ", " #half "\n"
#define DW_V7M_SIGNED(sum, bias, m, low, shift, half) \
    DW_V7M_ROUNDED(sum, bias, m, low, shift, half) "ssat " #sum ", #8, " #sum ", asr #1\n"
#define DW_V7M_UNCLAMPED(sum, bias, m, low, shift, half) \
    DW_V7M_ROUNDED(sum, bias, m, low, shift, half) "asr " #sum ", " #sum ", #1\n"
/* By numbers of each channel's own (dw_fitted.h), in two steps. */
#define DW_V7M_WIDE(sum, bias, m, low, left, half) \
    "lsl " #sum ", " #sum ", " #left "\n add " #sum ", " #sum ", " #bias "\n"
#define DW_V7M_FITTED(sum, m, low, correction, offset, right) \
    "smull " #low ", " #sum ", " #sum ", " #m "\n and " #low ", " #correction ", " #sum ", asr #31\n" \
    "add " #sum ", " #sum ", " #offset "\n add " #sum ", " #sum ", " #low "\n" \
    "asr " #sum ", " #sum ", " #right "\n"
#define DW_V7M_SATURATED(sum) "ssat " #sum ", #8, " #sum "\n"
#define DW_V7M_WITHIN(sum, minimum, maximum) \
    "cmp " #sum ", " #minimum "\n it lt\n movlt " #sum ", " #minimum "\n" \
    "cmp " #sum ", " #maximum "\n it gt\n movgt " #sum ", " #maximum "\n"
/* clang-format on */

#endif
