/* SPDX-License-Identifier: Apache-2.0 */
/* RP2040 and RP2350: one clock tree and one UART, at other addresses. The application's board on UART0:
 * TX on GP0 (pin 1), RX on GP1 (pin 2), 115200 8N1, at the speed that a 12 MHz crystal gives. A board's
 * own file says where the registers are, and has what the boot ROM wants and the vectors. */
#ifndef DW_RP2_H
#define DW_RP2_H

#include <stdint.h>

/* Addresses of register blocks; `peripherals` are the bits of IO_BANK0, PADS_BANK0, PLL_SYS and UART0 in
 * RESETS. The core runs at the 1500 MHz of the PLL's VCO divided by `divisor` and by 2. */
struct dw_rp2 {
    const char *core; /* as in board.toml */
    uint32_t resets, clocks, xosc, pll, io, pads, uart;
    uint32_t peripherals;
    uint32_t divisor;
    uint32_t interrupt; /* UART0's */
};

/* The board's file defines it. */
extern const struct dw_rp2 dw_rp2;

/* UART0's interrupt: what came goes into the ring. */
void dw_rp2_received(void);

#endif
