/* SPDX-License-Identifier: 0BSD */
/* Generated code is yours, without conditions; a model's numbers stay under the model's licence. */
/* digits: made by depthwise 0.2.0 from digits.tflite.
 * SHA-256 of the model: 0000000000000000000000000000000000000000000000000000000000000000
 *
 * 281472 multiply-accumulates; 3344 bytes of static RAM; 11595 bytes of constants.
 * Memory map of the static block:
 *         0 ...     10  10, calls 140 to 142
 *         0 ...    768  4 of 4 rows of 4x4x48, calls 124 to 131
 *         0 ...   1024  4 of 4 rows of 4x4x64, calls 132 to 139
 *         0 ...   1024  8 of 8 rows of 8x8x16, calls 19 to 115
 *      1024 ...   1280  sums of layer 12, calls 136 to 139
 *      1024 ...   1792  3 of 16 rows of 16x16x16, calls 8 to 87
 *      1024 ...   1792  3 of 8 rows of 8x8x32, calls 88 to 122
 *      1024 ...   1792  4 of 4 rows of 4x4x48, calls 128 to 135
 *      1280 ...   1344  64, calls 139 to 140
 *      1792 ...   2176  3 of 16 rows of 16x16x8, calls 3 to 85
 *      1792 ...   2560  3 of 8 rows of 8x8x32, calls 91 to 123
 *      2176 ...   2304  1 of 16 rows of 16x16x8, calls 7 to 86
 *      2304 ...   2400  3 of 32 rows of 32x32x1, calls 0 to 81
 *      2560 ...   3072  4 of 4 rows of 4x4x32, calls 101 to 127
 *      3072 ...   3328  1 of 8 rows of 8x8x32, calls 90 to 121
 */
#include "digits.h"

#include <stddef.h>
#include <string.h>

#include "dw_asm.h"
#include "dw_fitted.h"
#include "dw_fixedpoint.h"
#include "dw_plain.h"
#include "dw_plain_dense.h"
#include "dw_plain_depthwise.h"
#include "dw_plain_depthwise_asm.h"
#include "dw_plain_depthwise_thumb2.h"
#include "dw_plain_depthwise_twin.h"
#include "dw_plain_fitted_asm.h"
#include "dw_plain_fours.h"
#include "dw_plain_fours_fitted.h"
#include "dw_plain_fours_rv32.h"
#include "dw_plain_fours_sums.h"
#include "dw_plain_fours_thumb2.h"
#include "dw_plain_fours_twin.h"
#include "dw_plain_plane.h"
#include "dw_plain_scale_asm.h"
#include "dw_plain_thumb2.h"
#include "dw_softmax.h"
#include "digits_weights.h"

#if DW_ARITHMETIC_VERSION != 1
#error "dw_fixedpoint.h is of another depthwise version: export the project again"
#endif

static struct digits_state digits_static_state;

/*
 * CONV_2D 32x32x1 -> 16x16x8, layer 0.
 */
DW_FUNCTION void digits_layer00_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_W = 32, IN_C = 1, OUT_W = 16, OUT_C = 8 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_W = 2 };
    enum { DILATION_W = 1, PAD_LEFT = 0, RUN = KERNEL_W * IN_C };
    enum { INSIDE = 0, INSIDE_END = 15 };
    struct dw_run runs[KERNEL_H];
    int8_t window[KERNEL_H * RUN];
    int x = 0;
    while (x < OUT_W) {
        const int left = x * STRIDE_W - PAD_LEFT;
        const int pixels = x == INSIDE ? INSIDE_END - INSIDE : 1;
        if (x == INSIDE) {
            for (int ky = 0; ky < KERNEL_H; ky++) {
                runs[ky].at = rows[ky] == NULL ? data->outside : rows[ky] + left * IN_C;
                runs[ky].step = rows[ky] == NULL ? 0 : STRIDE_W * IN_C;
            }
            dw_fours(runs, KERNEL_H, RUN, pixels, out, data);
        } else {
            for (int k = 0; k < KERNEL_H * KERNEL_W; k++) {
                const int8_t *const row = rows[k / KERNEL_W];
                const int ix = left + k % KERNEL_W * DILATION_W;
                const int outside = row == NULL || ix < 0 || ix >= IN_W;
                memcpy(window + k * IN_C, outside ? data->outside : row + ix * IN_C, IN_C);
            }
            runs[0].at = window;
            runs[0].step = 0;
            dw_fours(runs, 1, KERNEL_H * RUN, pixels, out, data);
        }
        x += pixels;
        out += pixels * OUT_C;
    }
}

