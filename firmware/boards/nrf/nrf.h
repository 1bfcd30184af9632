/* SPDX-License-Identifier: Apache-2.0 */
/* nRF51 and nRF52: the application's board on the UART (of the nRF52 the one without DMA), 115200 8N1.
 * nrf.c receives and sends; the board's own file says where the pins are, and counts cycles. */
#ifndef DW_NRF_H
#define DW_NRF_H

#include <stdint.h>

/* The board's file defines it: numbers of pins of port 0. */
struct dw_nrf {
    uint32_t transmit_pin, receive_pin;
};
extern const struct dw_nrf dw_nrf;

/* Starts the crystal, whose accuracy a UART wants, and the UART. */
void dw_nrf_start(void);

#endif
