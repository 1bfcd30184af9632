/* SPDX-License-Identifier: Apache-2.0 */
/* Netduino 2: STM32F205RF at 120 MHz. Wait states: RM0033, section 2.3.3. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m3", .port = &dw_f2f4_usart1};

const struct dw_f2f4 dw_f2f4 = {
    .crystal_mhz = 25,
    .core_mhz = 120,
    .pll_divisor = 2,
    .bus_shift = 1,
    .wait_states = 3,
};
