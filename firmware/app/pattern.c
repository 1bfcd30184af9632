/* SPDX-License-Identifier: Apache-2.0 */
#include "pattern.h"

bool dw_pattern_known(const struct dw_pattern *pattern)
{
    return pattern->kind <= DW_NOISE && pattern->low <= pattern->high;
}

/* A number that looks like chance: the position spread over 32 bits, then mixed. */
static uint32_t mixed(uint32_t seed, uint32_t position)
{
    uint32_t x = seed + position * UINT32_C(0x9E3779B9);
    x = (x ^ x >> 16) * UINT32_C(0x85EBCA6B);
    x = (x ^ x >> 13) * UINT32_C(0xC2B2AE35);
    return x ^ x >> 16;
}

int8_t dw_pattern_value(const struct dw_pattern *pattern, uint32_t position)
{
    if (pattern->kind == DW_ALTERNATING) {
        return position % 2 ? pattern->high : pattern->low;
    }
    const uint32_t span = (uint32_t)(pattern->high - pattern->low + 1);
    return (int8_t)(pattern->low + (int)((mixed(pattern->seed, position) >> 16) * span >> 16));
}
