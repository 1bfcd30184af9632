/* SPDX-License-Identifier: Apache-2.0 */
/* Instructions of the Arm DSP extension (Cortex-M4, M7, M33), and the same in plain C.
 *
 * Armv7-M Architecture Reference Manual (DDI 0403E), A7.7. A word holds two int16 lanes; the plain
 * twins serve every other compiler and are what the tests run under sanitizers.
 */
#ifndef DW_DSP_H
#define DW_DSP_H

#include <stdint.h>

#include "dw_asm.h"
#include "dw_fixedpoint.h"

/* Four int8 from any address, the first in the lowest byte. */
DW_INLINE uint32_t dw_load4(const int8_t *from)
{
    uint32_t word;
    __builtin_memcpy(&word, from, sizeof word);
    return word;
}

/* Four int8 to any address. */
DW_INLINE void dw_store4(int8_t *to, uint32_t word)
{
    __builtin_memcpy(to, &word, sizeof word);
}

/* An int8 four times in a word. */
DW_INLINE uint32_t dw_four_bytes(int32_t value)
{
    return (uint32_t)(uint8_t)value * 0x01010101u;
}

/* An int8 as byte `at` of a word. */
DW_INLINE uint32_t dw_placed(int8_t value, int at)
{
    return (uint32_t)(uint8_t)value << (8 * at);
}

#if DW_ASM_DSP

/* In assembly: brings a number to a register. */
#define DW_NUMBER(reg, number)                                                                     \
    "movw " #reg ", #((" number ") & 65535)\n movt " #reg ", #((" number ") >> 16)\n"

/* Bytes 0 and 2 as int16 lanes. */
DW_INLINE uint32_t dw_even_lanes(uint32_t bytes)
{
    uint32_t lanes;
    __asm__("sxtb16 %0, %1" : "=r"(lanes) : "r"(bytes));
    return lanes;
}

/* Bytes 1 and 3 as int16 lanes. */
DW_INLINE uint32_t dw_odd_lanes(uint32_t bytes)
{
    uint32_t lanes;
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(lanes) : "r"(bytes));
    return lanes;
}

/* Bytes 0 and 2 added to int16 lanes, which wrap. */
DW_INLINE uint32_t dw_add_even_lanes(uint32_t lanes, uint32_t bytes)
{
    uint32_t sums;
    __asm__("sxtab16 %0, %1, %2" : "=r"(sums) : "r"(lanes), "r"(bytes));
    return sums;
}

/* Bytes 1 and 3. */
DW_INLINE uint32_t dw_add_odd_lanes(uint32_t lanes, uint32_t bytes)
{
    uint32_t sums;
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(sums) : "r"(lanes), "r"(bytes));
    return sums;
}

/* Bytes 0 and 1 change places, and so do 2 and 3. */
DW_INLINE uint32_t dw_swapped_bytes(uint32_t bytes)
{
    uint32_t swapped;
    __asm__("rev16 %0, %1" : "=r"(swapped) : "r"(bytes));
    return swapped;
}

/* Lower halves of two words. */
DW_INLINE uint32_t dw_lower_halves(uint32_t low, uint32_t high)
{
    uint32_t halves;
    __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(halves) : "r"(low), "r"(high));
    return halves;
}

/* Upper halves. */
DW_INLINE uint32_t dw_upper_halves(uint32_t low, uint32_t high)
{
    uint32_t halves;
    __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(halves) : "r"(high), "r"(low));
    return halves;
}

/* The larger of two int8, four times. */
DW_INLINE uint32_t dw_larger_bytes(uint32_t a, uint32_t b)
{
    uint32_t larger;
    __asm__("ssub8 %0, %1, %2\n sel %0, %1, %2" : "=&r"(larger) : "r"(a), "r"(b) : "cc");
    return larger;
}

/* The smaller ones. */
DW_INLINE uint32_t dw_smaller_bytes(uint32_t a, uint32_t b)
{
    uint32_t smaller;
    __asm__("ssub8 %0, %1, %2\n sel %0, %2, %1" : "=&r"(smaller) : "r"(a), "r"(b) : "cc");
    return smaller;
}

/* Each lane doubled. */
DW_INLINE uint32_t dw_doubled_lanes(uint32_t lanes)
{
    uint32_t doubled;
    __asm__("sadd16 %0, %1, %1" : "=r"(doubled) : "r"(lanes));
    return doubled;
}

/* Products of int16 lanes, both added to a sum. */
DW_INLINE int32_t dw_add_two_products(int32_t sum, uint32_t x, uint32_t w)
{
    int32_t added;
    __asm__("smlad %0, %1, %2, %3" : "=r"(added) : "r"(x), "r"(w), "r"(sum));
    return added;
}

