/* SPDX-License-Identifier: Apache-2.0 */
/* Black Pill: STM32F411CE at 100 MHz, from its crystal of 25 MHz. Wait states and scale 1: RM0383,
 * chapters FLASH and PWR. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_f2f4_usart1};

const struct dw_f2f4 dw_f2f4 = {
    .crystal_mhz = 25,
    .core_mhz = 100,
    .pll_divisor = 2,
    .bus_shift = 0,
    .wait_states = 3,
    .voltage_scale = 3,
};
