/* SPDX-License-Identifier: Apache-2.0 */
#include "trace.h"

#include <string.h>

#include "board.h"
#include "crc32.h"
#include "network.h"

#if NETWORK_TRACE

static uint32_t crcs[NETWORK_TRACED];
static struct {
    uint32_t before; /* bytes of the tensor that are still to come before the window */
    uint32_t crc; /* of those that have come */
    int16_t slot;
    uint16_t count;
    int8_t bytes[DW_WINDOW_BYTES];
} window;
static bool broken;
static int broken_position, broken_value;
static uint32_t ticks[NETWORK_TRACED];
static uint32_t since; /* lower half of the counter when the last row was done with */

void dw_trace_begin(int slot, uint32_t offset)
{
    memset(crcs, 0, sizeof crcs);
    memset(ticks, 0, sizeof ticks);
    window.before = offset;
    window.crc = 0;
    window.slot = (int16_t)slot;
    window.count = 0;
    broken = false;
}

/* Takes what lies in the window of the next bytes of its tensor. */
static void look(const int8_t *data, uint32_t count)
{
    const uint32_t before = count < window.before ? count : window.before;
    window.crc = dw_crc32(window.crc, data, before);
    window.before -= before;
    const uint32_t room = DW_WINDOW_BYTES - (uint32_t)window.count, left = count - before;
    const uint32_t taken = left < room ? left : room;
    memcpy(window.bytes + window.count, data + before, taken);
    window.count = (uint16_t)(window.count + taken);
}

void dw_trace_counted(void)
{
    since = (uint32_t)dw_board_cycles();
}

/* What was computed since the last row came is this row; what a trace takes itself is not counted. */
static void count(int slot)
{
    const uint32_t passed = (uint32_t)dw_board_cycles() - since;
    ticks[slot] = passed < UINT32_MAX - ticks[slot] ? ticks[slot] + passed : UINT32_MAX;
}

void dw_trace_row(int slot, const int8_t *data, int bytes)
{
    count(slot);
    crcs[slot] = dw_crc32(crcs[slot], data, (size_t)bytes);
    if (slot == window.slot) {
        look(data, (uint32_t)bytes);
    }
    dw_trace_counted();
}

uint32_t dw_trace_ticks(int slot)
{
    return ticks[slot];
}

uint32_t dw_trace_crc(int slot)
{
    return crcs[slot];
}

const int8_t *dw_trace_window(uint32_t *crc, uint32_t *bytes)
{
    *crc = window.crc;
    *bytes = window.count;
    return window.bytes;
}

void dw_trace_broken_promise(int position, int value)
{
    if (!broken) {
        broken = true;
        broken_position = position;
        broken_value = value;
    }
}

bool dw_trace_promise_broken(int *position, int *value)
{
    *position = broken_position;
    *value = broken_value;
    return broken;
}

#else

void dw_trace_counted(void)
{
}

uint32_t dw_trace_ticks(int slot)
{
    (void)slot;
    return 0;
}

void dw_trace_begin(int slot, uint32_t offset)
{
    (void)slot;
    (void)offset;
}

uint32_t dw_trace_crc(int slot)
{
    (void)slot;
    return 0;
}

const int8_t *dw_trace_window(uint32_t *crc, uint32_t *bytes)
{
    static const int8_t nothing[1];
    *crc = 0;
    *bytes = 0;
    return nothing;
}

bool dw_trace_promise_broken(int *position, int *value)
{
    *position = 0;
    *value = 0;
    return false;
}

#endif
