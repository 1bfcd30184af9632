/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D of 3x3 by strips as in dw_strips.h, with weights of two bytes, the lower one first: those that have
 * a zero point are more than a byte holds without it, and a product of 32 bits takes them as fast. */
#ifndef DW_STRIPS_WIDE_H
#define DW_STRIPS_WIDE_H

#include "dw_strips.h"

/* Each defines functions of so many outputs at a stride, in each form, as in dw_strips.h:
 * dw_wide_strip_4_by_1_line. */
#include "dw_strips_wide_asm.h"
#include "dw_strips_wide_twin.h"

/* One of both has DW_WIDE_STRIP. */
#define DW_WIDE_STRIPS(outputs, stride)                                                            \
    DW_WIDE_STRIP(outputs, stride, line)                                                           \
    DW_WIDE_STRIP(outputs, stride, signed)                                                         \
    DW_WIDE_STRIP(outputs, stride, clamped)                                                        \
    DW_WIDE_STRIP(outputs, stride, fitted)                                                         \
    DW_WIDE_STRIP(outputs, stride, fitted_clamped)
DW_WIDE_STRIPS(1, 1)
DW_WIDE_STRIPS(2, 1)
DW_WIDE_STRIPS(3, 1)
DW_WIDE_STRIPS(4, 1)
DW_WIDE_STRIPS(5, 1)
DW_WIDE_STRIPS(1, 2)
DW_WIDE_STRIPS(2, 2)
DW_WIDE_STRIPS(3, 2)
DW_WIDE_STRIPS(4, 2)
DW_WIDE_STRIPS(1, 3)
DW_WIDE_STRIPS(2, 3)
DW_WIDE_STRIPS(3, 3)
DW_WIDE_STRIPS(4, 3)
DW_WIDE_STRIPS(5, 3)

#endif
