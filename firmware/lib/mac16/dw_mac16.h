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

/* Two bytes as lanes times 256. */
DW_INLINE uint32_t dw_mac16_lanes(int32_t low, int32_t high)
{
    return ((uint32_t)low << 8 & 0xFF00u) | (uint32_t)high << 24;
}

/* Bytes, a multiple of four, as lanes times 256: of each four, bytes 0 and 2, then bytes 1 and 3. From an
 * address that is no multiple of four they are loaded one by one: not every core takes words from there. */
DW_SHARED uint32_t *dw_mac16_expand(uint32_t *to, const int8_t *from, int count)
{
    const int8_t *const end = from + count;
    if (((uintptr_t)from & 3) != 0) {
        for (; from != end; from += 4, to += 2) {
            to[0] = dw_mac16_lanes(from[0], from[2]);
            to[1] = dw_mac16_lanes(from[1], from[3]);
        }
        return to;
    }
    for (; from != end; from += 4, to += 2) {
        uint32_t word;
        __builtin_memcpy(&word, __builtin_assume_aligned(from, 4), sizeof word);
        to[0] = (word << 8) & 0xFF00FF00u;
        to[1] = word & 0xFF00FF00u;
    }
    return to;
}

/* As many lanes of one value. */
DW_SHARED uint32_t *dw_mac16_fill(uint32_t *to, int32_t value, int count)
{
    const uint32_t both = dw_mac16_lanes(value, value);
    for (uint32_t *const end = to + count / 2; to != end; to++) {
        *to = both;
    }
    return to;
}

/* Lanes of how far values are above -128, for weights that are lanes times 256: two bytes, four and more in
 * the order of dw_mac16_expand, as many of one value, any number as they lie. */
DW_INLINE uint32_t dw_mac16_raised(int32_t low, int32_t high)
{
    return (uint32_t)(low - INT8_MIN) | (uint32_t)(high - INT8_MIN) << 16;
}

DW_SHARED uint32_t *dw_mac16_raise(uint32_t *to, const int8_t *from, int count)
{
    const int8_t *const end = from + count;
    if (((uintptr_t)from & 3) != 0) {
        for (; from != end; from += 4, to += 2) {
            to[0] = dw_mac16_raised(from[0], from[2]);
            to[1] = dw_mac16_raised(from[1], from[3]);
        }
        return to;
    }
    for (; from != end; from += 4, to += 2) {
        uint32_t word;
        __builtin_memcpy(&word, __builtin_assume_aligned(from, 4), sizeof word);
        word ^= 0x80808080u;
        to[0] = word & 0x00FF00FFu;
        to[1] = (word >> 8) & 0x00FF00FFu;
    }
    return to;
}

DW_SHARED uint32_t *dw_mac16_fill_raised(uint32_t *to, int32_t value, int count)
{
    const uint32_t both = dw_mac16_raised(value, value);
    for (uint32_t *const end = to + count / 2; to != end; to++) {
        *to = both;
    }
    return to;
}

DW_SHARED uint32_t *dw_mac16_spread_raised(uint32_t *to, const int8_t *from, int count)
{
    for (int i = 0; i < count; i += 2, to++) {
        const int second = i + 1 < count ? from[i + 1] : 0;
        *to = dw_mac16_raised(from[i], second);
    }
    if ((count + 1) / 2 % 2) {
        *to++ = 0;
    }
    return to;
}

/* Any number of bytes as lanes times 256, as they lie; lanes of 0 behind them, up to a multiple of four. */
DW_SHARED uint32_t *dw_mac16_spread(uint32_t *to, const int8_t *from, int count)
{
    for (int i = 0; i < count; i += 2, to++) {
        const int second = i + 1 < count ? from[i + 1] : 0;
        *to = dw_mac16_lanes(from[i], second);
    }
    if ((count + 1) / 2 % 2) {
        *to++ = 0;
    }
    return to;
}

#endif
