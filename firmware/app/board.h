/* SPDX-License-Identifier: Apache-2.0 */
/* What a board offers to the serial application. One board.c implements it. */
#ifndef DW_BOARD_H
#define DW_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Clock, serial port and cycle counter; called once, first. */
void dw_board_init(void);

/* Next received byte, or -1 if none has come. At least DW_RECEIVE_BYTES are kept,
 * so one whole request is never lost while the application computes. */
int dw_board_receive(void);

/* Sends all bytes; returns when the last one is on its way. */
void dw_board_send(const uint8_t *data, size_t count);

/* The speed nearest to one of 115,200 to 12,000,000 baud that the serial port's clock is divided to; 0 if the
 * port has one speed only. Sets such a speed, once all bytes have left. A board without these two has one. */
uint32_t dw_board_speed(uint32_t baud);
void dw_board_set_speed(uint32_t baud);

/* Counts up with the core's clock from 0 at the last start; its unit is 1 / dw_board_clock_hz().
 * It starts in the same phase each time, so that equal runs give equal counts. */
void dw_board_cycles_start(void);
uint64_t dw_board_cycles(void);
uint32_t dw_board_clock_hz(void);

/* Most stack bytes ever used since start-up; 0 where that is not known. */
uint32_t dw_board_stack_used(void);

/* Name of the core, as in the board's description. */
const char *dw_board_core(void);

#endif
