/* SPDX-License-Identifier: Apache-2.0 */
/* Frames over a byte stream: COBS, CRC-32, a zero byte between frames. See
 * docs/reference/protocol.md. */
#ifndef DW_LINK_H
#define DW_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DW_DATA_BYTES = 240, /* most data bytes in one request or response */
    DW_PAYLOAD_BYTES = DW_DATA_BYTES + 12, /* with sequence, command, status, offset */
    DW_FRAME_BYTES = DW_PAYLOAD_BYTES + 4 + 2, /* with CRC-32 and COBS */
    DW_RECEIVE_BYTES = DW_FRAME_BYTES + 8 /* what a board keeps while the application computes */
};

/* A receiver of frames, fed byte by byte. The answer to a request is built and sent in its bytes. */
struct dw_receiver {
    uint8_t bytes[DW_FRAME_BYTES];
    size_t count;
    bool overflow;
};

/* Takes one byte; returns the payload's length when it completes a frame whose checksum is right
 * (the payload then lies in receiver->bytes), else 0. Damaged frames vanish: the host repeats. */
size_t dw_receiver_take(struct dw_receiver *receiver, uint8_t byte);

/* Sends a payload of at most DW_PAYLOAD_BYTES as one frame. Its checksum goes behind it: the memory
 * has room for 4 bytes more. */
void dw_link_send(uint8_t *payload, size_t count);

#endif
