/* SPDX-License-Identifier: Apache-2.0 */
/* Methods of the class Model. */
#ifndef DW_METHODS_H
#define DW_METHODS_H

#include <string.h>

#include "dw_model.h"

/* An object's bytes, which have to be so many. */
static const int8_t *bytes_of(mp_obj_t object, const char *what, uint32_t count)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(object, &info, MP_BUFFER_READ);
    expect(DECIMAL, what, (uint32_t)info.len, " bytes", count);
    return info.buf;
}

static mp_obj_t dw_model_begin(mp_obj_t self_in)
{
    begin(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(dw_model_begin_obj, dw_model_begin);

#ifdef NETWORK_REMEMBERS
static mp_obj_t dw_model_reset(mp_obj_t self_in)
{
    reset(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(dw_model_reset_obj, dw_model_reset);

#define STATE_METHODS(METHOD) METHOD(MP_QSTR_reset, dw_model_reset_obj)
#else
#define STATE_METHODS(METHOD)
#endif

#if defined NETWORK_PORTS && NETWORK_INPUTS > 1

/* The next row of the input that is wanted; one too many changes nothing. */
static mp_obj_t dw_model_push_row(mp_obj_t self_in, mp_obj_t row_in)
{
    struct model *const self = MP_OBJ_TO_PTR(self_in);
    const int wanted = (int)network_wants(&self->state);
    if (wanted == NETWORK_INPUTS) {
        return mp_const_true;
    }
    const int8_t *const row = bytes_of(row_in, "row has ", input_row_bytes[wanted]);
    running(self);
    return push_row(self, row) ? mp_const_true : mp_const_false;
}

/* The inputs as a tuple, or anything that has items. */
static void run_rows(struct model *self, mp_obj_t inputs_in)
{
    const int8_t *rows[NETWORK_INPUTS];
    const mp_obj_t count = mp_call_function_n_kw(mp_load_global(MP_QSTR_len), 1, 0, &inputs_in);
    expect(DECIMAL, "there are ", (uint32_t)mp_obj_get_int(count), " inputs", NETWORK_INPUTS);
    size_t at = 0;
#define TAKE(name, type, bytes, ...)                                                               \
    rows[at] = bytes_of(                                                                           \
        mp_obj_subscr(inputs_in, MP_OBJ_NEW_SMALL_INT(at), MP_OBJ_SENTINEL), name " has ", bytes); \
    at++;
    NETWORK_INPUT_LIST(TAKE)
    begin(self);
    for (int wanted; (wanted = (int)network_wants(&self->state)) != NETWORK_INPUTS;) {
        push_row(self, rows[wanted]);
        rows[wanted] += input_row_bytes[wanted];
    }
}
#else

static mp_obj_t dw_model_push_row(mp_obj_t self_in, mp_obj_t row_in)
{
    struct model *const self = MP_OBJ_TO_PTR(self_in);
    const int8_t *const row = bytes_of(row_in, "row has ", NETWORK_ROW_BYTES);
    running(self);
    return push_row(self, row) ? mp_const_true : mp_const_false;
}

static void run_rows(struct model *self, mp_obj_t input_in)
{
    const int8_t *const input = bytes_of(input_in, "input has ", NETWORK_INPUT_BYTES);
    begin(self);
    for (uint32_t at = 0; at < NETWORK_INPUT_BYTES; at += NETWORK_ROW_BYTES) {
        push_row(self, input + at);
    }
}
#endif
static MP_DEFINE_CONST_FUN_OBJ_2(dw_model_push_row_obj, dw_model_push_row);

/* What comes out: an array, or a tuple of several. */
static mp_obj_t outputs_of(const struct model *self)
{
#ifndef NETWORK_PORTS
    return self->scores;
#else
    return NETWORK_OUTPUTS == 1 ? self->outputs[0]
                                : mp_obj_new_tuple(NETWORK_OUTPUTS, self->outputs);
#endif
}

static mp_obj_t dw_model_run(mp_obj_t self_in, mp_obj_t inputs_in)
{
    struct model *const self = MP_OBJ_TO_PTR(self_in);
    run_rows(self, inputs_in);
    return outputs_of(self);
}
static MP_DEFINE_CONST_FUN_OBJ_2(dw_model_run_obj, dw_model_run);

#if NETWORK_TRACE

static mp_obj_t dw_model_crcs(mp_obj_t self_in)
{
    const struct model *const self = MP_OBJ_TO_PTR(self_in);
    return mp_obj_new_bytes((const uint8_t *)self->tensors.crcs, sizeof self->tensors.crcs);
}
static MP_DEFINE_CONST_FUN_OBJ_1(dw_model_crcs_obj, dw_model_crcs);

static mp_obj_t dw_model_capture(mp_obj_t self_in, mp_obj_t slot_in, mp_obj_t offset_in)
{
    struct model *const self = MP_OBJ_TO_PTR(self_in);
    const mp_int_t slot = mp_obj_get_int(slot_in), offset = mp_obj_get_int(offset_in);
    if (slot < NO_SLOT || slot >= NETWORK_TRACED || offset < 0) {
        refuse(DECIMAL, "slot ", (uint32_t)slot, " from offset ", (uint32_t)offset,
            ": " NETWORK_NAME " has no such place");
    }
    self->tensors.slot = (int)slot;
    self->tensors.offset = (uint32_t)offset;
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(dw_model_capture_obj, dw_model_capture);

static mp_obj_t dw_model_captured(mp_obj_t self_in)
{
    const struct tensors *const tensors = &((struct model *)MP_OBJ_TO_PTR(self_in))->tensors;
    uint8_t data[sizeof tensors->crc + WINDOW_BYTES];
    memcpy(data, &tensors->crc, sizeof tensors->crc);
    memcpy(data + sizeof tensors->crc, tensors->window, tensors->count);
    return mp_obj_new_bytes(data, sizeof tensors->crc + tensors->count);
}
static MP_DEFINE_CONST_FUN_OBJ_1(dw_model_captured_obj, dw_model_captured);

#define TRACE_METHODS(METHOD)                                                                      \
    METHOD(MP_QSTR_crcs, dw_model_crcs_obj)                                                        \
    METHOD(MP_QSTR_capture, dw_model_capture_obj)                                                  \
    METHOD(MP_QSTR_captured, dw_model_captured_obj)
#else
#define TRACE_METHODS(METHOD)
#endif

#define METHODS(METHOD)                                                                            \
    METHOD(MP_QSTR_begin, dw_model_begin_obj)                                                      \
    METHOD(MP_QSTR_push_row, dw_model_push_row_obj)                                                \
    METHOD(MP_QSTR_run, dw_model_run_obj)                                                          \
    STATE_METHODS(METHOD)                                                                          \
    TRACE_METHODS(METHOD)

#endif
