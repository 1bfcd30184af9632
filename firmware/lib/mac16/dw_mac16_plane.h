/* SPDX-License-Identifier: Apache-2.0 */
/* ADD and SUB of two int8 values of different scales as one plane, four elements of a word at a time:
 * codegen/arithmetic/planes.py finds its numbers, and holds it against the operator for all pairs. Bytes are 128 more
 * than they are, which takes one instruction of a word, and the offset has it taken off. */
#ifndef DW_MAC16_PLANE_H
#define DW_MAC16_PLANE_H

#include "dw_asm.h"
#include "dw_mac16_words.h"

/* Outputs (a * first + b * second + offset) >> shift, clamped; nothing of it leaves int32. */
struct dw_mac16_plane {
    int32_t first;
    int32_t second;
    int32_t offset;
    int32_t minimum;
    int32_t maximum;
};

/* The same for raised bytes; sums wrap on the way, and end within int32. */
DW_INLINE struct dw_mac16_plane dw_mac16_raised_plane(struct dw_mac16_plane plane)
{
    plane.offset =
        (int32_t)((uint32_t)plane.offset - 128u * ((uint32_t)plane.first + (uint32_t)plane.second));
    return plane;
}

/* `full`: the clamp is all of int8. */
DW_INLINE int8_t dw_mac16_on_plane(
    uint32_t a, uint32_t b, struct dw_mac16_plane plane, int shift, int full)
{
    const uint32_t sum =
        (uint32_t)plane.offset + a * (uint32_t)plane.first + b * (uint32_t)plane.second;
    const int32_t value = (int32_t)sum >> shift;
#if DW_ASM_MAC16
    if (full) {
        int32_t clamped;
        __asm__("clamps %0, %1, 7" : "=r"(clamped) : "r"(value));
        return (int8_t)clamped;
    }
#endif
    return (int8_t)(full ? dw_clamped(value, INT8_MIN, INT8_MAX)
                         : dw_clamped(value, plane.minimum, plane.maximum));
}

#endif
