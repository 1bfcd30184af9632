/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-L476RG: STM32L476RG at 80 MHz. UART: UM1724. Wait states: RM0351, chapter FLASH. */
#include "stm32l4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_l4_usart2};

const struct dw_l4 dw_l4 = {
    .core_mhz = 80,
    .wait_states = 4,
};
