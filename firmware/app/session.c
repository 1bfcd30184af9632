/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "canary.h"
#include "crc32.h"
#include "link.h"
#include "network.h"
#include "pattern.h"
#include "speed.h"
#include "trace.h"

/* A network that remembers takes up to so many inputs one after another, from its initial state on. */
#ifndef NETWORK_SEQUENCE
#define NETWORK_SEQUENCE 1
#endif

enum { MOST_BYTES = NETWORK_INPUT_BYTES * NETWORK_SEQUENCE };

static int8_t row_buffer[NETWORK_ROW_BYTES];
static int8_t output[NETWORK_OUTPUT_BYTES * NETWORK_SEQUENCE];
static uint32_t received_bytes, row_bytes; /* of all rows; of the one in row_buffer */
static uint32_t runs; /* inputs that have gone in */
static bool begun, done;
static uint64_t cycles;

/* The response being put together: [sequence][command | 0x80][status][body...]. It grows over the
 * request: a command has read its body before it appends. */
static uint8_t *response;
static size_t response_bytes;

static void append(const void *data, size_t count)
{
    memcpy(response + response_bytes, data, count);
    response_bytes += count;
}

static void append_number(uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        response[response_bytes++] = (uint8_t)(value >> (8 * i));
    }
}

/* Strings end in a zero byte; one that does not fit is cut. HELLO has four, and the build id always
 * fits behind them. */
static void append_text(const char *text)
{
    const size_t end = DW_PAYLOAD_BYTES - sizeof NETWORK_BUILD_ID - 4;
    size_t count = strlen(text);
    const size_t room = response_bytes < end ? end - response_bytes : 0;
    count = count < room ? count : room;
    append(text, count);
    append_number(0, 1);
}

static uint32_t number(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++) {
        value |= (uint32_t)bytes[i] << (8 * i);
    }
    return value;
}

static enum dw_status hello(void)
{
    append_number(DW_PROTOCOL_VERSION, 1);
    append_number(NETWORK_TRACE | DW_GENERATES | (NETWORK_TRACE ? DW_COUNTS_LAYERS : 0) |
                      (dw_speed_variable() ? DW_RAISES_SPEED : 0),
        1);
    append_number(DW_DATA_BYTES, 2);
    append_number(NETWORK_INPUT_BYTES, 4);
    append_number(NETWORK_OUTPUT_BYTES, 4);
    append_number(NETWORK_RAM_BYTES, 4);
    append_number(dw_board_clock_hz(), 4);
    append_number(NETWORK_TRACED, 2);
    append_text(NETWORK_MODEL_SHA256);
    append_text(NETWORK_NAME);
    append_text(dw_board_core());
    append_text(NETWORK_BUILD_FLAGS);
    append(NETWORK_BUILD_ID, sizeof NETWORK_BUILD_ID);
    return DW_OK;
}

static enum dw_status begin(const uint8_t *body)
{
    dw_trace_begin((int16_t)number(body, 2), number(body + 2, 4));
    dw_canary_begin();
#if NETWORK_SEQUENCE > 1
    network_reset();
#endif
    network_begin();
    received_bytes = 0;
    row_bytes = 0;
    runs = 0;
    cycles = 0;
    done = false;
    begun = true;
    return DW_OK;
}

/* Takes the next byte of the inputs; every row goes into the network as soon as it is whole. */
static void take(int8_t byte)
{
    if (received_bytes > 0 && received_bytes == runs * NETWORK_INPUT_BYTES) {
        network_begin(); /* the next input of a sequence */
    }
    row_buffer[row_bytes++] = byte;
    received_bytes++;
    if (row_bytes == network_row_bytes()) {
        row_bytes = 0;
        dw_board_cycles_start();
        dw_trace_counted();
        network_push_row(row_buffer);
        cycles += dw_board_cycles();
    }
    if (received_bytes == (runs + 1) * NETWORK_INPUT_BYTES) {
        network_scores(output + runs * NETWORK_OUTPUT_BYTES);
        runs++;
    }
}

/* Whether input bytes can be taken that begin at an offset. */
static enum dw_status takeable(uint32_t offset, uint32_t bytes)
{
    if (offset > MOST_BYTES || bytes > MOST_BYTES - offset) {
        return DW_OUT_OF_RANGE;
    }
    if (!begun) {
        append_number(0, 4);
        return DW_NOT_READY;
    }
    if (offset > received_bytes) {
        append_number(received_bytes, 4);
        return DW_GAP;
    }
    return DW_OK;
}

static enum dw_status put(const uint8_t *body, size_t count)
{
    const uint32_t offset = number(body, 4), bytes = (uint32_t)count - 4;
    const enum dw_status status = bytes > DW_DATA_BYTES ? DW_OUT_OF_RANGE : takeable(offset, bytes);
    if (status == DW_OK) {
        for (uint32_t i = 0; i < bytes; i++) {
            if (!done && offset + i == received_bytes) {
                take((int8_t)body[4 + i]);
            }
        }
        append_number(received_bytes, 4);
    }
    return status;
}

