/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include <string.h>

#include "camera.h"
#include "link.h"
#include "session.h"

/* The picture that is being fetched, by the number that the host gave it, and the row that lies at `values`. */
static bool taken;
static uint32_t picture;
static int row;
static const uint8_t *values;

static uint32_t number(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        value |= (uint32_t)bytes[i] << (8 * i);
    }
    return value;
}

/* Appends a number to an answer, and returns the answer's length. */
static size_t append_number(uint8_t *answer, size_t count, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        answer[count++] = (uint8_t)(value >> (8 * i));
    }
    return count;
}

static uint32_t row_bytes(const struct dw_camera_format *format)
{
    static const uint8_t sizes[] = {1, 1, 2, 4};
    const uint32_t size = format->type < sizeof sizes ? sizes[format->type] : 0;
    return (uint32_t)format->width * format->channels * size;
}

static size_t ended(uint8_t *answer, int status)
{
    answer[2] = (uint8_t)status;
    return 3;
}

static size_t camera(uint8_t *answer)
{
    const struct dw_camera_format format = dw_camera_format();
    size_t count = ended(answer, DW_OK);
    count = append_number(answer, count, format.height, 2);
    count = append_number(answer, count, format.width, 2);
    count = append_number(answer, count, format.channels, 2);
    return append_number(answer, count, format.type, 1);
}

/* The same number again is the same picture. */
static size_t take(uint8_t *answer)
{
    const uint32_t wanted = number(answer + 2, 4);
    if (!taken || picture != wanted) {
        taken = dw_camera_begin();
        picture = wanted;
        row = -1;
    }
    return ended(answer, taken ? DW_OK : DW_CAMERA_FAILED);
}

/* Goes on to a row if it is the next one. */
static enum dw_status go_to(int wanted)
{
    if (!taken) {
        return DW_NOT_READY;
    }
    if (wanted == row + 1) {
        values = dw_camera_row(wanted);
        row = wanted;
        taken = values != NULL;
    }
    return wanted == row ? DW_OK : DW_GAP;
}

static size_t part_of_row(uint8_t *answer)
{
    const struct dw_camera_format format = dw_camera_format();
    const uint32_t wanted = number(answer + 2, 2), first = number(answer + 4, 2);
    const uint32_t count = number(answer + 6, 2), most = row_bytes(&format);
    if (wanted >= format.height || count > DW_DATA_BYTES || first + count > most) {
        return append_number(answer, ended(answer, DW_OUT_OF_RANGE), most, 4);
    }
    const enum dw_status status = go_to((int)wanted);
    if (status != DW_OK) {
        return append_number(answer, ended(answer, status), taken ? (uint32_t)(row + 1) : 0, 4);
    }
    if (!taken) {
        return ended(answer, DW_CAMERA_FAILED);
    }
    memcpy(answer + 3, values + first, count);
    return ended(answer, DW_OK) + count;
}

static size_t answered(uint8_t *answer, size_t body_bytes)
{
    static const uint8_t lengths[] = {0, 4, 6}; /* of the bodies of DW_CAMERA, DW_TAKE, DW_ROW */
    if (body_bytes != lengths[answer[1] - DW_CAMERA]) {
        return ended(answer, DW_BAD_LENGTH);
    }
    switch (answer[1]) {
    case DW_CAMERA:
        return camera(answer);
    case DW_TAKE:
        return take(answer);
    default:
        return part_of_row(answer);
    }
}

bool dw_capture_answer(uint8_t *request, size_t count)
{
    if (request[1] < DW_CAMERA || request[1] > DW_ROW) {
        return false;
    }
    const size_t bytes = answered(request, count - 2);
    request[1] |= 0x80;
    dw_link_send(request, bytes);
    return true;
}
