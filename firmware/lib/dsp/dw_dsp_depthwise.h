/* SPDX-License-Identifier: Apache-2.0 */
/* DEPTHWISE_CONV_2D 3x3 over rows that lie channel after channel, [C][W]; writes [W][C].
 *
 * A word of four neighbouring columns c0 c1 c2 c3 of one channel has the lanes (c0,c2) and (c1,c3).
 * With the weights' lanes (w0,w2) and w1, output c1 is (c0,c2)(w0,w2) + c1 w1, and its neighbour
 * (c1,c3)(w0,w2) + c2 w1: two multiplying instructions for three taps. At an edge the word is
 * loaded further inside, shifted, and a zero point is put where the image ends. Needs W >= 4.
 */
#ifndef DW_DSP_DEPTHWISE_H
#define DW_DSP_DEPTHWISE_H

#include "dw_dsp.h"

/* One channel: twice its weights as lanes (w0,w2) of each row, (w1 of row 0, of row 1), w1 of row
 * 2; twice its bias, zero points folded in. */
struct dw_channel {
    uint32_t outer[3];
    uint32_t inner01;
    uint32_t inner2;
    int32_t doubled_bias;
    struct dw_scale scale;
};

/* A layer: its channels, and a row of zero points for rows outside of the image. */
struct dw_columns {
    const struct dw_channel *channels;
    const int8_t *border;
};

/* Where a channel's rows are read and its outputs written. */
struct dw_lane {
    const int8_t *row0;
    const int8_t *row1;
    const int8_t *row2;
    int8_t *out;
};

/* Finds the first channel's rows; a row outside of the image is the row `border`, again and again. */
DW_INLINE void dw_depthwise_begin(
    struct dw_lane *lane, int *steps, const int8_t *const *rows, const int8_t *border, int width)
{
    lane->row0 = rows[0] ? rows[0] : border;
    lane->row1 = rows[1] ? rows[1] : border;
    lane->row2 = rows[2] ? rows[2] : border;
    for (int k = 0; k < 3; k++) {
        steps[k] = rows[k] ? width : 0;
    }
}

/* How a row ends: with outputs that stay inside; with two that reach over the right edge; with a
 * single one that does; with a single one that does not. */
enum { DW_TAIL_NONE, DW_TAIL_TWO, DW_TAIL_ONE, DW_TAIL_INSIDE };

#if DW_HAS_DSP

/* Loads of a word for the columns at hand, `step` columns on afterwards: in the middle; at the left
 * edge (column -1 is outside); at the right edge for two outputs, for one; for one without padding. */
/* clang-format off */
#define DW_LOAD_MIDDLE(x, row) "ldr " x ", [" row "], %[step]\n"
#define DW_EDGE_MIDDLE(x) ""
#define DW_LOAD_LEFT(x, row) "ldr " x ", [" row "], #1\n"
#define DW_EDGE_LEFT(x) \
    "lsl " x ", " x ", #8\n mov %[e], %[zero]\n bfi " x ", %[e], #0, #8\n"
#define DW_LOAD_RIGHT(x, row) "ldr " x ", [" row ", #-1]\n"
#define DW_EDGE_RIGHT(x) \
    "lsr " x ", " x ", #8\n mov %[e], %[zero]\n bfi " x ", %[e], #24, #8\n"
#define DW_LOAD_RIGHT1(x, row) "ldr " x ", [" row ", #-2]\n"
#define DW_EDGE_RIGHT1(x) \
    "lsr " x ", " x ", #16\n mov %[e], %[zero]\n bfi " x ", %[e], #16, #8\n"
#define DW_LOAD_INSIDE1(x, row) "ldr " x ", [" row ", #-1]\n"
#define DW_EDGE_INSIDE1(x) "lsr " x ", " x ", #8\n"

#define DW_MAC0(x, outer, inner, which) \
    "smlad %[s0], %[e], " outer ", %[s0]\n smlab" which " %[s0], " x ", " inner ", %[s0]\n"
#define DW_MAC1(x, outer, inner, which) \
    "smlat" which " %[s1], %[e], " inner ", %[s1]\n smlad %[s1], " x ", " outer ", %[s1]\n"