/*
 * DEPTHWISE_CONV_2D 16x16x8 -> 16x16x8, layer 1.
 */
DW_FUNCTION void digits_layer01_depthwise_conv_2d_taps(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    enum { IN_W = 16, CHANNELS = 8, OUT_W = 16, STRIDE_W = 1 };
    enum { KERNEL_H = 3, KERNEL_W = 3, DILATION_W = 1, PAD_LEFT = 1 };
    for (int x = 0; x < OUT_W; x++, out += CHANNELS) {
        const int8_t *taps[KERNEL_H * KERNEL_W], **tap = taps;
        for (int ky = 0; ky < KERNEL_H; ky++) {
            for (int kx = 0; kx < KERNEL_W; kx++) {
                const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                const int outside = rows[ky] == NULL || ix < 0 || ix >= IN_W;
                *tap++ = outside ? data->outside : rows[ky] + ix * CHANNELS;
            }
        }
        dw_depthwise_9(taps, out, data);
    }
}

/*
 * CONV_2D 16x16x8 -> 16x16x16, layer 2.
 */
DW_FUNCTION void digits_layer02_pointwise_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_C = 8, OUT_W = 16, STRIDE_W = 1 };
    struct dw_run pixels = {rows[0], STRIDE_W * IN_C};
    dw_fours(&pixels, 1, IN_C, OUT_W, out, data);
}

/*
 * DEPTHWISE_CONV_2D 16x16x16 -> 8x8x16, layer 3.
 */
DW_FUNCTION void digits_layer03_depthwise_conv_2d_taps(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    enum { IN_W = 16, CHANNELS = 16, OUT_W = 8, STRIDE_W = 2 };
    enum { KERNEL_H = 3, KERNEL_W = 3, DILATION_W = 1, PAD_LEFT = 0 };
    for (int x = 0; x < OUT_W; x++, out += CHANNELS) {
        const int8_t *taps[KERNEL_H * KERNEL_W], **tap = taps;
        for (int ky = 0; ky < KERNEL_H; ky++) {
            for (int kx = 0; kx < KERNEL_W; kx++) {
                const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                const int outside = rows[ky] == NULL || ix < 0 || ix >= IN_W;
                *tap++ = outside ? data->outside : rows[ky] + ix * CHANNELS;
            }
        }
        dw_depthwise_9(taps, out, data);
    }
}

/*
 * CONV_2D 8x8x16 -> 8x8x32, layer 4.
 */
DW_FUNCTION void digits_layer04_pointwise_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_C = 16, OUT_W = 8, STRIDE_W = 1 };
    struct dw_run pixels = {rows[0], STRIDE_W * IN_C};
    dw_fours(&pixels, 1, IN_C, OUT_W, out, data);
}

/*
 * DEPTHWISE_CONV_2D 8x8x32 -> 8x8x32, layer 5.
 */
DW_FUNCTION void digits_layer05_depthwise_conv_2d_taps(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    enum { IN_W = 8, CHANNELS = 32, OUT_W = 8, STRIDE_W = 1 };
    enum { KERNEL_H = 3, KERNEL_W = 3, DILATION_W = 1, PAD_LEFT = 1 };
    for (int x = 0; x < OUT_W; x++, out += CHANNELS) {
        const int8_t *taps[KERNEL_H * KERNEL_W], **tap = taps;
        for (int ky = 0; ky < KERNEL_H; ky++) {
            for (int kx = 0; kx < KERNEL_W; kx++) {
                const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                const int outside = rows[ky] == NULL || ix < 0 || ix >= IN_W;
                *tap++ = outside ? data->outside : rows[ky] + ix * CHANNELS;
            }
        }
        dw_depthwise_9(taps, out, data);
    }
}

/*
 * CONV_2D 8x8x32 -> 8x8x32, layer 6.
 */
DW_FUNCTION void digits_layer06_pointwise_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_C = 32, OUT_W = 8, STRIDE_W = 1 };
    struct dw_run pixels = {rows[0], STRIDE_W * IN_C};
    dw_fours_signed(&pixels, 1, IN_C, OUT_W, out, data);
}

/*
 * ADD 8x8x32 + 8x8x32 -> 8x8x32, layer 7.
 */
