/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32l4.h"

#include "stm32_rcc.h"

/* RM0351 (L47x), RM0432 (L4+): RCC registers, PWR registers and FLASH_ACR. */
enum {
    PWR_CR2 = 0x40007004,
    PWR_CR5 = 0x40007080,
    RCC_CR = 0x40021000,
    RCC_CFGR = 0x40021008,
    RCC_PLLCFGR = 0x4002100C,
    RCC_AHB2ENR = 0x4002104C,
    RCC_APB1ENR1 = 0x40021058,
    RCC_APB1ENR2 = 0x4002105C,
    FLASH_ACR = 0x40022000,
    MSI_MHZ = 4, /* what runs after a reset */
    HSI_MHZ = 16,
    PWR_ENABLE = 1 << 28,
    PORT_G_SUPPLY = 1 << 9, /* IOSV */
    NO_BOOST = 1 << 8, /* R1MODE */
    CACHES = 7 << 8, /* prefetch, instructions, data */
    PLL_OF_HSI = 2, /* PLLSRC; PLLM and PLLR are 0: HSI undivided, VCO halved */
    PLL_OUTPUT = 1 << 24, /* PLLREN */
    PRESCALERS = 63 << 8 | 15 << 4, /* PPRE2, PPRE1, HPRE */
    HALF = 8 << 4, /* HPRE */
    MICROSECOND_LOOPS = 120 /* at 120 MHz, of one cycle or more */
};

/* Pins: alternate function 7 of port A and 8 of port G, datasheets. */
const struct dw_stm32_port dw_l4_usart2 = {
    .registers = &dw_uart_isr,
    .uart = 0x40004400,
    .uart_enable = {RCC_APB1ENR1, 17},
    .gpio_enable = {RCC_AHB2ENR, 0},
    .gpio = 0x48000000,
    .interrupt = 38,
    .bus = 1,
    .transmit_pin = 2,
    .receive_pin = 3,
    .function = 7,
    .brr_scale = 1,
};

const struct dw_stm32_port dw_l4_lpuart1 = {
    .registers = &dw_uart_isr,
    .uart = 0x40008000,
    .uart_enable = {RCC_APB1ENR2, 0},
    .gpio_enable = {RCC_AHB2ENR, 6},
    .gpio = 0x48001800,
    .interrupt = 70,
    .bus = 1,
    .transmit_pin = 7,
    .receive_pin = 8,
    .function = 8,
    .brr_scale = 256,
};

static const struct dw_rcc rcc = {
    .cr = RCC_CR,
    .cfgr = RCC_CFGR,
    .hsi_on = 8,
    .hsi_ready = 10,
    .switch_bits = 2,
    .hsi = 1,
    .pll = 3,
};

static void start_power(void)
{
    dw_change(RCC_APB1ENR1, PWR_ENABLE, PWR_ENABLE);
    if (dw_l4.port_g) {
        dw_change(PWR_CR2, PORT_G_SUPPLY, PORT_G_SUPPLY);
    }
    if (dw_l4.boost) {
        dw_change(PWR_CR5, NO_BOOST, 0);
    }
}

/* RM0432, chapter PWR, "Dynamic voltage scaling management": into the boost mode the bus runs at half
 * speed for a microsecond. On other chips the detour does no harm. */
static bool use_pll(void)
{
    dw_change(RCC_CFGR, PRESCALERS, HALF);
    const bool used = dw_rcc_use_pll(&rcc);
    for (int i = 0; i < MICROSECOND_LOOPS; i++) {
        (void)*dw_register(RCC_CFGR);
    }
    dw_change(RCC_CFGR, PRESCALERS, 0);
    return used;
}

/* From the internal oscillator, which is within 1 %: the Nucleos have no other clock as they come. */
static bool start_fast_clock(void)
{
    *dw_register(RCC_PLLCFGR) = PLL_OF_HSI | 2 * dw_l4.core_mhz / HSI_MHZ << 8 | PLL_OUTPUT;
    if (!dw_rcc_start_pll(&rcc)) {
        return false;
    }
    *dw_register(FLASH_ACR) = dw_l4.wait_states | CACHES;
    return dw_wait(FLASH_ACR, 7, dw_l4.wait_states) && use_pll();
}

struct dw_clock dw_stm32_start_clock(void)
{
    start_power();
    uint32_t mhz = dw_rcc_start_internal(&rcc) ? HSI_MHZ : MSI_MHZ;
    if (mhz == HSI_MHZ && start_fast_clock()) {
        mhz = dw_l4.core_mhz;
    }
    return (struct dw_clock){mhz * 1000000, mhz * 1000000, mhz * 1000000};
}
