/* SPDX-License-Identifier: Apache-2.0 */
/* BBC micro:bit 1: nRF51822, the application's board on its UART, which the interface chip takes to
 * USB, 115200 8N1. Its Cortex-M0 has no SysTick: cycles are counted by TIMER0, which runs on the
 * core's 16 MHz. Registers: nRF51 Series Reference Manual 3.0: TIMER. */
#include "board.h"

#include "cortex_m.h"
#include "nrf.h"

#define TIMER0_START dw_register(0x40008000u)
#define TIMER0_STOP dw_register(0x40008004u)
#define TIMER0_CLEAR dw_register(0x4000800Cu)
#define TIMER0_CAPTURE0 dw_register(0x40008040u)
#define TIMER0_BITMODE dw_register(0x40008508u)
#define TIMER0_PRESCALER dw_register(0x40008510u)
#define TIMER0_CC0 dw_register(0x40008540u)

enum { CLOCK_HZ = 16000000 };

const struct dw_nrf dw_nrf = {.transmit_pin = 24, .receive_pin = 25};

void dw_board_init(void)
{
    dw_nrf_start();
}

/* 32 bits: 268 s for one row of input. */
void dw_board_cycles_start(void)
{
    *TIMER0_STOP = 1;
    *TIMER0_BITMODE = 3; /* 32 bits */
    *TIMER0_PRESCALER = 0;
    *TIMER0_CLEAR = 1;
    *TIMER0_START = 1;
}

uint64_t dw_board_cycles(void)
{
    *TIMER0_CAPTURE0 = 1;
    return *TIMER0_CC0;
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
    return "cortex-m0";
}