/* As PUT, with bytes that are made here. Their checksum shows the host that they are what it meant. */
static enum dw_status generate(const uint8_t *body)
{
    const uint32_t offset = number(body, 4), bytes = number(body + 4, 4);
    const uint32_t first = number(body + 8, 4);
    const struct dw_pattern pattern = {.seed = number(body + 12, 4),
        .low = (int8_t)body[16],
        .high = (int8_t)body[17],
        .kind = body[18]};
    const enum dw_status status =
        dw_pattern_known(&pattern) ? takeable(offset, bytes) : DW_OUT_OF_RANGE;
    if (status == DW_OK) {
        uint32_t crc = 0;
        for (uint32_t i = 0; i < bytes; i++) {
            const int8_t value = dw_pattern_value(&pattern, first + i);
            crc = dw_crc32(crc, &value, 1);
            if (!done && offset + i == received_bytes) {
                take(value);
            }
        }
        append_number(received_bytes, 4);
        append_number(crc, 4);
    }
    return status;
}

static enum dw_status run(void)
{
    if (runs == 0 || received_bytes != runs * NETWORK_INPUT_BYTES) {
        append_number(received_bytes, 4);
        return DW_NOT_READY;
    }
    done = true;
    int offset = 0, call = 0;
    if (dw_canary_dead(&offset, &call)) {
        append_number((uint32_t)offset, 4);
        append_number((uint32_t)call, 4);
        return DW_CANARY_DIED;
    }
    int position = 0, value = 0;
    if (dw_trace_promise_broken(&position, &value)) {
        append_number((uint32_t)position, 4);
        append_number((uint8_t)value, 1);
        return DW_BROKEN_PROMISE;
    }
    append_number(cycles, 8);
    append_number(dw_board_stack_used(), 4);
    return DW_OK;
}

static enum dw_status scores(const uint8_t *body)
{
    const uint32_t offset = number(body, 4), bytes = number(body + 4, 2);
    if (!done) {
        append_number(received_bytes, 4);
        return DW_NOT_READY;
    }
    const uint32_t known = runs * NETWORK_OUTPUT_BYTES;
    if (bytes > DW_DATA_BYTES || offset > known || bytes > known - offset) {
        append_number(known, 4);
        return DW_OUT_OF_RANGE;
    }
    append(output + offset, bytes);
    return DW_OK;
}

static enum dw_status window(void)
{
    if (!done) {
        append_number(received_bytes, 4);
        return DW_NOT_READY;
    }
    uint32_t crc = 0, bytes = 0;
    const int8_t *data = dw_trace_window(&crc, &bytes);
    append_number(crc, 4);
    append(data, bytes);
    return DW_OK;
}

/* A number of 4 bytes of each of some slots. */
static enum dw_status of_slots(const uint8_t *body, uint32_t (*of)(int slot))
{
    const uint32_t first = number(body, 2), count = number(body + 2, 2);
    if (!done) {
        append_number(received_bytes, 4);
        return DW_NOT_READY;
    }
    if (first + count > NETWORK_TRACED || 4 * count > DW_DATA_BYTES) {
        append_number(NETWORK_TRACED, 4);
        return DW_OUT_OF_RANGE;
    }
    for (uint32_t slot = first; slot < first + count; slot++) {
        append_number(of((int)slot), 4);
    }
    return DW_OK;
}

static enum dw_status raise_speed(const uint8_t *body, size_t count)
{
    append_number(dw_speed_choose(body, count / 4), 4);
    return DW_OK;
}

/* Length of a command's body; PUT's and SPEED's is a minimum. -1: no such command. */
static int body_bytes(uint8_t command)
{
    switch (command) {
    case DW_HELLO:
    case DW_RUN:
    case DW_WINDOW:
        return 0;
    case DW_CRCS:
    case DW_PUT:
    case DW_TICKS:
    case DW_SPEED:
        return 4;
    case DW_BEGIN:
    case DW_OUTPUT:
        return 6;
    case DW_GENERATE:
        return 19;
    default:
        return -1;
    }
}

static enum dw_status dispatch(uint8_t command, const uint8_t *body, size_t count)
{
    const int wanted = body_bytes(command);
    if (wanted < 0) {
        return DW_UNKNOWN_COMMAND;
    }
    const bool longer = command == DW_PUT || (command == DW_SPEED && count % 4 == 0);
    if (longer ? count < (size_t)wanted : count != (size_t)wanted) {
        return DW_BAD_LENGTH;
    }
    switch (command) {
    case DW_HELLO:
        return hello();
    case DW_BEGIN:
        return begin(body);
    case DW_PUT:
        return put(body, count);
    case DW_RUN:
        return run();
    case DW_OUTPUT:
        return scores(body);
    case DW_CRCS:
        return of_slots(body, dw_trace_crc);
    case DW_TICKS:
        return of_slots(body, dw_trace_ticks);
    case DW_GENERATE:
        return generate(body);
    case DW_SPEED:
        return raise_speed(body, count);
    default:
        return window();
    }
}

void dw_session_answer(uint8_t *request, size_t count)
{
    response = request;
    response_bytes = 3;
    const enum dw_status status = dispatch(request[1], request + 2, count - 2);
    response[1] |= 0x80;
    response[2] = (uint8_t)status;
    dw_link_send(response, response_bytes);
}
