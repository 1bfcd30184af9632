/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace build keeps of a run: a CRC-32 per tensor, and a window of one that was asked for. */
#ifndef DW_TENSORS_H
#define DW_TENSORS_H

#include <string.h>

#include "crc32.h"
#include "network.h"

#if NETWORK_TRACE

enum { WINDOW_BYTES = 64, NO_SLOT = -1 };

struct tensors {
    uint32_t crcs[NETWORK_TRACED];
    int slot; /* of the window, NO_SLOT: none */
    uint32_t offset;
    uint32_t before; /* bytes of the tensor that are still to come before the window */
    uint32_t crc; /* of those that have come */
    uint32_t count;
    int8_t window[WINDOW_BYTES];
};

static void tensors_begin(struct tensors *tensors)
{
    memset(tensors->crcs, 0, sizeof tensors->crcs);
    tensors->before = tensors->offset;
    tensors->crc = 0;
    tensors->count = 0;
}

/* The next row of a tensor: takes what lies in the window. */
static void tensors_row(struct tensors *tensors, int slot, const int8_t *data, uint32_t bytes)
{
    tensors->crcs[slot] = dw_crc32(tensors->crcs[slot], data, bytes);
    if (slot == tensors->slot) {
        const uint32_t before = bytes < tensors->before ? bytes : tensors->before;
        tensors->crc = dw_crc32(tensors->crc, data, before);
        tensors->before -= before;
        const uint32_t room = WINDOW_BYTES - tensors->count, left = bytes - before;
        const uint32_t taken = left < room ? left : room;
        memcpy(tensors->window + tensors->count, data + before, taken);
        tensors->count += taken;
    }
}

#endif
#endif
