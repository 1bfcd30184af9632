/* SPDX-License-Identifier: Apache-2.0 */
/* ADD and SUB as a plane (dw_plain_plane.h), four elements of a word at a time: what a byte holds above -128 is one
 * instruction of a word, where a byte takes a load and an extension of its sign. */
#ifndef DW_MAC16_PLANE_H
#define DW_MAC16_PLANE_H

#include "dw_mac16_words.h"
#include "dw_plain_plane.h"

/* A plane for bytes that are 128 more than they are; sums wrap on the way, and end within int32. */
DW_INLINE struct dw_plane dw_mac16_raised_plane(struct dw_plane plane)
{
    plane.offset =
        (int32_t)((uint32_t)plane.offset - 128u * ((uint32_t)plane.first + (uint32_t)plane.second));
    return plane;
}

/* Two raised bytes, as dw_on_plane. */
DW_INLINE int8_t dw_mac16_on_plane(
    uint32_t a, uint32_t b, struct dw_plane plane, int shift, int full)
{
    const uint32_t first = a * (uint32_t)plane.first;
    const uint32_t second = b * (uint32_t)plane.second;
    const int32_t value = (int32_t)((uint32_t)plane.offset + first + second) >> shift;
    return full ? dw_narrowed(value) : (int8_t)dw_clamped(value, plane.minimum, plane.maximum);
}

#endif