DW_LAYER void digits_layer07_add_plane(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_plane *restrict data)
{
    enum { COUNT = 256, SHIFT = 21, FULL = 1 };
    const struct dw_plane plane = *data;
    int i = 0;
    for (; i + 4 <= COUNT; i += 4) {
        dw_on_plane4(a + i, b + i, out + i, plane, SHIFT, FULL);
    }
    for (; i < COUNT; i++) {
        out[i] = dw_on_plane(a[i], b[i], plane, SHIFT, FULL);
    }
}

/*
 * DEPTHWISE_CONV_2D 8x8x32 -> 4x4x32, layer 8.
 */
DW_FUNCTION void digits_layer08_depthwise_conv_2d_taps(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    enum { IN_W = 8, CHANNELS = 32, OUT_W = 4, STRIDE_W = 2 };
    enum { KERNEL_H = 3, KERNEL_W = 3, DILATION_W = 1, PAD_LEFT = 0 };
    for (int x = 0; x < OUT_W; x++, out += CHANNELS) {
        const int8_t *taps[KERNEL_H * KERNEL_W], **tap = taps;
        for (int ky = 0; ky < KERNEL_H; ky++) {
            for (int kx = 0; kx < KERNEL_W; kx++) {
                const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                const int outside = rows[ky] == NULL || ix < 0 || ix >= IN_W;
                *tap++ = outside ? data->outside : rows[ky] + ix * CHANNELS;
            }
        }
        dw_depthwise_9(taps, out, data);
    }
}

/*
 * CONV_2D 4x4x32 -> 4x4x48, layer 9.
 */
DW_FUNCTION void digits_layer09_pointwise_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_C = 32, OUT_W = 4, STRIDE_W = 1 };
    struct dw_run pixels = {rows[0], STRIDE_W * IN_C};
    dw_fours(&pixels, 1, IN_C, OUT_W, out, data);
}

/*
 * DEPTHWISE_CONV_2D 4x4x48 -> 4x4x48, layer 10.
 */
DW_FUNCTION void digits_layer10_depthwise_conv_2d_taps(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_depthwise *restrict data)
{
    enum { IN_W = 4, CHANNELS = 48, OUT_W = 4, STRIDE_W = 1 };
    enum { KERNEL_H = 3, KERNEL_W = 3, DILATION_W = 1, PAD_LEFT = 1 };
    for (int x = 0; x < OUT_W; x++, out += CHANNELS) {
        const int8_t *taps[KERNEL_H * KERNEL_W], **tap = taps;
        for (int ky = 0; ky < KERNEL_H; ky++) {
            for (int kx = 0; kx < KERNEL_W; kx++) {
                const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                const int outside = rows[ky] == NULL || ix < 0 || ix >= IN_W;
                *tap++ = outside ? data->outside : rows[ky] + ix * CHANNELS;
            }
        }
        dw_depthwise_9(taps, out, data);
    }
}

/*
 * CONV_2D 4x4x48 -> 4x4x64, layer 11.
 */
DW_FUNCTION void digits_layer11_pointwise_conv_2d_fours(
    const int8_t *const *rows, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { IN_C = 48, OUT_W = 4, STRIDE_W = 1 };
    struct dw_run pixels = {rows[0], STRIDE_W * IN_C};
    dw_fours(&pixels, 1, IN_C, OUT_W, out, data);
}

/*
 * MEAN 4x4x64 -> 64, layer 12.
 */
DW_FUNCTION bool digits_layer12_mean(int y, const int8_t *restrict row, int32_t *restrict sums,
    int8_t *restrict out, const struct dw_rescale *restrict data)
{
    enum { HEIGHT = 4, WIDTH = 4, CHANNELS = 64 };
    for (int c = 0; c < CHANNELS; c++) {
        int32_t sum = y == 0 ? -data->input_zero_point * (HEIGHT * WIDTH) : sums[c];
        for (int x = 0; x < WIDTH; x++) {
            sum += row[x * CHANNELS + c];
        }
        sums[c] = sum;
    }
    if (y < HEIGHT - 1) {
        return false;
    }
    for (int c = 0; c < CHANNELS; c++) {
        const int32_t scaled = dw_rescale_value(sums[c], data->multiplier, data->shift);
        out[c] = dw_output(scaled, data->output_zero_point, INT8_MIN, INT8_MAX);
    }
    return true;
}

/*
 * FULLY_CONNECTED 64 -> 10, layer 13.
 */
DW_FUNCTION void digits_layer13_fully_connected_fours(
    const int8_t *in, int8_t *restrict out, const struct dw_dense *restrict data)
{
    enum { INPUTS = 64 };
    struct dw_run input = {in, 0};
    dw_fours_signed(&input, 1, INPUTS, 1, out, data);
}

