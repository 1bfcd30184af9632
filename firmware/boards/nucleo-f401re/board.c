/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-F401RE: STM32F401RE at 84 MHz, from the ST-LINK's 8 MHz. UART and clock: UM1724. Wait states
 * and scale 2: RM0368, chapters FLASH and PWR. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_f2f4_usart2};

const struct dw_f2f4 dw_f2f4 = {
    .crystal_mhz = 8,
    .bypass = true,
    .core_mhz = 84,
    .pll_divisor = 4,
    .bus_shift = 0,
    .wait_states = 2,
    .voltage_scale = 2,
};
