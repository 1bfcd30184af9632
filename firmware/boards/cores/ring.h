/* SPDX-License-Identifier: Apache-2.0 */
/* Received bytes between the serial interrupt, which puts, and the application, which takes. */
#ifndef DW_RING_H
#define DW_RING_H

#include <stdint.h>

#include "link.h"

enum { DW_RING_BYTES = DW_RECEIVE_BYTES + 1 /* one place is always free: full is not empty */ };

struct dw_ring {
    volatile uint8_t bytes[DW_RING_BYTES];
    volatile uint16_t in, out;
};

/* A byte that finds no room is dropped: the frame's checksum tells. */
static inline void dw_ring_put(struct dw_ring *ring, uint8_t byte)
{
    const uint16_t next = (uint16_t)((ring->in + 1) % DW_RING_BYTES);
    if (next != ring->out) {
        ring->bytes[ring->in] = byte;
        ring->in = next;
    }
}

/* The oldest byte, or -1. */
static inline int dw_ring_take(struct dw_ring *ring)
{
    if (ring->out == ring->in) {
        return -1;
    }
    const int byte = ring->bytes[ring->out];
    ring->out = (uint16_t)((ring->out + 1) % DW_RING_BYTES);
    return byte;
}

#endif
