/* SPDX-License-Identifier: Apache-2.0 */
/* The network's constants: in memory, used as they lie, or a stretch of them at a time in a buffer. */
#ifndef DW_WEIGHTS_H
#define DW_WEIGHTS_H

#include <string.h>

#include "network.h"
#include "dw_refuse.h"

struct weights {
    mp_obj_t object; /* the memory's owner, or a file */
    mp_obj_t buffer_object;
    const uint8_t *memory; /* all of them; NULL where they are in a file */
    uint8_t *buffer; /* of a stretch; NULL where the memory is used as it lies */
    uint32_t start; /* where they begin in the file */
    int stretch; /* the one that the buffer holds, -1: none */
};

static const struct {
    uint32_t offset, bytes;
} stretches[NETWORK_STRETCHES] = {NETWORK_STRETCH_LIST};

/* Reads bytes of the file to the start of the buffer. */
static void read_file(struct weights *weights, uint32_t offset, uint32_t bytes)
{
    mp_obj_t call[4];
    mp_load_method(weights->object, MP_QSTR_seek, call);
    call[2] = MP_OBJ_NEW_SMALL_INT(offset);
    mp_call_method_n_kw(1, 0, call);
    mp_load_method(weights->object, MP_QSTR_readinto, call);
    call[2] = weights->buffer_object;
    call[3] = MP_OBJ_NEW_SMALL_INT(bytes);
    const mp_obj_t got = mp_call_method_n_kw(2, 0, call);
    const uint32_t read = got == mp_const_none ? 0 : (uint32_t)mp_obj_get_int(got);
    expect(DECIMAL, "weights end after ", offset + read, " bytes", offset + bytes);
}

/* Brings constants into the buffer. */
static void fetch(struct weights *weights, uint32_t offset, uint32_t bytes)
{
    if (weights->memory != NULL) {
        memcpy(weights->buffer, weights->memory + offset, bytes);
    } else {
        read_file(weights, weights->start + offset, bytes);
    }
}

/* The address of a stretch's constants, a multiple of 4. */
static const uint8_t *weights_of(struct weights *weights, int stretch)
{
    if (weights->buffer == NULL) {
        return weights->memory + stretches[stretch].offset;
    }
    if (weights->stretch != stretch) {
        weights->stretch = -1; /* reading may fail */
        fetch(weights, stretches[stretch].offset, stretches[stretch].bytes);
        weights->stretch = stretch;
    }
    return weights->buffer;
}

#endif
