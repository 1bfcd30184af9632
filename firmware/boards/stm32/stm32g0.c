/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32g0.h"

#include "stm32_rcc.h"

/* RM0444: RCC registers, FLASH_ACR. */
enum {
    RCC_CR = 0x40021000,
    RCC_CFGR = 0x40021008,
    RCC_PLLCFGR = 0x4002100C,
    RCC_IOPENR = 0x40021034,
    RCC_APBENR1 = 0x4002103C,
    FLASH_ACR = 0x40022000,
    HSI_HZ = 16000000,
    CORE_HZ = 64000000,
    WAIT_STATES = 2, /* 48 to 64 MHz in range 1 */
    CACHE = 3 << 8, /* prefetch, instructions */
    PLL_OF_HSI = 2, /* PLLSRC; PLLM is 0: undivided */
    PLL_MULTIPLIER = 8 << 8,
    PLL_HALF = 1 << 29 | 1 << 28, /* PLLR, PLLREN */
    PRESCALERS = 7 << 12 | 15 << 8 /* PPRE, HPRE */
};

/* Pins: alternate function 1 of port A, datasheet. */
const struct dw_stm32_port dw_g0_usart2 = {
    .registers = &dw_uart_isr,
    .uart = 0x40004400,
    .uart_enable = {RCC_APBENR1, 17},
    .gpio_enable = {RCC_IOPENR, 0},
    .gpio = 0x50000000,
    .interrupt = 28,
    .bus = 1,
    .transmit_pin = 2,
    .receive_pin = 3,
    .function = 1,
    .brr_scale = 1,
};

static const struct dw_rcc rcc = {
    .cr = RCC_CR,
    .cfgr = RCC_CFGR,
    .hsi_on = 8,
    .hsi_ready = 10,
    .switch_bits = 3,
    .hsi = 0,
    .pll = 2,
};

/* From the internal oscillator, which is within 1 %: the Nucleo has no other clock as it comes. */
static bool start_fast_clock(void)
{
    *dw_register(RCC_PLLCFGR) = PLL_OF_HSI | PLL_MULTIPLIER | PLL_HALF;
    if (!dw_rcc_start_pll(&rcc)) {
        return false;
    }
    *dw_register(FLASH_ACR) = WAIT_STATES | CACHE;
    return dw_wait(FLASH_ACR, 7, WAIT_STATES) && dw_rcc_use_pll(&rcc);
}

struct dw_clock dw_stm32_start_clock(void)
{
    (void)dw_rcc_start_internal(&rcc);
    dw_change(RCC_CFGR, PRESCALERS, 0);
    const uint32_t hz = start_fast_clock() ? CORE_HZ : HSI_HZ;
    return (struct dw_clock){hz, hz, hz};
}
