/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of the board's own camera, row by row, for the host. See docs/reference/protocol.md, "Pictures". */
#ifndef DW_CAPTURE_H
#define DW_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As enum dw_command and enum dw_status go on (session.h). */
enum dw_capture_command { DW_CAMERA = 16, DW_TAKE = 17, DW_ROW = 18 };

enum dw_capture_status { DW_CAMERA_FAILED = 8 };

/* Answers a request in its place if it is for the camera; else false, and nothing is changed. */
bool dw_capture_answer(uint8_t *request, size_t count);

#endif