/*
 * SOFTMAX 10 -> 10, layer 14.
 */
DW_FUNCTION void digits_layer14_softmax(
    const int8_t *in, int8_t *out, const struct dw_softmax *restrict data)
{
    enum { COUNT = 10, SUM_INTEGER_BITS = 12, OUTPUT_BITS = 8 };
    int largest = INT8_MIN;
    for (int i = 0; i < COUNT; i++) {
        largest = in[i] > largest ? in[i] : largest;
    }
    int32_t sum = 0; /* Q12.19 */
    for (int i = 0; i < COUNT; i++) {
        const int32_t diff = in[i] - largest;
        if (diff >= data->diff_min) {
            const int32_t x = dw_rescale_value(diff, data->multiplier, data->shift);
            sum += dw_rounding_divide(dw_exp_negative(x), SUM_INTEGER_BITS);
            sum = sum > DW_LARGEST_SUM ? DW_LARGEST_SUM : sum;
        }
    }
    const int zeros = dw_leading_zeros((uint32_t)sum);
    const int32_t mantissa = (int32_t)(((uint32_t)sum << zeros) - UINT32_C(0x80000000));
    const int32_t reciprocal = dw_one_over_one_plus(mantissa);
    const int bits = SUM_INTEGER_BITS - zeros + 31 - OUTPUT_BITS;
    for (int i = 0; i < COUNT; i++) {
        const int32_t diff = in[i] - largest;
        int32_t score = 0;
        if (diff >= data->diff_min) {
            const int32_t x = dw_rescale_value(diff, data->multiplier, data->shift);
            score = dw_doubling_high_multiply(reciprocal, dw_exp_negative(x));
            score = dw_rounding_divide(score, bits);
        }
        out[i] = (int8_t)dw_clamped(score + INT8_MIN, INT8_MIN, INT8_MAX);
    }
}

/* Rows that a window sees, `taps` of them from row `first` downwards; NULL where it hangs over the image. */
DW_FUNCTION void digits_window(const int8_t **rows, int taps, int dilation, int first,
    const int8_t *ring, int height, int depth, int row_bytes)
{
    const int8_t **const end = rows + taps;
    for (int row = first; rows != end; rows++, row += dilation) {
        *rows = row < 0 || row >= height ? NULL : ring + row % depth * row_bytes;
    }
}

