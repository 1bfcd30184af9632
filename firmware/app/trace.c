#include "trace.h"

#include <string.h>

#include "crc32.h"
#include "network.h"

#if NETWORK_TRACE

static uint32_t crcs[NETWORK_TRACED];
static int8_t captured[NETWORK_LONGEST_ROW_BYTES];
static uint32_t captured_bytes;
static int wanted_slot, wanted_row;
static bool broken;
static int broken_position, broken_value;

void dw_trace_begin(int slot, int row)
{
    memset(crcs, 0, sizeof crcs);
    captured_bytes = 0;
    wanted_slot = slot;
    wanted_row = row;
    broken = false;
}

void dw_trace_row(int slot, int row, const int8_t *data, int bytes)
{
    crcs[slot] = dw_crc32(crcs[slot], data, (size_t)bytes);
    if (slot == wanted_slot && row == wanted_row) {
        memcpy(captured, data, (size_t)bytes);
        captured_bytes = (uint32_t)bytes;
    }
}

uint32_t dw_trace_crc(int slot)
{
    return crcs[slot];
}

const int8_t *dw_trace_captured(uint32_t *bytes)
{
    *bytes = captured_bytes;
    return captured;
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

void dw_trace_begin(int slot, int row)
{
    (void)slot;
    (void)row;
}

uint32_t dw_trace_crc(int slot)
{
    (void)slot;
    return 0;
}

const int8_t *dw_trace_captured(uint32_t *bytes)
{
    *bytes = 0;
    return 0;
}

bool dw_trace_promise_broken(int *position, int *value)
{
    *position = 0;
    *value = 0;
    return false;
}

#endif
