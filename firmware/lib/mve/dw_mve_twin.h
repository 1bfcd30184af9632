/* SPDX-License-Identifier: Apache-2.0 */
/* What the vector instructions of dw_mve.h do, lane by lane in plain C; empty where they exist. */
#if !defined(DW_MVE_TWIN_H) && !DW_HAS_MVE
#define DW_MVE_TWIN_H

typedef struct {
    int32_t lane[4];
} dw_mve_words;
typedef struct {
    int8_t lane[16];
} dw_mve_bytes;

DW_INLINE dw_mve_words dw_mve_words_of(int32_t a, int32_t b, int32_t c, int32_t d)
{
    return (dw_mve_words){{a, b, c, d}};
}

DW_INLINE dw_mve_words dw_mve_load_words(const int32_t *from)
{
    return dw_mve_words_of(from[0], from[1], from[2], from[3]);
}

DW_INLINE dw_mve_words dw_mve_load_widened(const int8_t *from, int count)
{
    dw_mve_words loaded = {{0}};
    for (int i = 0; i < count && i < 4; i++) {
        loaded.lane[i] = from[i];
    }
    return loaded;
}

DW_INLINE dw_mve_words dw_mve_raise(dw_mve_words value, int32_t less)
{
    for (int i = 0; i < 4; i++) {
        value.lane[i] = dw_shift_left(value.lane[i] - less, 20);
    }
    return value;
}

DW_INLINE dw_mve_words dw_mve_high_multiply(dw_mve_words a, dw_mve_words b)
{
    for (int i = 0; i < 4; i++) {
        a.lane[i] = dw_doubling_high_multiply(a.lane[i], b.lane[i]);
    }
    return a;
}

DW_INLINE dw_mve_words dw_mve_both_negative(dw_mve_words a, dw_mve_words b)
{
    for (int i = 0; i < 4; i++) {
        a.lane[i] = (a.lane[i] & b.lane[i]) >> 31;
    }
    return a;
}

DW_INLINE dw_mve_words dw_mve_add_words(dw_mve_words a, dw_mve_words b)
{
    for (int i = 0; i < 4; i++) {
        a.lane[i] += b.lane[i];
    }
    return a;
}

DW_INLINE dw_mve_words dw_mve_round_shift(dw_mve_words value, dw_mve_words shift)
{
    for (int i = 0; i < 4; i++) {
        const int right = -shift.lane[i];
        const int64_t half = right ? INT64_C(1) << (right - 1) : 0;
        value.lane[i] = (int32_t)((value.lane[i] + half) >> right);
    }
    return value;
}

DW_INLINE int8_t dw_mve_saturated(int32_t value, int zero_point)
{
    return dw_output(value, zero_point, INT8_MIN, INT8_MAX);
}

DW_INLINE dw_mve_bytes dw_mve_weave(
    dw_mve_words a, dw_mve_words b, dw_mve_words c, dw_mve_words d, int zero_point)
{
    dw_mve_bytes woven;
    for (int i = 0; i < 4; i++) {
        woven.lane[4 * i] = dw_mve_saturated(a.lane[i], zero_point);
        woven.lane[4 * i + 1] = dw_mve_saturated(b.lane[i], zero_point);
        woven.lane[4 * i + 2] = dw_mve_saturated(c.lane[i], zero_point);
        woven.lane[4 * i + 3] = dw_mve_saturated(d.lane[i], zero_point);
    }
    return woven;
}

DW_INLINE dw_mve_bytes dw_mve_clamp_bytes(dw_mve_bytes value, int minimum, int maximum)
{
    for (int i = 0; i < 16; i++) {
        value.lane[i] = (int8_t)dw_clamped(value.lane[i], minimum, maximum);
    }
    return value;
}

DW_INLINE dw_mve_words dw_mve_same_words(int32_t value)
{
    return dw_mve_words_of(value, value, value, value);
}

DW_INLINE dw_mve_words dw_mve_clamp_words(
    dw_mve_words value, int32_t zero_point, dw_mve_words minimum, dw_mve_words maximum)
{
    for (int i = 0; i < 4; i++) {
        value.lane[i] = dw_output(value.lane[i], zero_point, minimum.lane[i], maximum.lane[i]);
    }
    return value;
}

DW_INLINE void dw_mve_store_words(int8_t *to, dw_mve_words value, int count)
{
    for (int i = 0; i < count && i < 4; i++) {
        to[i] = (int8_t)value.lane[i];
    }
}

DW_INLINE void dw_mve_store_bytes(int8_t *to, dw_mve_bytes value, int count)
{
    for (int i = 0; i < count && i < 16; i++) {
        to[i] = value.lane[i];
    }
}

#endif
