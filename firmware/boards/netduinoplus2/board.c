/* SPDX-License-Identifier: Apache-2.0 */
/* Netduino Plus 2: STM32F405RG at 168 MHz. Wait states: RM0090, table 10. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_f2f4_usart1};

const struct dw_f2f4 dw_f2f4 = {
    .crystal_mhz = 25,
    .core_mhz = 168,
    .pll_divisor = 2,
    .bus_shift = 1,
    .wait_states = 5,
    .voltage_scale = 1,
};
