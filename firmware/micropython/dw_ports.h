/* SPDX-License-Identifier: Apache-2.0 */
/* What a Model of a network has that takes or gives several tensors: arrays of its outputs, details.
 *
 * network.h lists inputs and outputs as PORT(name, type of array, bytes, bytes of a row, scale, zero
 * point, function that finds it, sizes...).
 */
#ifndef DW_PORTS_H
#define DW_PORTS_H

#include <string.h>

#include "network.h"
#include "dw_refuse.h"

/* The user holds an array too, and may do with it what one does with an array. */
static void *array_of(mp_obj_t array, const char *what, uint32_t bytes)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(array, &info, MP_BUFFER_WRITE);
    expect(DECIMAL, what, (uint32_t)info.len, " bytes", bytes);
    return info.buf;
}

#define ROW_BYTES_OF(name, type, bytes, row_bytes, ...) row_bytes,
static const uint32_t input_row_bytes[] = {NETWORK_INPUT_LIST(ROW_BYTES_OF)};

static void copy_outputs(const mp_obj_t *outputs, const struct network_state *state)
{
#define COPY(name, type, bytes, row_bytes, scale, zero_point, find, ...)                           \
    memcpy(array_of(*outputs++, name " has ", bytes), find(state), bytes);
    NETWORK_OUTPUT_LIST(COPY)
}

/* (name, sizes, scale, zero point) */
static mp_obj_t detail(mp_obj_t name, mp_obj_t scale, mp_int_t zero_point, const uint32_t *sizes)
{
    mp_obj_t extents[8];
    size_t rank = 0;
    for (; sizes[rank] != 0; rank++) {
        extents[rank] = MP_OBJ_NEW_SMALL_INT(sizes[rank]);
    }
    mp_obj_t items[] = {
        name, mp_obj_new_tuple(rank, extents), scale, MP_OBJ_NEW_SMALL_INT(zero_point)};
    return mp_obj_new_tuple(4, items);
}

#define DETAIL(name, type, bytes, row_bytes, scale, zero_point, find, ...)                         \
    {                                                                                              \
        static const uint32_t sizes[] = {__VA_ARGS__, 0};                                          \
        const mp_obj_t text = mp_obj_new_str(name, sizeof name - 1);                               \
        details[at++] = detail(text, scale, zero_point, sizes);                                    \
    }

static mp_obj_t input_details(void)
{
    mp_obj_t details[NETWORK_INPUTS];
    size_t at = 0;
    NETWORK_INPUT_LIST(DETAIL)
    return mp_obj_new_tuple(at, details);
}

static mp_obj_t output_details(void)
{
    mp_obj_t details[NETWORK_OUTPUTS];
    size_t at = 0;
    NETWORK_OUTPUT_LIST(DETAIL)
    return mp_obj_new_tuple(at, details);
}

#endif
