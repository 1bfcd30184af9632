/* SPDX-License-Identifier: Apache-2.0 */
/* Fixed-point arithmetic of TensorFlow Lite Micro, double rounding: the same bits, whatever the
 * core.
 *
 * Each helper names the function of tflite-micro (tensorflow/lite/kernels/internal/) it agrees
 * with.
 */
#ifndef DW_FIXEDPOINT_H
#define DW_FIXEDPOINT_H

#include <stdint.h>

#define DW_ARITHMETIC_VERSION 1

#if (-5 >> 1) != -3
#error "this compiler does not shift negative numbers arithmetically; depthwise needs that"
#endif

/* A number or a name as text, once macros in it are replaced. */
#define DW_TEXT(value) DW_TEXT_AS_IS(value)
#define DW_TEXT_AS_IS(value) #value

/* Where functions lie that compute: in a section that a linker script puts into RAM, if the compiler is
 * told its name (-DDW_RAM_SECTION=.RamFunc), else with all other code. */
#ifdef DW_RAM_SECTION
#define DW_PLACED __attribute__((section(DW_TEXT(DW_RAM_SECTION))))
#else
#define DW_PLACED
#endif

/* Functions: always inlined; inlined where it pays; called from several layers; one layer each; one layer
 * each that no caller takes in. */
#define DW_INLINE static inline __attribute__((always_inline)) DW_PLACED
#define DW_HELPER static inline DW_PLACED
#define DW_SHARED static __attribute__((noinline, unused)) DW_PLACED
#define DW_FUNCTION static DW_PLACED
#define DW_LAYER static __attribute__((noinline)) DW_PLACED

/* In front of a loop that runs a few times, known to the compiler. */
#if defined(__GNUC__) && !defined(__clang__)
#define DW_UNROLLED _Pragma("GCC unroll 16")
#else
#define DW_UNROLLED
#endif

/* Left shift that wraps as the two's complement machine does. */
DW_HELPER int32_t dw_shift_left(int32_t value, int bits)
{
    return (int32_t)((uint32_t)value << bits);
}

/* round(a * b / 2^31), halves upward: SaturatingRoundingDoublingHighMul of fixedpoint.h.
 * Precondition: not both a and b are INT32_MIN. */
DW_HELPER int32_t dw_doubling_high_multiply(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + (INT64_C(1) << 30)) >> 31);
}

/* round(value / 2^bits), halves away from zero, 0 <= bits <= 31: RoundingDivideByPOT of
 * fixedpoint.h. For values of 0 and more up to 62 bits. */
DW_HELPER int32_t dw_rounding_divide(int32_t value, int bits)
{
    const int64_t half = bits > 0 ? INT64_C(1) << (bits - 1) : 0;
    return (int32_t)((value + half - (bits > 0 && value < 0)) >> bits);
}

/* value * multiplier / 2^31 * 2^shift: MultiplyByQuantizedMultiplier of common.cc (double
 * rounding). */
DW_HELPER int32_t dw_rescale_value(int32_t value, int32_t multiplier, int shift)
{
    const int left = shift > 0 ? shift : 0;
    const int right = shift > 0 ? 0 : -shift;
    const int32_t product = dw_doubling_high_multiply(dw_shift_left(value, left), multiplier);
    return dw_rounding_divide(product, right);
}

DW_HELPER int32_t dw_clamped(int32_t value, int32_t minimum, int32_t maximum)
{
    if (value < minimum) {
        return minimum;
    }
    return value > maximum ? maximum : value;
}

/* What is stored of a rescaled value: the zero point added, clamped. The clamp comes first, so that
 * no value overflows. Precondition: -128 <= minimum, zero_point, maximum <= 127. */
DW_HELPER int8_t dw_output(int32_t value, int32_t zero_point, int32_t minimum, int32_t maximum)
{
    return (int8_t)(dw_clamped(value, minimum - zero_point, maximum - zero_point) + zero_point);
}

#endif