/* round(a * b / 2^32), halves upward. */
DW_INLINE int32_t dw_high_multiply(int32_t a, int32_t b)
{
    int32_t high;
    __asm__("smmulr %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    return high;
}

/* The same, and `c` added. */
DW_INLINE int32_t dw_high_multiply_add(int32_t a, int32_t b, int32_t c)
{
    int32_t high;
    __asm__("smmlar %0, %1, %2, %3" : "=r"(high) : "r"(a), "r"(b), "r"(c));
    return high;
}

/* Upper half of a product. */
DW_INLINE int32_t dw_upper_half(int32_t a, int32_t b)
{
    int32_t high;
    __asm__("smmul %0, %1, %2" : "=r"(high) : "r"(a), "r"(b));
    return high;
}

/* Clamped to -128...127. */
DW_INLINE int32_t dw_saturated(int32_t value)
{
    int32_t clamped;
    __asm__("ssat %0, #8, %1" : "=r"(clamped) : "r"(value));
    return clamped;
}

/* Clamped to -32768...32767. */
DW_INLINE int32_t dw_saturated16(int32_t value)
{
    int32_t clamped;
    __asm__("ssat %0, #16, %1" : "=r"(clamped) : "r"(value));
    return clamped;
}

#else

DW_INLINE uint32_t dw_lanes(int low, int high)
{
    return ((uint32_t)low & 0xFFFFu) | (uint32_t)high << 16;
}

DW_INLINE int dw_lane(uint32_t lanes, int at)
{
    return (int16_t)(uint16_t)(lanes >> (16 * at));
}

DW_INLINE int dw_byte(uint32_t bytes, int at)
{
    return (int8_t)(uint8_t)(bytes >> (8 * at));
}

DW_INLINE uint32_t dw_even_lanes(uint32_t bytes)
{
    return dw_lanes(dw_byte(bytes, 0), dw_byte(bytes, 2));
}

DW_INLINE uint32_t dw_odd_lanes(uint32_t bytes)
{
    return dw_lanes(dw_byte(bytes, 1), dw_byte(bytes, 3));
}

DW_INLINE uint32_t dw_add_even_lanes(uint32_t lanes, uint32_t bytes)
{
    return dw_lanes(dw_lane(lanes, 0) + dw_byte(bytes, 0), dw_lane(lanes, 1) + dw_byte(bytes, 2));
}

DW_INLINE uint32_t dw_add_odd_lanes(uint32_t lanes, uint32_t bytes)
{
    return dw_lanes(dw_lane(lanes, 0) + dw_byte(bytes, 1), dw_lane(lanes, 1) + dw_byte(bytes, 3));
}

DW_INLINE uint32_t dw_swapped_bytes(uint32_t bytes)
{
    return (bytes & 0x00FF00FFu) << 8 | (bytes >> 8 & 0x00FF00FFu);
}

DW_INLINE uint32_t dw_lower_halves(uint32_t low, uint32_t high)
{
    return (low & 0xFFFFu) | high << 16;
}

DW_INLINE uint32_t dw_upper_halves(uint32_t low, uint32_t high)
{
    return low >> 16 | (high & 0xFFFF0000u);
}

DW_INLINE uint32_t dw_larger_bytes(uint32_t a, uint32_t b)
{
    uint32_t larger = 0;
    for (int at = 0; at < 4; at++) {
        const int first = dw_byte(a, at), second = dw_byte(b, at);
        larger |= dw_placed((int8_t)(first > second ? first : second), at);
    }
    return larger;
}

DW_INLINE uint32_t dw_smaller_bytes(uint32_t a, uint32_t b)
{
    uint32_t smaller = 0;
    for (int at = 0; at < 4; at++) {
        const int first = dw_byte(a, at), second = dw_byte(b, at);
        smaller |= dw_placed((int8_t)(first < second ? first : second), at);
    }
    return smaller;
}

DW_INLINE uint32_t dw_doubled_lanes(uint32_t lanes)
{
    return dw_lanes(2 * dw_lane(lanes, 0), 2 * dw_lane(lanes, 1));
}

DW_INLINE int32_t dw_two_products(uint32_t x, uint32_t w)
{
    return dw_lane(x, 0) * dw_lane(w, 0) + dw_lane(x, 1) * dw_lane(w, 1);
}

DW_INLINE int32_t dw_add_two_products(int32_t sum, uint32_t x, uint32_t w)
{
    return sum + dw_two_products(x, w);
}

DW_INLINE int32_t dw_high_multiply(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + (INT64_C(1) << 31)) >> 32);
}

DW_INLINE int32_t dw_high_multiply_add(int32_t a, int32_t b, int32_t c)
{
    return dw_high_multiply(a, b) + c;
}

DW_INLINE int32_t dw_upper_half(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b) >> 32);
}

DW_INLINE int32_t dw_saturated(int32_t value)
{
    return dw_clamped(value, INT8_MIN, INT8_MAX);
}

DW_INLINE int32_t dw_saturated16(int32_t value)
{
    return dw_clamped(value, INT16_MIN, INT16_MAX);
}

#endif

