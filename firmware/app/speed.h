/* SPDX-License-Identifier: Apache-2.0 */
/* The speed of the serial port: raised when the host asks for it, and back to the first by itself. See
 * docs/reference/protocol.md, "Speed". */
#ifndef DW_SPEED_H
#define DW_SPEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the port has other speeds than its first. */
bool dw_speed_variable(void);

/* The first of `count` speeds, 4 bytes each, that the port can be set to, within 2 %; it is set as soon as the
 * answer is sent. 0, and as it is, if there is none. */
uint32_t dw_speed_choose(const uint8_t *speeds, size_t count);

/* A request was answered. */
void dw_speed_answered(void);

/* Nothing has come: after a silence the port goes back to its first speed. */
void dw_speed_idle(void);

#endif
