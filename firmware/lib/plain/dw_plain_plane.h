/* SPDX-License-Identifier: Apache-2.0 */
/* ADD and SUB of two int8 values of different scales as one plane: codegen/arithmetic/planes.py finds its
 * numbers, and holds it against the operator for all 65,536 pairs. */
#ifndef DW_PLAIN_PLANE_H
#define DW_PLAIN_PLANE_H

#include "dw_plain.h"

/* Outputs (a * first + b * second + offset) >> shift, clamped; nothing of it leaves int32. */
struct dw_plane {
    int32_t first;
    int32_t second;
    int32_t offset;
    int32_t minimum;
    int32_t maximum;
};

/* `full`: the clamp is all of int8. */
DW_INLINE int8_t dw_on_plane(int8_t a, int8_t b, struct dw_plane plane, int shift, int full)
{
    const int32_t value = (plane.offset + a * plane.first + b * plane.second) >> shift;
    return full ? dw_narrowed(value) : (int8_t)dw_clamped(value, plane.minimum, plane.maximum);
}

/* Four elements; the output may be where an operand is. */
DW_INLINE void dw_on_plane4(
    const int8_t *a, const int8_t *b, int8_t *out, struct dw_plane plane, int shift, int full)
{
    const int8_t a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
    const int8_t b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
    out[0] = dw_on_plane(a0, b0, plane, shift, full);
    out[1] = dw_on_plane(a1, b1, plane, shift, full);
    out[2] = dw_on_plane(a2, b2, plane, shift, full);
    out[3] = dw_on_plane(a3, b3, plane, shift, full);
}

#endif
