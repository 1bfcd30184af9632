/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-F446RE: STM32F446RE at 180 MHz, from the ST-LINK's 8 MHz. UART and clock: UM1724. Wait
 * states, scale 1 and over-drive: RM0390, chapters FLASH and PWR. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_f2f4_usart2};

const struct dw_f2f4 dw_f2f4 = {
    .crystal_mhz = 8,
    .bypass = true,
    .core_mhz = 180,
    .pll_divisor = 2,
    .bus_shift = 1,
    .wait_states = 5,
    .voltage_scale = 3,
    .overdrive = true,
};
