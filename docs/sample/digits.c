/* digits: made by depthwise 0.1.0 from digits.tflite.
 * SHA-256 of the model: 0000000000000000000000000000000000000000000000000000000000000000
 *
 * 281472 multiply-accumulates; 6144 bytes of static RAM; 11322 bytes of constants.
 * Memory map of the static block:
 *         0 ...   2048  16x16x8, layers 0 to 1
 *      4096 ...   6144  16x16x8, layers 1 to 2
 *         0 ...   4096  16x16x16, layers 2 to 3
 *      4096 ...   5120  8x8x16, layers 3 to 4
 *         0 ...   2048  8x8x32, layers 4 to 8
 *      2048 ...   4096  8x8x32, layers 5 to 6
 *      4096 ...   6144  8x8x32, layers 6 to 7
 *      2048 ...   2560  4x4x32, layers 8 to 9
 *         0 ...    768  4x4x48, layers 9 to 10
 *      1024 ...   1792  4x4x48, layers 10 to 11
 *         0 ...   1024  4x4x64, layers 11 to 12
 *      1024 ...   1088  64, layers 12 to 13
 */
#include "digits.h"

#include <stddef.h>
#include <string.h>

#include "dw_fixedpoint.h"
#include "dw_softmax.h"
#include "digits_weights.h"

#if DW_ARITHMETIC_VERSION != 1
#error "dw_fixedpoint.h is of another depthwise version: export the project again"
#endif

static union {
    int32_t aligned;
    int8_t bytes[6144];
} state;

/*
 * CONV_2D 32x32x1 -> 16x16x8, layer 0.
 */