/* Adds lanes (0,2) and (1,3) to four sums, or begins with them. */
DW_INLINE void dw_add_lanes(int32_t *sums, uint32_t even, uint32_t odd, int begins)
{
    const int32_t first = begins ? 0 : sums[0], second = begins ? 0 : sums[1];
    const int32_t third = begins ? 0 : sums[2], fourth = begins ? 0 : sums[3];
    sums[0] = first + (int16_t)(uint16_t)even;
    sums[1] = second + (int16_t)(uint16_t)odd;
    sums[2] = third + (int16_t)(even >> 16);
    sums[3] = fourth + (int16_t)(odd >> 16);
}

/* How the sum of an output becomes its int8, for sums that were doubled (2 * sum < 2^31):
 * `offset` is 2^(shift-1) + zero_point * 2^shift, or the zero point for shift 0. */
struct dw_scale {
    int32_t multiplier;
    int32_t offset;
    int32_t shift;
};

/* An output from what lies `moved` above it: one end of its clamp is int8's, the other is where that saturates. */
DW_INLINE int8_t dw_moved_back(int32_t above, int32_t moved)
{
    return (int8_t)dw_saturated(dw_saturated(above) - moved);
}

/* An output from what lies so far above it that `minimum` is 0: bytes without a sign have one end of the clamp where
 * they saturate, and the other where they do when moved on by `room`. */
DW_INLINE int8_t dw_held(int32_t above, int32_t minimum, int32_t maximum)
{
    const int32_t most = 255, room = most - (maximum - minimum);
    const int32_t moved = dw_clamped(above, 0, most) + room;
    return (int8_t)((moved < most ? moved : most) - room + minimum);
}

/* Sums on a line: 256 times the sum and a bias that has all offsets, one shift for all channels. Which channels
 * have a line, and that it is exact: codegen/arithmetic/thresholds.py. */
DW_INLINE int8_t dw_on_line(int32_t sum256, int32_t multiplier)
{
    return (int8_t)dw_saturated(dw_upper_half(sum256, multiplier) >> 12);
}

/* The same on a line that lies `moved` above the outputs: one end of the clamp is int8's, the other is where the sum
 * saturates. */
DW_INLINE int8_t dw_on_moved_line(int32_t sum256, int32_t multiplier, int32_t moved)
{
    return dw_moved_back(dw_upper_half(sum256, multiplier) >> 12, moved);
}

/* The same where neither end of the clamp is int8's, or outputs are few: on a line that lies so that `minimum` is 0. */
DW_INLINE int8_t dw_on_held_line(
    int32_t sum256, int32_t multiplier, int32_t minimum, int32_t maximum)
{
    return dw_held(dw_upper_half(sum256, multiplier) >> 12, minimum, maximum);
}

/* Clamped at or above its zero point, at most -128...127: the second rounding's correction of
 * negative values cannot be seen (docs/reference/kernels.md). */
DW_INLINE int8_t dw_scaled(int32_t doubled, struct dw_scale scale)
{
    return (int8_t)dw_saturated(
        dw_high_multiply_add(doubled, scale.multiplier, scale.offset) >> scale.shift);
}

/* Shift at least 1, halves are rounded away from zero: before the zero point is added and the clamp. */
DW_INLINE int32_t dw_shifted_signed(int32_t doubled, struct dw_scale scale)
{
    const int32_t value = dw_high_multiply(doubled, scale.multiplier);
    return (value + (value >> 31) + scale.offset) >> scale.shift;
}

/* Clamped to -128...127. */
DW_INLINE int8_t dw_scaled_signed(int32_t doubled, struct dw_scale scale)
{
    return (int8_t)dw_saturated(dw_shifted_signed(doubled, scale));
}

/* Any clamp within -128...127; the zero point in `offset` is that above `minimum`. */
DW_INLINE int8_t dw_scaled_clamped(
    int32_t doubled, struct dw_scale scale, int32_t minimum, int32_t maximum)
{
    return dw_held(dw_shifted_signed(doubled, scale), minimum, maximum);
}

/* By the clamp: any but all of int8 is such a one. */
DW_INLINE int8_t dw_scaled_as(
    int32_t doubled, struct dw_scale scale, int is_signed, int32_t minimum, int32_t maximum)
{
    if (minimum > INT8_MIN || maximum < INT8_MAX) {
        return dw_scaled_clamped(doubled, scale, minimum, maximum);
    }
    return is_signed ? dw_scaled_signed(doubled, scale) : dw_scaled(doubled, scale);
}

/* The same two roundings where both are multiplications: `power` is 2^(32-r) for a right shift r of 2 and more, and
 * `offset` what outputs lie above zero. */
struct dw_rounding {
    int32_t multiplier;
    int32_t power;
    int32_t offset;
};

DW_INLINE int32_t dw_rounded_twice(int32_t doubled, struct dw_rounding rounding)
{
    const int32_t value = dw_high_multiply(doubled, rounding.multiplier);
    return dw_high_multiply_add(value + (value >> 31), rounding.power, rounding.offset);
}

#endif
