/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include "board.h"
#include "crc32.h"

/* Decodes COBS in place; returns the decoded length, 0 if the code is broken. */
static size_t decode(uint8_t *bytes, size_t count)
{
    size_t in = 0, out = 0;
    while (in < count) {
        const size_t code = bytes[in++];
        if (in + code - 1 > count) {
            return 0;
        }
        for (size_t i = 1; i < code; i++) {
            bytes[out++] = bytes[in++];
        }
        if (code < 255 && in < count) {
            bytes[out++] = 0;
        }
    }
    return out;
}

static uint32_t read_u32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

size_t dw_receiver_take(struct dw_receiver *receiver, uint8_t byte)
{
    if (byte != 0) {
        if (receiver->count < sizeof receiver->bytes) {
            receiver->bytes[receiver->count++] = byte;
        } else {
            receiver->overflow = true;
        }
        return 0;
    }
    const size_t count = receiver->overflow ? 0 : decode(receiver->bytes, receiver->count);
    receiver->count = 0;
    receiver->overflow = false;
    if (count < 6 ||
        dw_crc32(0, receiver->bytes, count - 4) != read_u32(receiver->bytes + count - 4)) {
        return 0;
    }
    return count - 4;
}

/* Sends one run of up to 254 non-zero bytes, its length + 1 in front. */
static void send_run(const uint8_t *bytes, size_t count)
{
    const uint8_t code = (uint8_t)(count + 1);
    dw_board_send(&code, 1);
    dw_board_send(bytes, count);
}

void dw_link_send(uint8_t *payload, size_t count)
{
    const uint32_t crc = dw_crc32(0, payload, count);
    for (int i = 0; i < 4; i++) {
        payload[count++] = (uint8_t)(crc >> (8 * i));
    }
    size_t start = 0;
    for (size_t i = 0; i < count; i++) {
        if (payload[i] == 0) {
            send_run(payload + start, i - start);
            start = i + 1;
        } else if (i - start == 253) {
            send_run(payload + start, 254);
            start = i + 1;
        }
    }
    send_run(payload + start, count - start);
    const uint8_t end = 0;
    dw_board_send(&end, 1);
}
