/* SPDX-License-Identifier: Apache-2.0 */
/* How a Model is made, and its attributes. */
#ifndef DW_OBJECT_H
#define DW_OBJECT_H

#include "dw_model.h"
#include "dw_open.h"

/* Small numbers of the module itself: what one wants to know before there is a model. */
#define NUMBERS(NUMBER)                                                                            \
    NUMBER(MP_QSTR_INPUT_BYTES, NETWORK_INPUT_BYTES)                                               \
    NUMBER(MP_QSTR_ROW_BYTES, NETWORK_ROW_BYTES)                                                   \
    NUMBER(MP_QSTR_OUTPUT_BYTES, NETWORK_OUTPUT_BYTES)                                             \
    NUMBER(MP_QSTR_RAM_BYTES, NETWORK_RAM_BYTES)                                                   \
    NUMBER(MP_QSTR_CONSTANT_BYTES, NETWORK_CONSTANT_BYTES)                                         \
    NUMBER(MP_QSTR_BUFFER_BYTES, NETWORK_BUFFER_BYTES)                                             \
    NUMBER(MP_QSTR_TRACED, NETWORK_TRACED)

enum argument { WEIGHTS, BUFFER, CHECK, ARGUMENTS };

/* Model(weights=None, buffer=None, check=True): writes what is given over the defaults. */
static void take_arguments(mp_obj_t *given, size_t n_args, size_t n_kw, const mp_obj_t *args)
{
    mp_arg_check_num(n_args, n_kw, 0, ARGUMENTS, true);
    const mp_obj_t names[ARGUMENTS] = {MP_OBJ_NEW_QSTR(MP_QSTR_weights),
        MP_OBJ_NEW_QSTR(MP_QSTR_buffer), MP_OBJ_NEW_QSTR(MP_QSTR_check)};
    for (size_t i = 0; i < n_args; i++) {
        given[i] = args[i];
    }
    for (const mp_obj_t *named = args + n_args; n_kw > 0; named += 2, n_kw--) {
        size_t at = 0;
        while (at < ARGUMENTS && names[at] != named[0]) {
            at++;
        }
        if (at == ARGUMENTS) {
            raise_words(mp_load_global(MP_QSTR_TypeError), "Model takes weights, buffer and check");
        }
        given[at] = named[1];
    }
}

/* array.array(type, bytearray(bytes)) */
static mp_obj_t new_array(qstr type, uint32_t bytes)
{
    mp_obj_t name = MP_OBJ_NEW_QSTR(MP_QSTR_array);
    mp_obj_t count = MP_OBJ_NEW_SMALL_INT(bytes);
    const mp_obj_t module = mp_call_function_n_kw(mp_load_global(MP_QSTR___import__), 1, 0, &name);
    const mp_obj_t zeros = mp_call_function_n_kw(mp_load_global(MP_QSTR_bytearray), 1, 0, &count);
    mp_obj_t arguments[] = {MP_OBJ_NEW_QSTR(type), zeros};
    return mp_call_function_n_kw(mp_load_attr(module, MP_QSTR_array), 2, 0, arguments);
}

static void new_results(struct model *self)
{
#ifdef NETWORK_PORTS
    mp_obj_t *output = self->outputs;
    for (size_t i = 0; i < NETWORK_OUTPUTS; i++) {
        output[i] = mp_const_none; /* making an array may collect garbage */
    }
#define MAKE(name, type, bytes, ...) *output++ = new_array(type, bytes);
    NETWORK_OUTPUT_LIST(MAKE)
#else
    self->scores = new_array(MP_QSTR_b, NETWORK_OUTPUT_BYTES);
    self->labels = MP_OBJ_NULL;
#endif
}

static mp_obj_t dw_model_make_new(
    const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args)
{
    mp_obj_t given[ARGUMENTS] = {mp_const_none, mp_const_none, mp_const_true};
    take_arguments(given, n_args, n_kw, args);
    struct model *const self = mp_obj_malloc(struct model, type);
    new_results(self);
    self->weights = (struct weights){.stretch = -1};
#if NETWORK_TRACE
    self->tensors.slot = NO_SLOT;
    self->tensors.offset = 0;
#endif
    if (given[WEIGHTS] == mp_const_none) {
        given[WEIGHTS] = default_weights();
    }
    open_weights(&self->weights, given[WEIGHTS], given[BUFFER]);
    if (mp_obj_is_true(given[CHECK])) {
        check_content(&self->weights);
    }
#ifdef NETWORK_REMEMBERS
    reset(self);
#else
    begin(self);
#endif
    return MP_OBJ_FROM_PTR(self);
}

