/* SPDX-License-Identifier: Apache-2.0 */
/* What `depthwise capture` takes pictures from. The functions here are yours to write, in a file of your own
 * beside this one (or with your camera's driver); until there are some, camera_pattern.c makes pictures up.
 * Rows of features, as of a microphone, are taken the same way: a "picture" is [height][width][channels]. */
#ifndef DW_CAMERA_H
#define DW_CAMERA_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum dw_camera_type {
    DW_CAMERA_U8 = 0, /* pixels: a PNG of 1 or 3 channels (gray, or red, green, blue) */
    DW_CAMERA_I8 = 1,
    DW_CAMERA_I16 = 2,
    DW_CAMERA_F32 = 3
};

struct dw_camera_format {
    uint16_t height, width, channels;
    uint8_t type;
};

/* What the pictures are: always the same. No size is 0, a row has at most 65,535 bytes. */
struct dw_camera_format dw_camera_format(void);

/* Takes the next picture, or lets the sensor begin with it. False: it does not answer. */
bool dw_camera_begin(void);

/* Row `row` of the picture, width * channels values, least significant byte first. Rows are asked for once
 * each, in order from 0; the memory stays as it is until the next call. NULL: the sensor does not answer. */
const void *dw_camera_row(int row);

#ifdef __cplusplus
}
#endif

#endif
