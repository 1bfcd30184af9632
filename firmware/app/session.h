/* SPDX-License-Identifier: Apache-2.0 */
/* Requests in, responses out, and the one inference that lies between them. See
 * docs/reference/protocol.md. */
#ifndef DW_SESSION_H
#define DW_SESSION_H

#include <stddef.h>
#include <stdint.h>

enum dw_command {
    DW_HELLO = 1,
    DW_BEGIN = 2,
    DW_PUT = 3,
    DW_RUN = 4,
    DW_OUTPUT = 5,
    DW_CRCS = 6,
    DW_WINDOW = 7,
    DW_GENERATE = 8,
    DW_TICKS = 9,
    DW_SPEED = 10
};

enum dw_status {
    DW_OK = 0,
    DW_UNKNOWN_COMMAND = 1,
    DW_BAD_LENGTH = 2,
    DW_GAP = 3, /* body: u32 offset that is expected next */
    DW_NOT_READY = 4, /* body: u32 bytes of input received so far */
    DW_OUT_OF_RANGE = 5,
    DW_BROKEN_PROMISE = 6, /* body: u32 position of an input value, s8 value */
    DW_CANARY_DIED = 7 /* body: u32 offset of the end of a buffer, u32 call */
};

enum {
    DW_PROTOCOL_VERSION = 1,
    /* flags of HELLO, beside that of a trace build */
    DW_GENERATES = 2, /* GENERATE is known */
    DW_COUNTS_LAYERS = 4, /* TICKS is known */
    DW_RAISES_SPEED = 8 /* SPEED is known, and the port has other speeds */
};

/* Answers one request: [sequence][command][body...]. The answer is built in its place: the memory has
 * room for DW_FRAME_BYTES. */
void dw_session_answer(uint8_t *request, size_t count);

#endif
