/* SPDX-License-Identifier: Apache-2.0 */
/* Inputs that the host describes and the board makes itself. See docs/reference/protocol.md, "Patterns". */
#ifndef DW_PATTERN_H
#define DW_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

enum dw_pattern_kind {
    DW_ALTERNATING = 0, /* low at even positions, high at odd ones */
    DW_NOISE = 1 /* anything from low to high */
};

struct dw_pattern {
    uint32_t seed;
    int8_t low, high;
    uint8_t kind;
};

/* Tells whether the pattern is of a known kind, and low is not above high. */
bool dw_pattern_known(const struct dw_pattern *pattern);

/* The value at a position; it depends on no other. */
int8_t dw_pattern_value(const struct dw_pattern *pattern, uint32_t position);

#endif