#ifndef NETWORK_PORTS
/* The labels as a tuple of strings, made when they are first asked for. */
static mp_obj_t labels_of(struct model *self)
{
    if (self->labels == MP_OBJ_NULL) {
        static const char text[] = NETWORK_LABELS; /* each ends in a zero byte, and so do all */
        mp_obj_t list = mp_obj_new_list(0, NULL);
        const char *const end = text + sizeof text - 1;
        for (const char *label = text, *next; label < end; label = next) {
            next = label;
            while (*next++ != 0) {
            }
            mp_obj_list_append(list, mp_obj_new_str(label, (size_t)(next - label - 1)));
        }
        self->labels = mp_call_function_n_kw(mp_load_global(MP_QSTR_tuple), 1, 0, &list);
    }
    return self->labels;
}

/* Place of the largest score, the first of equals. */
static mp_int_t best_of(const struct model *self)
{
    const int8_t *const scores = scores_of(self);
    mp_int_t best = 0;
    for (mp_int_t i = 1; i < NETWORK_OUTPUT_BYTES; i++) {
        best = scores[i] > scores[best] ? i : best;
    }
    return best;
}

static mp_obj_t input_shape(void)
{
    mp_obj_t sizes[] = {MP_OBJ_NEW_SMALL_INT(NETWORK_INPUT_HEIGHT),
        MP_OBJ_NEW_SMALL_INT(NETWORK_INPUT_WIDTH), MP_OBJ_NEW_SMALL_INT(NETWORK_INPUT_CHANNELS)};
    return mp_obj_new_tuple(3, sizes);
}

#endif

static mp_obj_t dw_model_hash(void)
{
    char digits[2 * SHA_BYTES];
    for (size_t i = 0; i < sizeof digits; i++) {
        digits[i] = "0123456789abcdef"[dw_model_sha256[i / 2] >> (i % 2 ? 0 : 4) & 15];
    }
    return mp_obj_new_str(digits, sizeof digits);
}

/* A constant of the network, MP_OBJ_NULL if it has none of this name. */
static mp_obj_t constant(qstr name)
{
#ifndef NETWORK_PORTS
    if (name == MP_QSTR_input_shape) {
        return input_shape();
    }
    if (name == MP_QSTR_input_scale) {
        return new_float(NETWORK_INPUT_SCALE);
    }
    if (name == MP_QSTR_input_zero_point) {
        return MP_OBJ_NEW_SMALL_INT(NETWORK_INPUT_ZERO_POINT);
    }
    if (name == MP_QSTR_output_scale) {
        return new_float(NETWORK_OUTPUT_SCALE);
    }
    if (name == MP_QSTR_output_zero_point) {
        return MP_OBJ_NEW_SMALL_INT(NETWORK_OUTPUT_ZERO_POINT);
    }
#else
    if (name == MP_QSTR_input_details) {
        return input_details();
    }
    if (name == MP_QSTR_output_details) {
        return output_details();
    }
#endif
    if (name == MP_QSTR_ram_bytes) {
        return MP_OBJ_NEW_SMALL_INT(NETWORK_RAM_BYTES);
    }
    if (name == MP_QSTR_model_sha256) {
        return dw_model_hash();
    }
    return MP_OBJ_NULL;
}

/* What a run has left, MP_OBJ_NULL if nothing is called so. */
static mp_obj_t result(struct model *self, qstr name)
{
#ifndef NETWORK_PORTS
    if (name == MP_QSTR_scores) {
        return self->scores;
    }
    if (name == MP_QSTR_best) {
        return MP_OBJ_NEW_SMALL_INT(best_of(self));
    }
    if (name == MP_QSTR_labels) {
        return labels_of(self);
    }
#else
    if (name == MP_QSTR_outputs) {
        return mp_obj_new_tuple(NETWORK_OUTPUTS, self->outputs);
    }
#if NETWORK_INPUTS > 1
    if (name == MP_QSTR_wants) {
        const int wanted = (int)network_wants(&self->state);
        return wanted == NETWORK_INPUTS ? mp_const_none : MP_OBJ_NEW_SMALL_INT(wanted);
    }
#endif
#endif
    return constant(name);
}

static void dw_model_attr(mp_obj_t self_in, qstr name, mp_obj_t *dest)
{
    struct model *const self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; /* none can be set or deleted */
    }
    dest[0] = result(self, name);
    dest[1] = dest[0] == MP_OBJ_NULL ? MP_OBJ_SENTINEL : MP_OBJ_NULL; /* or a method */
}

#endif
