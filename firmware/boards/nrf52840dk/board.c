/* SPDX-License-Identifier: Apache-2.0 */
/* nRF52840 DK: nRF52840 at 64 MHz, the application's board on its UART, which the J-Link takes to USB:
 * TX P0.06, RX P0.08 (nRF52840 DK Hardware User Guide, "Virtual COM port"). Cache of instructions:
 * nRF52840 Product Specification 1.8, NVMC. */
#include "board.h"

#include "cortex_m.h"
#include "nrf.h"

#define NVMC_ICACHECNF dw_register(0x4001E540u)

enum { CLOCK_HZ = 64000000 };

const struct dw_nrf dw_nrf = {.transmit_pin = 6, .receive_pin = 8};

void dw_board_init(void)
{
    *NVMC_ICACHECNF = 1;
    dw_nrf_start();
}

void dw_board_cycles_start(void)
{
    dw_cycles_start();
}

uint64_t dw_board_cycles(void)
{
    return dw_cycles();
}

uint32_t dw_board_clock_hz(void)
{
    return CLOCK_HZ;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return "cortex-m4";
}
