/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32h7.h"

#include "cortex_m7.h"
#include "stm32_rcc.h"

/* RM0433: RCC registers, PWR registers, FLASH_ACR. */
enum {
    FLASH_ACR = 0x52002000,
    RCC_CR = 0x58024400,
    RCC_CFGR = 0x58024410,
    RCC_D1CFGR = 0x58024418,
    RCC_D2CFGR = 0x5802441C,
    RCC_D3CFGR = 0x58024420,
    RCC_PLLCKSELR = 0x58024428,
    RCC_PLLCFGR = 0x5802442C,
    RCC_PLL1DIVR = 0x58024430,
    RCC_AHB4ENR = 0x580244E0,
    RCC_APB1LENR = 0x580244E8,
    PWR_CSR1 = 0x58024804,
    PWR_CR3 = 0x5802480C,
    PWR_D3CR = 0x58024818,
    HSI_MHZ = 64,
    CORE_MHZ = 400, /* what VOS1 allows */
    PLL_INPUT_MHZ = 4,
    SUPPLY = 7, /* SCUEN, LDOEN, BYPASS */
    SUPPLY_LDO = 2,
    SUPPLY_READY = 1 << 13, /* ACTVOSRDY */
    SUPPLY_LOOPS = 100000,
    VOS1 = 3 << 14,
    VOS_READY = 1 << 13,
    WAIT_STATES = 2 << 4 | 2, /* WRHIGHFREQ, LATENCY: table 17, AXI bus at 185 to 210 MHz in VOS1 */
    PLL1_RANGE = 2 << 2, /* PLL1RGE: an input of 4 to 8 MHz; wide VCO, no fraction */
    PLL1_FLAGS = 15, /* PLL1RGE, PLL1VCOSEL, PLL1FRACEN */
    PLL1_OUTPUT = 1 << 16, /* DIVP1EN */
    PLL_OF_HSE = 2,
    D1_BUSES = 8 | 4 << 4, /* HPRE a half: 200 MHz; D1PPRE a half of that */
    D2_BUSES = 4 << 4 | 4 << 8, /* D2PPRE1, D2PPRE2 */
    D3_BUSES = 4 << 4 /* D3PPRE */
};

/* Pins: alternate function 7 of port D, datasheet. */
const struct dw_stm32_port dw_h7_usart3 = {
    .registers = &dw_uart_isr,
    .uart = 0x40004800,
    .uart_enable = {RCC_APB1LENR, 18},
    .gpio_enable = {RCC_AHB4ENR, 3},
    .gpio = 0x58020C00,
    .interrupt = 39,
    .bus = 1,
    .transmit_pin = 8,
    .receive_pin = 9,
    .function = 7,
    .brr_scale = 1,
};

static const struct dw_rcc rcc = {
    .cr = RCC_CR,
    .cfgr = RCC_CFGR,
    .hsi_on = 0,
    .hsi_ready = 2,
    .switch_bits = 3,
    .hsi = 0,
    .pll = 3,
};

/* Chapter PWR, "System supply startup": until the supply is configured, which can be done once after
 * power came, the chip is in Run* mode, and neither memory nor voltage may be written. */
void dw_power_start(void)
{
    *dw_register(PWR_CR3) = (*dw_register(PWR_CR3) & ~(uint32_t)SUPPLY) | SUPPLY_LDO;
    for (int i = 0; i < SUPPLY_LOOPS && !(*dw_register(PWR_CSR1) & SUPPLY_READY); i++) {
    }
}

static bool start_voltage(void)
{
    if (!(*dw_register(PWR_CSR1) & SUPPLY_READY)) {
        return false;
    }
    dw_change(PWR_D3CR, VOS1, VOS1);
    return dw_wait(PWR_D3CR, VOS_READY, VOS_READY);
}

static void configure_pll(bool crystal)
{
    const uint32_t divisor = (crystal ? dw_h7.crystal_mhz : (uint32_t)HSI_MHZ) / PLL_INPUT_MHZ;
    dw_change(RCC_PLLCKSELR, 63u << 4 | 3u, divisor << 4 | (crystal ? (uint32_t)PLL_OF_HSE : 0u));
    dw_change(RCC_PLLCFGR, PLL1_FLAGS | PLL1_OUTPUT, PLL1_RANGE | PLL1_OUTPUT);
    *dw_register(RCC_PLL1DIVR) = (2 * CORE_MHZ / PLL_INPUT_MHZ - 1) | 1u << 9; /* N1, P1: a half */
}

static void divide_buses(uint32_t d1, uint32_t d2, uint32_t d3)
{
    *dw_register(RCC_D1CFGR) = d1;
    *dw_register(RCC_D2CFGR) = d2;
    *dw_register(RCC_D3CFGR) = d3;
}

static bool start_fast_clock(void)
{
    if (!start_voltage()) {
        return false;
    }
    configure_pll(dw_rcc_start_crystal(&rcc, dw_h7.bypass));
    if (!dw_rcc_start_pll(&rcc)) {
        return false;
    }
    *dw_register(FLASH_ACR) = WAIT_STATES;
    if (!dw_wait(FLASH_ACR, 63, WAIT_STATES)) {
        return false;
    }
    divide_buses(D1_BUSES, D2_BUSES, D3_BUSES);
    return dw_rcc_use_pll(&rcc);
}

/* Flash is read through the caches. RAM is tightly coupled, which no cache sees, and nothing but the
 * core writes memory: no cache is ever stale. */
struct dw_clock dw_stm32_start_clock(void)
{
    dw_caches_start();
    (void)dw_rcc_start_internal(&rcc);
    if (start_fast_clock()) {
        return (struct dw_clock){CORE_MHZ * 1000000, CORE_MHZ * 250000, CORE_MHZ * 250000};
    }
    divide_buses(0, 0, 0);
    return (struct dw_clock){HSI_MHZ * 1000000, HSI_MHZ * 1000000, HSI_MHZ * 1000000};
}