#define DW_NO_MAC(x, outer, inner, which) ""
#define DW_ROW(edge, mac1, x, outer, inner, which) \
    edge(x) "sxtb16 %[e], " x "\n sxtb16 " x ", " x ", ror #8\n" DW_MAC0(x, outer, inner, which) \
        mac1(x, outer, inner, which)
#define DW_ROWS(load, edge, mac1) \
    load("%[y]", "%[row1]") \
    DW_ROW(edge, mac1, "%[x]", "%[o0]", "%[i01]", "b") \
    DW_ROW(edge, mac1, "%[y]", "%[o1]", "%[i01]", "t") \
    load("%[x]", "%[row2]") \
    DW_ROW(edge, mac1, "%[x]", "%[o2]", "%[i2]", "b")
#define DW_SCALE "ldr %[e], %[multiplier]\n ldr %[x], %[offset]\n ldr %[y], %[shift]\n"
#define DW_SCALED(s) \
    "smmlar " s ", " s ", %[e], %[x]\n asr " s ", %[y]\n ssat " s ", #8, " s "\n"
#define DW_SCALED_SIGNED(s) \
    "smmulr " s ", " s ", %[e]\n add " s ", " s ", " s ", asr #31\n add " s ", %[x]\n" \
    "asr " s ", %[y]\n ssat " s ", #8, " s "\n"
#define DW_TWO(load, edge, scaled) \
    "ldr %[s0], %[bias]\n" load("%[x]", "%[row0]") "mov %[s1], %[s0]\n" \
    DW_ROWS(load, edge, DW_MAC1) DW_SCALE scaled("%[s0]") scaled("%[s1]") \
    "strb %[s1], [%[out], %[channels]]\n strb %[s0], [%[out]]\n add %[out], %[twice]\n"
#define DW_ONE(load, edge, scaled) \
    "ldr %[s0], %[bias]\n" load("%[x]", "%[row0]") \
    DW_ROWS(load, edge, DW_NO_MAC) DW_SCALE scaled("%[s0]") \
    "strb %[s0], [%[out]]\n add %[out], %[channels]\n"
#define DW_LOOP_TO_END(body) "1:\n" body "ldr %[x], %[end]\n cmp %[x], %[row0]\n bne 1b\n"

#define DW_VARIABLES \
    [row0] "+r"(lane.row0), [row1] "+r"(lane.row1), [row2] "+r"(lane.row2), [out] "+r"(lane.out), \
        [s0] "=&r"(s0), [x] "=&r"(x), [y] "=&r"(y), [e] "=&r"(e)
#define DW_CONSTANTS \
    [o0] "r"(o0), [o1] "r"(o1), [o2] "r"(o2), [i01] "r"(i01), [i2] "r"(i2), [bias] "m"(bias), \
        [multiplier] "m"(multiplier), [offset] "m"(offset), [shift] "m"(shift), [end] "m"(end), \
        [channels] "i"(channels), [twice] "i"(2 * channels), [step] "i"(step), \
        [zero] "i"(zero & 255)
#define DW_ASM_ONE(code) __asm__ volatile(code : DW_VARIABLES : DW_CONSTANTS : "cc", "memory")
#define DW_ASM_TWO(code) \
    __asm__ volatile(code : DW_VARIABLES, [s1] "=&r"(s1) : DW_CONSTANTS : "cc", "memory")
#define DW_RUN(assembly, how, load, edge) \
    do { \
        if (is_signed) { \
            assembly(how(load, edge, DW_SCALED_SIGNED)); \
        } else { \
            assembly(how(load, edge, DW_SCALED)); \
        } \
    } while (0)
#define DW_TWO_TO_END(load, edge, scaled) \
    DW_LOOP_TO_END(DW_TWO(load, edge, scaled) DW_TWO(load, edge, scaled))
#define DW_ONE_TO_END(load, edge, scaled) \
    DW_LOOP_TO_END(DW_ONE(load, edge, scaled) DW_ONE(load, edge, scaled))
/* clang-format on */

