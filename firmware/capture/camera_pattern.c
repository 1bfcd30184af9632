/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for a camera: pictures of the size that the network takes, with stripes that move from one to the
 * next. A function of your own takes the place of each one here. */
#include "camera.h"
#include "camera_size.h"

enum { WIDTH = DW_CAMERA_WIDTH, CHANNELS = DW_CAMERA_CHANNELS };

static uint32_t pictures;

__attribute__((weak)) struct dw_camera_format dw_camera_format(void)
{
    const struct dw_camera_format format = {DW_CAMERA_HEIGHT, WIDTH, CHANNELS, DW_CAMERA_U8};
    return format;
}

__attribute__((weak)) bool dw_camera_begin(void)
{
    pictures++;
    return true;
}

__attribute__((weak)) const void *dw_camera_row(int row)
{
    static uint8_t values[WIDTH * CHANNELS];
    for (int i = 0; i < WIDTH * CHANNELS; i++) {
        const int x = i / CHANNELS, channel = i % CHANNELS;
        values[i] = (uint8_t)(5 * x + 3 * row + 80 * channel + 16 * (int)(pictures % 16));
    }
    return values;
}
