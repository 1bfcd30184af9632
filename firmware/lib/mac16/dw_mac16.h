/* SPDX-License-Identifier: Apache-2.0 */
/* Lanes and scaling for the MAC16 option of Xtensa (ESP32, ESP32-S3), which multiplies and adds int16.
 *
 * Xtensa Instruction Set Architecture Reference Manual, 4.3.7. Inputs or weights are lanes times 256: four
 * bytes become two words of lanes by a mask and a shift. Sums come out times 256, and only their lower 32
 * bits are asked for: they are smaller than 2^31 (codegen/kernels/mac16/scaling.py).
 */
#ifndef DW_MAC16_H
#define DW_MAC16_H

#include <stdint.h>

#include "dw_asm.h"
#include "dw_fixedpoint.h"

enum dw_mac16_form { DW_MAC16_scaled, DW_MAC16_signed, DW_MAC16_clamped };

/* How 256 times the sum of an output becomes its int8; `shift` is that of the layer and 7 more, `offset`
 * both halves that are added, and the zero point. */
struct dw_mac16_scale {
    int32_t bias;
    int32_t multiplier;
    int32_t offset;
    int32_t shift;
};

/* Scaled: clamped to -128...127, of which -128 is the zero point. Signed: halves are rounded away from
 * zero. Clamped: that, and any clamp. */
DW_INLINE int8_t dw_mac16_output(uint32_t sum, const struct dw_mac16_scale *scale,
    enum dw_mac16_form form, int32_t minimum, int32_t maximum)
{
    const int32_t all = (int32_t)sum;
    int32_t value = (int32_t)(((int64_t)all * scale->multiplier) >> 32);
    if (form != DW_MAC16_scaled && all < 0) {
        value -= 128;
    }
    value = (value + scale->offset) >> scale->shift;
    return (int8_t)(form == DW_MAC16_clamped ? dw_clamped(value, minimum, maximum)
                                             : dw_clamped(value, INT8_MIN, INT8_MAX));
}

/* Four bytes, from an address that is a multiple of four, or from any. */
DW_INLINE uint32_t dw_mac16_four(const int8_t *from, int aligned)
{
    uint32_t word;
    if (aligned) {
        __builtin_memcpy(&word, __builtin_assume_aligned(from, 4), sizeof word);
        return word;
    }
    return (uint32_t)(uint8_t)from[0] | (uint32_t)(uint8_t)from[1] << 8 |
           (uint32_t)(uint8_t)from[2] << 16 | (uint32_t)(uint8_t)from[3] << 24;
}

DW_INLINE uint32_t *dw_mac16_turned(uint32_t *to, const int8_t *from, int count, int aligned)
{
    for (const int8_t *const end = from + count; from != end; from += 4, to += 2) {
        const uint32_t word = dw_mac16_four(from, aligned);
        to[0] = (word << 8) & 0xFF00FF00u;
        to[1] = word & 0xFF00FF00u;
    }
    return to;
}

/* Bytes, a multiple of four, as lanes times 256: of each four, bytes 0 and 2, then bytes 1 and 3. */
DW_SHARED uint32_t *dw_mac16_expand(uint32_t *to, const int8_t *from, int count)
{
    return ((uintptr_t)from & 3) == 0 ? dw_mac16_turned(to, from, count, 1)
                                      : dw_mac16_turned(to, from, count, 0);
}

/* As many lanes of one value. */
DW_SHARED uint32_t *dw_mac16_fill(uint32_t *to, int32_t value, int count)
{
    const uint32_t both = ((uint32_t)value << 8 & 0xFF00u) | (uint32_t)value << 24;
    for (uint32_t *const end = to + count / 2; to != end; to++) {
        *to = both;
    }
    return to;
}

/* Any number of bytes as lanes times 256, as they lie; lanes of 0 behind them, up to a multiple of four. */
DW_SHARED uint32_t *dw_mac16_spread(uint32_t *to, const int8_t *from, int count)
{
    for (int i = 0; i < count; i += 2, to++) {
        const int second = i + 1 < count ? from[i + 1] : 0;
        *to = ((uint32_t)from[i] << 8 & 0xFF00u) | (uint32_t)second << 24;
    }
    if ((count + 1) / 2 % 2) {
        *to++ = 0;
    }
    return to;
}

#endif
