/* SPDX-License-Identifier: Apache-2.0 */
/* A model: a network's state with its weights and scores, and what the network calls while it runs. */
#ifndef DW_MODEL_H
#define DW_MODEL_H

#include <stdbool.h>

#include "network.h"
#include "dw_refuse.h"
#include "dw_tensors.h"
#include "dw_weights.h"

/* All that it needs of MicroPython's heap is reachable from here. */
struct model {
    mp_obj_base_t base;
#ifdef NETWORK_PORTS
    mp_obj_t outputs[NETWORK_OUTPUTS];
#else
    mp_obj_t scores;
    mp_obj_t labels; /* MP_OBJ_NULL until somebody asks for them */
#endif
    struct weights weights;
#if NETWORK_TRACE
    struct tensors tensors;
#endif
    bool broken; /* an error left the state between two rows: only `begin` helps */
    struct network_state state;
};

#if NETWORK_REPORTS
/* The model that is running: what the network reports comes without it. */
VARIABLE struct model *network_running;
#endif

static void running(struct model *self)
{
#if NETWORK_REPORTS
    network_running = self;
#else
    (void)self;
#endif
}

const uint8_t *network_constants(const struct network_state *state, int stretch)
{
    struct model *const self = (struct model *)((uintptr_t)state - offsetof(struct model, state));
    const uint8_t *const constants = weights_of(&self->weights, stretch);
    running(self); /* behind a file may be anything, even another model */
    return constants;
}

#if NETWORK_TRACE
void network_trace(int slot, int row, const int8_t *data, int bytes)
{
    (void)row;
    tensors_row(&network_running->tensors, slot, data, (uint32_t)bytes);
}
#endif

#ifdef NETWORK_PROMISE
void network_broken_promise(int position, int value)
{
    refuse(DECIMAL, "input has value ", (uint32_t)value, " at position ", (uint32_t)position,
        ", " NETWORK_NAME " was exported for " NETWORK_PROMISE);
}
#endif

#if NETWORK_CANARY
void network_canary_died(int offset, int call)
{
    refuse(DECIMAL, "memory is corrupted: bytes behind offset ", (uint32_t)offset,
        " were written to before the end of call ", (uint32_t)call, "");
}
#endif

static void begin(struct model *self)
{
    running(self);
#if NETWORK_TRACE && !defined NETWORK_REMEMBERS
    tensors_begin(&self->tensors);
#endif
    self->broken = true;
    network_begin(&self->state);
    self->broken = false;
}

#ifdef NETWORK_REMEMBERS
/* A trace tells of all that was computed since. */
static void reset(struct model *self)
{
#if NETWORK_TRACE
    tensors_begin(&self->tensors);
#endif
    network_reset(&self->state);
    begin(self);
}
#endif

#ifdef NETWORK_PORTS
static void take_outputs(struct model *self)
{
    copy_outputs(self->outputs, &self->state);
}
#else
/* The user holds the scores too, and may do with them what one does with an array. */
static int8_t *scores_of(const struct model *self)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(self->scores, &info, MP_BUFFER_WRITE);
    expect(DECIMAL, "scores have ", (uint32_t)info.len, " bytes", NETWORK_OUTPUT_BYTES);
    return info.buf;
}

static void take_outputs(struct model *self)
{
    network_scores(&self->state, scores_of(self));
}
#endif

/* Takes a row; true when it was the last one, and the scores are there. */
static bool push_row(struct model *self, const int8_t *row)
{
    if (self->broken) {
        raise_words(
            mp_load_global(MP_QSTR_ValueError), "a row before this one failed: begin again");
    }
    self->broken = true;
    const bool last = network_push_row(&self->state, row);
    self->broken = false;
    if (last) {
        take_outputs(self);
    }
    return last;
}

#endif
