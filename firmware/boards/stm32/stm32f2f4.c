/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32f2f4.h"

#include "stm32_rcc.h"

/* RM0033 (F2), RM0090 (F405), RM0368 (F401), RM0383 (F411), RM0390 (F446): RCC registers, PWR registers
 * and FLASH_ACR (F2: PM0059). The addresses are the same. */
enum {
    PWR_CR = 0x40007000,
    PWR_CSR = 0x40007004,
    RCC_CR = 0x40023800,
    RCC_PLLCFGR = 0x40023804,
    RCC_CFGR = 0x40023808,
    RCC_AHB1ENR = 0x40023830,
    RCC_APB1ENR = 0x40023840,
    RCC_APB2ENR = 0x40023844,
    FLASH_ACR = 0x40023C00,
    HSI_MHZ = 16,
    USB_MHZ = 48, /* and random numbers: at most */
    PWR_ENABLE = 1 << 28,
    OVERDRIVE = 1 << 16,
    OVERDRIVE_SWITCH = 1 << 17,
    CACHES = 7 << 8, /* prefetch, instructions, data */
    PRESCALERS = 63 << 10 | 15 << 4 /* PPRE2, PPRE1, HPRE */
};

/* Pins: alternate function 7 of port A, datasheets. */
const struct dw_stm32_port dw_f2f4_usart1 = {
    .registers = &dw_uart_sr,
    .uart = 0x40011000,
    .uart_enable = {RCC_APB2ENR, 4},
    .gpio_enable = {RCC_AHB1ENR, 0},
    .gpio = 0x40020000,
    .interrupt = 37,
    .bus = 2,
    .transmit_pin = 9,
    .receive_pin = 10,
    .function = 7,
    .brr_scale = 1,
};

const struct dw_stm32_port dw_f2f4_usart2 = {
    .registers = &dw_uart_sr,
    .uart = 0x40004400,
    .uart_enable = {RCC_APB1ENR, 17},
    .gpio_enable = {RCC_AHB1ENR, 0},
    .gpio = 0x40020000,
    .interrupt = 38,
    .bus = 1,
    .transmit_pin = 2,
    .receive_pin = 3,
    .function = 7,
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

/* RM0390, chapter PWR, "Entering Over-drive mode": while the PLL starts. */
static bool start_overdrive(void)
{
    dw_change(PWR_CR, OVERDRIVE, OVERDRIVE);
    if (!dw_wait(PWR_CSR, OVERDRIVE, OVERDRIVE)) {
        return false;
    }
    dw_change(PWR_CR, OVERDRIVE_SWITCH, OVERDRIVE_SWITCH);
    return dw_wait(PWR_CSR, OVERDRIVE_SWITCH, OVERDRIVE_SWITCH);
}

/* Source / its MHz * multiplier / divisor: the PLL counts in steps of 1 MHz. */
static void configure_pll(bool crystal)
{
    const uint32_t vco_mhz = dw_f2f4.core_mhz * dw_f2f4.pll_divisor;
    *dw_register(RCC_PLLCFGR) = (crystal ? dw_f2f4.crystal_mhz : (uint32_t)HSI_MHZ) | vco_mhz << 6 |
                                (dw_f2f4.pll_divisor / 2 - 1) << 16 | (crystal ? 1u << 22 : 0u) |
                                (vco_mhz + USB_MHZ - 1) / USB_MHZ << 24;
}

/* PPRE1 and PPRE2: 0, or 4 for a half, 5 for a quarter. */
static uint32_t prescaler(uint32_t shift)
{
    return shift ? 3 + shift : 0;
}

static bool start_fast_clock(void)
{
    const uint32_t shift = dw_f2f4.bus_shift;
    dw_change(RCC_APB1ENR, PWR_ENABLE, PWR_ENABLE);
    if (dw_f2f4.voltage_scale) {
        dw_change(PWR_CR, 3u << 14, dw_f2f4.voltage_scale << 14); /* only while the PLL is off */
    }
    configure_pll(dw_rcc_start_crystal(&rcc, dw_f2f4.bypass));
    if (!dw_rcc_start_pll(&rcc) || (dw_f2f4.overdrive && !start_overdrive())) {
        return false;
    }
    *dw_register(FLASH_ACR) = dw_f2f4.wait_states | CACHES;
    if (!dw_wait(FLASH_ACR, 7, dw_f2f4.wait_states)) {
        return false;
    }
    dw_change(RCC_CFGR, PRESCALERS, prescaler(shift + 1) << 10 | prescaler(shift) << 13);
    return dw_rcc_use_pll(&rcc);
}

struct dw_clock dw_stm32_start_clock(void)
{
    (void)dw_rcc_start_internal(&rcc);
    if (start_fast_clock()) {
        const uint32_t hz = dw_f2f4.core_mhz * 1000000, shift = dw_f2f4.bus_shift;
        return (struct dw_clock){hz, hz >> (shift + 1), hz >> shift};
    }
    dw_change(RCC_CFGR, PRESCALERS, 0);
    return (struct dw_clock){HSI_MHZ * 1000000, HSI_MHZ * 1000000, HSI_MHZ * 1000000};
}