/* Computes row y of one step. */
DW_LAYER void digits_run_step(struct digits_state *state, int step, int y)
{
    /* The block, ring by ring: where it lies, how many of the HEIGHT rows of a tensor it holds, the last ones, row r
     * at r % ROWS, and how long a row is. Rings are named by the layer that writes them. */
    enum { IMAGE_OFFSET = 2304, IMAGE_ROWS = 3, IMAGE_HEIGHT = 32, IMAGE_ROW_BYTES = 32 };
    enum { RING00_OFFSET = 1792, RING00_ROWS = 3, RING00_HEIGHT = 16, RING00_ROW_BYTES = 128 };
    enum { RING01_OFFSET = 2176, RING01_ROWS = 1, RING01_HEIGHT = 16, RING01_ROW_BYTES = 128 };
    enum { RING02_OFFSET = 1024, RING02_ROWS = 3, RING02_HEIGHT = 16, RING02_ROW_BYTES = 256 };
    enum { RING03_OFFSET = 0, RING03_ROWS = 8, RING03_HEIGHT = 8, RING03_ROW_BYTES = 128 };
    enum { RING04_OFFSET = 1024, RING04_ROWS = 3, RING04_HEIGHT = 8, RING04_ROW_BYTES = 256 };
    enum { RING05_OFFSET = 3072, RING05_ROWS = 1, RING05_HEIGHT = 8, RING05_ROW_BYTES = 256 };
    enum { RING06_OFFSET = 1792, RING06_ROWS = 3, RING06_HEIGHT = 8, RING06_ROW_BYTES = 256 };
    enum {
        RING07_OFFSET = RING06_OFFSET,
        RING07_ROWS = 3,
        RING07_HEIGHT = 8,
        RING07_ROW_BYTES = 256
    };
    enum { RING08_OFFSET = 2560, RING08_ROWS = 4, RING08_HEIGHT = 4, RING08_ROW_BYTES = 128 };
    enum { RING09_OFFSET = 0, RING09_ROWS = 4, RING09_HEIGHT = 4, RING09_ROW_BYTES = 192 };
    enum { RING10_OFFSET = 1024, RING10_ROWS = 4, RING10_HEIGHT = 4, RING10_ROW_BYTES = 192 };
    enum { RING11_OFFSET = 0, RING11_ROWS = 4, RING11_HEIGHT = 4, RING11_ROW_BYTES = 256 };
    enum { RING12_OFFSET = 1280, RING12_ROWS = 1, RING12_HEIGHT = 1, RING12_ROW_BYTES = 64 };
    enum { RING13_OFFSET = 0, RING13_ROWS = 1, RING13_HEIGHT = 1, RING13_ROW_BYTES = 10 };
    enum {
        RING14_OFFSET = RING13_OFFSET,
        RING14_ROWS = 1,
        RING14_HEIGHT = 1,
        RING14_ROW_BYTES = 10
    };
    enum { SUMS12_WORD = 256 };
    int8_t *const block = state->block.bytes;
    switch (step) {
    case 1: { /* 0: 16x16x8 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y * 2, block + IMAGE_OFFSET, IMAGE_HEIGHT, IMAGE_ROWS, IMAGE_ROW_BYTES);
        int8_t *const out = block + RING00_OFFSET + y % RING00_ROWS * RING00_ROW_BYTES;
        digits_layer00_conv_2d_fours(rows, out, &digits_data00);
        break;
    }
    case 2: { /* 1: 16x16x8 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y - 1, block + RING00_OFFSET, RING00_HEIGHT, RING00_ROWS, RING00_ROW_BYTES);
        int8_t *const out = block + RING01_OFFSET;
        digits_layer01_depthwise_conv_2d_taps(rows, out, &digits_data01);
        break;
    }
    case 3: { /* 2: 16x16x16 */
        const int8_t *const in = block + RING01_OFFSET;
        int8_t *const out = block + RING02_OFFSET + y % RING02_ROWS * RING02_ROW_BYTES;
        digits_layer02_pointwise_conv_2d_fours(&in, out, &digits_data02);
        break;
    }
    case 4: { /* 3: 8x8x16 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y * 2, block + RING02_OFFSET, RING02_HEIGHT, RING02_ROWS, RING02_ROW_BYTES);
        int8_t *const out = block + RING03_OFFSET + y * RING03_ROW_BYTES;
        digits_layer03_depthwise_conv_2d_taps(rows, out, &digits_data03);
        break;
    }
    case 5: { /* 4: 8x8x32 */
        const int8_t *const in = block + RING03_OFFSET + y * RING03_ROW_BYTES;
        int8_t *const out = block + RING04_OFFSET + y % RING04_ROWS * RING04_ROW_BYTES;
        digits_layer04_pointwise_conv_2d_fours(&in, out, &digits_data04);
        break;
    }
    case 6: { /* 5: 8x8x32 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y - 1, block + RING04_OFFSET, RING04_HEIGHT, RING04_ROWS, RING04_ROW_BYTES);
        int8_t *const out = block + RING05_OFFSET;
        digits_layer05_depthwise_conv_2d_taps(rows, out, &digits_data05);
        break;
    }
    case 7: { /* 6: 8x8x32 */
        const int8_t *const in = block + RING05_OFFSET;
        int8_t *const out = block + RING06_OFFSET + y % RING06_ROWS * RING06_ROW_BYTES;
        digits_layer06_pointwise_conv_2d_fours(&in, out, &digits_data06);
        break;
    }
    case 8: { /* 7: 8x8x32 */
        const int8_t *const a = block + RING04_OFFSET + y % RING04_ROWS * RING04_ROW_BYTES;
        const int8_t *const b = block + RING06_OFFSET + y % RING06_ROWS * RING06_ROW_BYTES;
        int8_t *const out = block + RING07_OFFSET + y % RING07_ROWS * RING07_ROW_BYTES;
        digits_layer07_add_plane(a, b, out, &digits_data07);
        break;
    }
    case 9: { /* 8: 4x4x32 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y * 2, block + RING07_OFFSET, RING07_HEIGHT, RING07_ROWS, RING07_ROW_BYTES);
        int8_t *const out = block + RING08_OFFSET + y * RING08_ROW_BYTES;
        digits_layer08_depthwise_conv_2d_taps(rows, out, &digits_data08);
        break;
    }
    case 10: { /* 9: 4x4x48 */
        const int8_t *const in = block + RING08_OFFSET + y * RING08_ROW_BYTES;
        int8_t *const out = block + RING09_OFFSET + y * RING09_ROW_BYTES;
        digits_layer09_pointwise_conv_2d_fours(&in, out, &digits_data09);
        break;
    }
    case 11: { /* 10: 4x4x48 */
        const int8_t *rows[3];
        digits_window(
            rows, 3, 1, y - 1, block + RING09_OFFSET, RING09_HEIGHT, RING09_ROWS, RING09_ROW_BYTES);
        int8_t *const out = block + RING10_OFFSET + y * RING10_ROW_BYTES;
        digits_layer10_depthwise_conv_2d_taps(rows, out, &digits_data10);
        break;
    }
    case 12: { /* 11: 4x4x64 */
        const int8_t *const in = block + RING10_OFFSET + y * RING10_ROW_BYTES;
        int8_t *const out = block + RING11_OFFSET + y * RING11_ROW_BYTES;
        digits_layer11_pointwise_conv_2d_fours(&in, out, &digits_data11);
        break;
    }
    case 13: { /* 12: 64 */
        const int8_t *const in = block + RING11_OFFSET + y * RING11_ROW_BYTES;
        int32_t *const sums = state->block.words + SUMS12_WORD;
        int8_t *const out = block + RING12_OFFSET;
        digits_layer12_mean(y, in, sums, out, &digits_data12);
        break;
    }
    case 14: { /* 13: 10 */
        const int8_t *const in = block + RING12_OFFSET;
        int8_t *const out = block + RING13_OFFSET;
        digits_layer13_fully_connected_fours(in, out, &digits_data13);
        break;
    }
    case 15: { /* 14: 10 */
        const int8_t *const in = block + RING13_OFFSET;
        int8_t *const out = block + RING14_OFFSET;
        digits_layer14_softmax(in, out, &digits_data14);
        break;
    }
    default:
        break;
    }
}

