/* SPDX-License-Identifier: Apache-2.0 */
#include "canary.h"

#include "network.h"

#if NETWORK_CANARY

static bool dead;
static int dead_offset, dead_call;

void dw_canary_begin(void)
{
    dead = false;
}

void dw_canary_died(int offset, int call)
{
    if (!dead) {
        dead = true;
        dead_offset = offset;
        dead_call = call;
    }
}

bool dw_canary_dead(int *offset, int *call)
{
    *offset = dead_offset;
    *call = dead_call;
    return dead;
}

#else

void dw_canary_begin(void)
{
}

bool dw_canary_dead(int *offset, int *call)
{
    *offset = 0;
    *call = 0;
    return false;
}

#endif
