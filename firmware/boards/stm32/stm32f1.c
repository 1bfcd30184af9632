/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32f1.h"

#include "stm32_rcc.h"

/* RM0008 (F101, F102, F103), RM0041 (F100): RCC 7.3, GPIO 9.2; FLASH_ACR: PM0075. */
enum {
    RCC_CR = 0x40021000,
    RCC_CFGR = 0x40021004,
    RCC_APB2ENR = 0x40021018,
    FLASH_ACR = 0x40022000,
    CRL = 0x00,
    BSRR = 0x10,
    HSI_MHZ = 8,
    PREFETCH = 1 << 4,
    CRYSTAL = 1 << 16, /* PLLSRC */
    CONFIGURED = 63 << 16 | 63 << 8 | 15 << 4, /* PLLMUL, PLLXTPRE, PLLSRC; PPRE2, PPRE1; HPRE */
    APB1_HALF = 4 << 8,
    OUTPUT = 11, /* CNF, MODE: alternate function, push-pull, 50 MHz */
    INPUT = 8 /* CNF, MODE: input, pulled to its bit of ODR */
};

const struct dw_stm32_port dw_f1_usart1 = {
    .registers = &dw_uart_sr,
    .uart = 0x40013800,
    .uart_enable = {RCC_APB2ENR, 14},
    .gpio_enable = {RCC_APB2ENR, 2},
    .gpio = 0x40010800,
    .interrupt = 37,
    .bus = 2,
    .transmit_pin = 9,
    .receive_pin = 10,
    .brr_scale = 1,
};

static const struct dw_rcc rcc = {
    .cr = RCC_CR,
    .cfgr = RCC_CFGR,
    .hsi_on = 0,
    .hsi_ready = 1,
    .switch_bits = 2,
    .hsi = 0,
    .pll = 2,
};

static void start_pin(const struct dw_stm32_port *port, uint32_t pin, uint32_t mode)
{
    const uint32_t place = 4 * (pin % 8);
    dw_change(port->gpio + CRL + 4 * (pin / 8), 15u << place, mode << place);
}

/* A receiver that nobody drives is held high: no byte ever begins. */
void dw_stm32_start_pins(const struct dw_stm32_port *port)
{
    *dw_register(port->gpio + BSRR) = UINT32_C(1) << port->receive_pin;
    start_pin(port, port->receive_pin, INPUT);
    start_pin(port, port->transmit_pin, OUTPUT);
}

/* The clock in MHz that the PLL then gives. The PLL is configured while it is off. */
static uint32_t configure_pll(bool crystal)
{
    const uint32_t multiplier = crystal ? dw_f1.multiplier : dw_f1.internal_multiplier;
    dw_change(RCC_CFGR, CONFIGURED,
        (multiplier - 2) << 18 | (crystal ? (uint32_t)CRYSTAL : 0u) | (uint32_t)APB1_HALF);
    return multiplier * (crystal ? dw_f1.crystal_mhz : HSI_MHZ / 2);
}

static bool start_fast_clock(void)
{
    if (!dw_rcc_start_pll(&rcc)) {
        return false;
    }
    if (dw_f1.wait_states) {
        *dw_register(FLASH_ACR) = dw_f1.wait_states | PREFETCH;
        if (!dw_wait(FLASH_ACR, 7, dw_f1.wait_states)) {
            return false;
        }
    }
    return dw_rcc_use_pll(&rcc);
}

struct dw_clock dw_stm32_start_clock(void)
{
    (void)dw_rcc_start_internal(&rcc);
    uint32_t mhz = configure_pll(dw_rcc_start_crystal(&rcc, false));
    if (!start_fast_clock()) {
        mhz = HSI_MHZ;
    }
    return (struct dw_clock){mhz * 1000000, mhz * 500000, mhz * 1000000};
}