/* Runs all steps from a place in the order up to the next row of the image; returns that row's place. */
DW_FUNCTION int digits_advance(struct digits_state *state, int next)
{
    while (next < DIGITS_ENTRIES) {
        const int entry = digits_order[next];
        const int step = entry & DIGITS_STEP;
        if (entry == 0) {
            break;
        }
        int calls = 1;
        next++;
        if (entry & DIGITS_REPEAT) {
            calls = digits_order[next++];
        }
        for (; calls > 0; calls--) {
            /* What has no counter is called once: it is row 0, and no counter moves. */
            const int counted = step < DIGITS_COUNTED;
            uint8_t *const count = &state->calls[counted * step];
            const int y = counted * *count;
            *count = (uint8_t)(*count + counted);
            digits_run_step(state, step, y);
        }
    }
    state->next = (uint16_t)next;
    return next;
}

void digits_begin(void)
{
    enum { STATE_BYTES = sizeof(struct digits_state), PROMISED_BYTES = DIGITS_RAM_BYTES };
    struct digits_state *const own = &digits_static_state;
    /* The promise of the header, to the byte. */
    (void)sizeof(char[STATE_BYTES == PROMISED_BYTES ? 1 : -1]);
    memset(own->calls, 0, sizeof own->calls);
    digits_advance(own, 0); /* rows that are padding alone need no image */
}

bool digits_push_row(const int8_t *row)
{
    enum { IMAGE_OFFSET = 2304, IMAGE_ROWS = 3, IMAGE_HEIGHT = 32, IMAGE_ROW_BYTES = 32 };
    struct digits_state *const own = &digits_static_state;
    int next = own->next;
    if (next < DIGITS_ENTRIES) {
        const int y = own->calls[0]++;
        int8_t *const to = own->block.bytes + IMAGE_OFFSET + y % IMAGE_ROWS * IMAGE_ROW_BYTES;
        memcpy(to, row, IMAGE_ROW_BYTES);
        next = digits_advance(own, next + 1);
    }
    return next == DIGITS_ENTRIES;
}

void digits_scores(int8_t *scores)
{
    enum { OUTPUT_OFFSET = 0 };
    const struct digits_state *const own = &digits_static_state;
    memcpy(scores, own->block.bytes + OUTPUT_OFFSET, DIGITS_OUTPUT_SIZE);
}

void digits_run(const int8_t *image, int8_t *scores)
{
    digits_begin();
    for (int y = 0; y < DIGITS_INPUT_ROWS; y++) {
        digits_push_row(image + y * DIGITS_INPUT_ROW_BYTES);
    }
    digits_scores(scores);
}
