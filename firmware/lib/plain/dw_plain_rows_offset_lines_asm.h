/* SPDX-License-Identifier: Apache-2.0 */
/* Four channels at a time of dw_rows_offset_lines (dw_plain_rows_offset_lines.h) in assembly for Armv6-M.
 *
 * As dw_fours_lines (dw_plain_rows_lines_asm.h), registers and stack as there; sums begin with what lies behind the
 * stack's words, 72 bytes from its end.
 */
#include "dw_asm.h"

#if DW_ASM_V6M && !defined(DW_PLAIN_ROWS_OFFSET_LINES_ASM_H)
#define DW_PLAIN_ROWS_OFFSET_LINES_ASM_H

/* clang-format off */
/* Outputs from `out` to `end`, a multiple of four. */
DW_NAKED void dw_fours_offset_lines(DW_PARAMETER int8_t *out, DW_PARAMETER const int8_t *end,
    DW_PARAMETER const struct dw_runs *runs, DW_PARAMETER const struct dw_lined *data, DW_PARAMETER int32_t begun)
{
    DW_CODE(DW_ROWS_LINES_CODE("ldr r0, [sp, #72]\n"));
}
/* clang-format on */

#endif