static void layer00_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 32, IN_W = 32, IN_C = 1 };
    enum { OUT_H = 16, OUT_W = 16, OUT_C = 8 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 2, STRIDE_W = 2 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * DEPTHWISE_CONV_2D 16x16x8 -> 16x16x8, layer 1.
 */
static void layer01_depthwise_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 16, IN_W = 16, IN_C = 8, MULTIPLIER = 1 };
    enum { OUT_H = 16, OUT_W = 16, OUT_C = 8 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 1, PAD_LEFT = 1 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            for (int o = 0; o < OUT_C; o++) {
                const int8_t *weight = data->weights + o;
                int32_t sum = data->bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weight += OUT_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            sum += *weight * data->input_zero_point;
                            continue;
                        }
                        sum += *weight * in[(iy * IN_W + ix) * IN_C + o / MULTIPLIER];
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * CONV_2D 16x16x8 -> 16x16x16, layer 2.
 */
static void layer02_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 16, IN_W = 16, IN_C = 8 };
    enum { OUT_H = 16, OUT_W = 16, OUT_C = 16 };
    enum { KERNEL_H = 1, KERNEL_W = 1, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * DEPTHWISE_CONV_2D 16x16x16 -> 8x8x16, layer 3.
 */
static void layer03_depthwise_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 16, IN_W = 16, IN_C = 16, MULTIPLIER = 1 };
    enum { OUT_H = 8, OUT_W = 8, OUT_C = 16 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 2, STRIDE_W = 2 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            for (int o = 0; o < OUT_C; o++) {
                const int8_t *weight = data->weights + o;
                int32_t sum = data->bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weight += OUT_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            sum += *weight * data->input_zero_point;
                            continue;
                        }
                        sum += *weight * in[(iy * IN_W + ix) * IN_C + o / MULTIPLIER];
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * CONV_2D 8x8x16 -> 8x8x32, layer 4.
 */
static void layer04_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 8, IN_W = 8, IN_C = 16 };
    enum { OUT_H = 8, OUT_W = 8, OUT_C = 32 };
    enum { KERNEL_H = 1, KERNEL_W = 1, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * DEPTHWISE_CONV_2D 8x8x32 -> 8x8x32, layer 5.
 */
static void layer05_depthwise_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 8, IN_W = 8, IN_C = 32, MULTIPLIER = 1 };
    enum { OUT_H = 8, OUT_W = 8, OUT_C = 32 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 1, PAD_LEFT = 1 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            for (int o = 0; o < OUT_C; o++) {
                const int8_t *weight = data->weights + o;
                int32_t sum = data->bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weight += OUT_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            sum += *weight * data->input_zero_point;
                            continue;
                        }
                        sum += *weight * in[(iy * IN_W + ix) * IN_C + o / MULTIPLIER];
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * CONV_2D 8x8x32 -> 8x8x32, layer 6.
 */
static void layer06_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 8, IN_W = 8, IN_C = 32 };
    enum { OUT_H = 8, OUT_W = 8, OUT_C = 32 };
    enum { KERNEL_H = 1, KERNEL_W = 1, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * ADD 8x8x32 + 8x8x32 -> 8x8x32, layer 7.
 */
static void layer07_add(
    const int8_t *a, const int8_t *b, int8_t *out, const struct dw_add *restrict data)
{
    enum { COUNT = 2048, LEFT_SHIFT = 20 };
    for (int i = 0; i < COUNT; i++) {
        const int32_t p = dw_shift_left(a[i] - data->input1_zero_point, LEFT_SHIFT);
        const int32_t q = dw_shift_left(b[i] - data->input2_zero_point, LEFT_SHIFT);
        int32_t sum = dw_rescale_value(p, data->input1_multiplier, data->input1_shift) +
                      dw_rescale_value(q, data->input2_multiplier, data->input2_shift);
        sum = dw_rescale_value(sum, data->output_multiplier, data->output_shift);
        out[i] = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
    }
}

/*
 * DEPTHWISE_CONV_2D 8x8x32 -> 4x4x32, layer 8.
 */
static void layer08_depthwise_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 8, IN_W = 8, IN_C = 32, MULTIPLIER = 1 };
    enum { OUT_H = 4, OUT_W = 4, OUT_C = 32 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 2, STRIDE_W = 2 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            for (int o = 0; o < OUT_C; o++) {
                const int8_t *weight = data->weights + o;
                int32_t sum = data->bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weight += OUT_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            sum += *weight * data->input_zero_point;
                            continue;
                        }
                        sum += *weight * in[(iy * IN_W + ix) * IN_C + o / MULTIPLIER];
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * CONV_2D 4x4x32 -> 4x4x48, layer 9.
 */
static void layer09_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 4, IN_W = 4, IN_C = 32 };
    enum { OUT_H = 4, OUT_W = 4, OUT_C = 48 };
    enum { KERNEL_H = 1, KERNEL_W = 1, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * DEPTHWISE_CONV_2D 4x4x48 -> 4x4x48, layer 10.
 */
static void layer10_depthwise_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 4, IN_W = 4, IN_C = 48, MULTIPLIER = 1 };
    enum { OUT_H = 4, OUT_W = 4, OUT_C = 48 };
    enum { KERNEL_H = 3, KERNEL_W = 3, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 1, PAD_LEFT = 1 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            for (int o = 0; o < OUT_C; o++) {
                const int8_t *weight = data->weights + o;
                int32_t sum = data->bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weight += OUT_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            sum += *weight * data->input_zero_point;
                            continue;
                        }
                        sum += *weight * in[(iy * IN_W + ix) * IN_C + o / MULTIPLIER];
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * CONV_2D 4x4x48 -> 4x4x64, layer 11.
 */
static void layer11_conv_2d(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { IN_H = 4, IN_W = 4, IN_C = 48 };
    enum { OUT_H = 4, OUT_W = 4, OUT_C = 64 };
    enum { KERNEL_H = 1, KERNEL_W = 1, STRIDE_H = 1, STRIDE_W = 1 };
    enum { DILATION_H = 1, DILATION_W = 1, PAD_TOP = 0, PAD_LEFT = 0 };
    for (int y = 0; y < OUT_H; y++) {
        for (int x = 0; x < OUT_W; x++) {
            const int8_t *weights = data->weights;
            const int32_t *bias = data->bias;
            for (int o = 0; o < OUT_C; o++) {
                int32_t sum = bias[o];
                for (int ky = 0; ky < KERNEL_H; ky++) {
                    const int iy = y * STRIDE_H + ky * DILATION_H - PAD_TOP;
                    for (int kx = 0; kx < KERNEL_W; kx++, weights += IN_C) {
                        const int ix = x * STRIDE_W + kx * DILATION_W - PAD_LEFT;
                        if (iy < 0 || iy >= IN_H || ix < 0 || ix >= IN_W) {
                            for (int i = 0; i < IN_C; i++) {
                                sum += weights[i] * data->input_zero_point;
                            }
                            continue;
                        }
                        const int8_t *pixel = in + (iy * IN_W + ix) * IN_C;
                        for (int i = 0; i < IN_C; i++) {
                            sum += weights[i] * pixel[i];
                        }
                    }
                }
                sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
                *out++ = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
            }
        }
    }
}

/*
 * MEAN 4x4x64 -> 64, layer 12.
 */
static void layer12_mean(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_rescale *restrict data)
{
    enum { POSITIONS = 16, CHANNELS = 64 };
    for (int c = 0; c < CHANNELS; c++) {
        int32_t sum = -data->input_zero_point * POSITIONS;
        for (int i = 0; i < POSITIONS; i++) {
            sum += in[i * CHANNELS + c];
        }
        sum = dw_rescale_value(sum, data->multiplier, data->shift);
        out[c] = dw_output(sum, data->output_zero_point, INT8_MIN, INT8_MAX);
    }
}

/*
 * FULLY_CONNECTED 64 -> 10, layer 13.
 */
static void layer13_fully_connected(
    const int8_t *restrict in, int8_t *restrict out, const struct dw_conv *restrict data)
{
    enum { INPUTS = 64, OUTPUTS = 10 };
    const int8_t *weights = data->weights;
    for (int o = 0; o < OUTPUTS; o++, weights += INPUTS) {
        int32_t sum = data->bias[o];
        for (int i = 0; i < INPUTS; i++) {
            sum += weights[i] * in[i];
        }
        sum = dw_rescale_value(sum, data->multipliers[o], data->shifts[o]);
        out[o] = dw_output(sum, data->output_zero_point, data->minimum, data->maximum);
    }
}

/*
 * SOFTMAX 10 -> 10, layer 14.
 */
static void layer14_softmax(const int8_t *in, int8_t *out, const struct dw_softmax *restrict data)
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

void digits_run(const int8_t *image, int8_t *scores)
{
    int8_t *const block = state.bytes;

    layer00_conv_2d(image, block, &data00); /* 0: 16x16x8 */
    layer01_depthwise_conv_2d(block, block + 4096, &data01); /* 1: 16x16x8 */
    layer02_conv_2d(block + 4096, block, &data02); /* 2: 16x16x16 */
    layer03_depthwise_conv_2d(block, block + 4096, &data03); /* 3: 8x8x16 */
    layer04_conv_2d(block + 4096, block, &data04); /* 4: 8x8x32 */
    layer05_depthwise_conv_2d(block, block + 2048, &data05); /* 5: 8x8x32 */
    layer06_conv_2d(block + 2048, block + 4096, &data06); /* 6: 8x8x32 */
    layer07_add(block, block + 4096, block, &data07); /* 7: 8x8x32 */
    layer08_depthwise_conv_2d(block, block + 2048, &data08); /* 8: 4x4x32 */
    layer09_conv_2d(block + 2048, block, &data09); /* 9: 4x4x48 */
    layer10_depthwise_conv_2d(block, block + 1024, &data10); /* 10: 4x4x48 */
    layer11_conv_2d(block + 1024, block, &data11); /* 11: 4x4x64 */
    layer12_mean(block, block + 1024, &data12); /* 12: 64 */
    layer13_fully_connected(block + 1024, scores, &data13); /* 13: 10 */
    layer14_softmax(scores, scores, &data14); /* 14: 10 */
}
