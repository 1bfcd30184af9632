/* SPDX-License-Identifier: Apache-2.0 */
/* Opening weights: a path, a file, or memory; anything else than this network's own is refused.
 *
 * A weights file, little-endian: "DWWT", u16 version, u16 bytes of this header, u32 bytes of the
 * constants, u32 their CRC-32, 32 bytes SHA-256 of the model; then the constants.
 */
#ifndef DW_OPEN_H
#define DW_OPEN_H

#include <stdbool.h>

#include "crc32.h"
#include "dw_weights.h"

enum { MAGIC = 0x54575744, WEIGHTS_VERSION = 1, HEADER_BYTES = 48, SHA_BYTES = 32, WORD = 4 };

static const uint8_t dw_model_sha256[SHA_BYTES] = {NETWORK_MODEL_SHA256};

static uint32_t little_endian(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    while (count-- > 0) {
        value = value << 8 | bytes[count];
    }
    return value;
}

/* Four bytes as a hash is written. */
static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Where the constants begin, by the header in front of them. */
static uint32_t check_header(const uint8_t *header)
{
    expect(HEXADECIMAL, "weights begin with ", little_endian(header, 4), "", MAGIC);
    expect(DECIMAL, "weights are of version ", little_endian(header + 4, 2), "", WEIGHTS_VERSION);
    for (int i = 0; i < SHA_BYTES; i += WORD) {
        expect(HEXADECIMAL, "weights are of another model: SHA-256 ", big_endian(header + 16 + i),
            "", big_endian(dw_model_sha256 + i));
    }
    expect(DECIMAL, "weights of another export have ", little_endian(header + 8, 4), " bytes",
        NETWORK_CONSTANT_BYTES);
    expect(HEXADECIMAL, "weights are of another export: CRC-32 ", little_endian(header + 12, 4), "",
        NETWORK_CONSTANT_CRC);
    return little_endian(header + 6, 2);
}

/* A damaged copy is refused, and does not end in wrong scores. */
static void check_content(struct weights *weights)
{
    uint32_t crc = 0;
    for (int i = 0; i < NETWORK_STRETCHES; i++) {
        crc = dw_crc32(crc, weights_of(weights, i), stretches[i].bytes);
    }
    expect(HEXADECIMAL, "weights are damaged: CRC-32 ", crc, "", NETWORK_CONSTANT_CRC);
}

static bool aligned(const void *address)
{
    return (uintptr_t)address % WORD == 0;
}

/* The caller's buffer, or one of our own for the longest stretch; its size. */
static size_t take_buffer(struct weights *weights, mp_obj_t buffer)
{
    if (buffer == mp_const_none) {
        buffer = mp_obj_new_bytearray_by_ref(NETWORK_BUFFER_BYTES, m_malloc(NETWORK_BUFFER_BYTES));
    }
    mp_buffer_info_t info;
    mp_get_buffer_raise(buffer, &info, MP_BUFFER_WRITE);
    if (info.len < NETWORK_BUFFER_BYTES) {
        expect(DECIMAL, "buffer has ", (uint32_t)info.len, " bytes", NETWORK_BUFFER_BYTES);
    }
    if (!aligned(info.buf)) {
        refuse(HEXADECIMAL, "buffer lies at ", (uint32_t)(uintptr_t)info.buf,
            ", " NETWORK_NAME " takes multiples of ", WORD, "");
    }
    weights->buffer_object = buffer;
    weights->buffer = info.buf;
    return info.len;
}

/* Where the buffer has room for all constants, it keeps them. */
static void keep_all(struct weights *weights, size_t room)
{
    if (room >= NETWORK_CONSTANT_BYTES) {
        fetch(weights, 0, NETWORK_CONSTANT_BYTES);
        weights->memory = weights->buffer;
        weights->buffer = NULL;
    }
}

static void expect_least(size_t bytes, uint32_t least)
{
    if (bytes < least) {
        expect(DECIMAL, "weights have ", (uint32_t)bytes, " bytes", least);
    }
}

/* Memory is used as it lies; where that cannot be, a buffer helps if there is one. */
static void use_memory(struct weights *weights, const mp_buffer_info_t *info, mp_obj_t buffer)
{
    expect_least(info->len, HEADER_BYTES + NETWORK_CONSTANT_BYTES);
    const uint32_t start = check_header(info->buf);
    expect_least(info->len, start + NETWORK_CONSTANT_BYTES);
    weights->memory = (const uint8_t *)info->buf + start;
    if (aligned(weights->memory)) {
        return;
    }
    if (buffer == mp_const_none) {
        refuse(HEXADECIMAL, "weights lie at ", (uint32_t)(uintptr_t)weights->memory,
            ", " NETWORK_NAME " takes multiples of ", WORD, " or a buffer");
    }
    keep_all(weights, take_buffer(weights, buffer));
}

static void use_file(struct weights *weights, mp_obj_t buffer)
{
    const size_t room = take_buffer(weights, buffer);
    read_file(weights, 0, HEADER_BYTES);
    weights->start = check_header(weights->buffer);
    keep_all(weights, room);
}

/* Opens a path; takes a file, or memory. */
static void open_weights(struct weights *weights, mp_obj_t given, mp_obj_t buffer)
{
    if (mp_obj_get_type(given) == &mp_type_str) {
        mp_obj_t arguments[] = {given, MP_OBJ_NEW_QSTR(MP_QSTR_rb)};
        given = mp_call_function_n_kw(mp_load_global(MP_QSTR_open), 2, 0, arguments);
    }
    weights->object = given;
    mp_buffer_info_t info;
    if (mp_get_buffer(given, &info, MP_BUFFER_READ)) {
        use_memory(weights, &info, buffer);
    } else {
        use_file(weights, buffer);
    }
}

#endif