/* One channel of one output row; all but the first two parameters are constants. The left edge if
 * `pad` is 1, `middle` steps of two outputs (stride 1) or one, then what `tail` says. */
DW_INLINE void dw_depthwise_channel(struct dw_lane lane, const struct dw_channel *c, int width,
    int outputs, int stride, int pad, int middle, int tail, int channels, int zero, int is_signed)
{
    enum { step = 2 };
    const uint32_t o0 = c->outer[0], o1 = c->outer[1], o2 = c->outer[2];
    const uint32_t i01 = c->inner01, i2 = c->inner2;
    int32_t bias = c->doubled_bias, multiplier = c->scale.multiplier;
    int32_t offset = c->scale.offset, shift = c->scale.shift;
    const int8_t *end = lane.row0 + pad + step * middle;
    int32_t s0, s1;
    uint32_t x, y, e;
    (void)s1;
    (void)width;
    (void)outputs;
    /* All fourteen registers are taken: these stay on the stack. */
    __asm__("" : "+m"(bias), "+m"(multiplier), "+m"(offset), "+m"(shift), "+m"(end));
    if (pad && stride == 1) {
        DW_RUN(DW_ASM_TWO, DW_TWO, DW_LOAD_LEFT, DW_EDGE_LEFT);
    } else if (pad) {
        DW_RUN(DW_ASM_ONE, DW_ONE, DW_LOAD_LEFT, DW_EDGE_LEFT);
    }
    if (middle % 2 && stride == 1) {
        DW_RUN(DW_ASM_TWO, DW_TWO, DW_LOAD_MIDDLE, DW_EDGE_MIDDLE);
    } else if (middle % 2) {
        DW_RUN(DW_ASM_ONE, DW_ONE, DW_LOAD_MIDDLE, DW_EDGE_MIDDLE);
    }
    if (middle > 1 && stride == 1) {
        DW_RUN(DW_ASM_TWO, DW_TWO_TO_END, DW_LOAD_MIDDLE, DW_EDGE_MIDDLE);
    } else if (middle > 1) {
        DW_RUN(DW_ASM_ONE, DW_ONE_TO_END, DW_LOAD_MIDDLE, DW_EDGE_MIDDLE);
    }
    if (tail == DW_TAIL_TWO) {
        DW_RUN(DW_ASM_TWO, DW_TWO, DW_LOAD_RIGHT, DW_EDGE_RIGHT);
    } else if (tail == DW_TAIL_ONE) {
        DW_RUN(DW_ASM_ONE, DW_ONE, DW_LOAD_RIGHT1, DW_EDGE_RIGHT1);
    } else if (tail == DW_TAIL_INSIDE) {
        DW_RUN(DW_ASM_ONE, DW_ONE, DW_LOAD_INSIDE1, DW_EDGE_INSIDE1);
    }
}

#else

DW_INLINE int32_t dw_column(const int8_t *row, int column, int width, int zero)
{
    return column < 0 || column >= width ? zero : row[column];
}

DW_INLINE void dw_depthwise_channel(struct dw_lane lane, const struct dw_channel *c, int width,
    int outputs, int stride, int pad, int middle, int tail, int channels, int zero, int is_signed)
{
    const int8_t *const rows[3] = {lane.row0, lane.row1, lane.row2};
    const uint32_t inner[3] = {c->inner01, c->inner01 >> 16, c->inner2};
    (void)middle;
    (void)tail;
    for (int x = 0; x < outputs; x++) {
        const int left = x * stride - pad;
        int32_t sum = c->doubled_bias;
        for (int k = 0; k < 3; k++) {
            sum += dw_column(rows[k], left, width, zero) * dw_lane(c->outer[k], 0);
            sum += dw_column(rows[k], left + 1, width, zero) * dw_lane(inner[k], 0);
            sum += dw_column(rows[k], left + 2, width, zero) * dw_lane(c->outer[k], 1);
        }
        lane.out[x * channels] =
            is_signed ? dw_scaled_signed(sum, c->scale) : dw_scaled(sum, c->scale);
    }
}

#endif
#endif
