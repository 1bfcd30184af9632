/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-G071RB: STM32G071RB at 64 MHz. UART: UM2324. */
#include "stm32g0.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m0plus", .port = &dw_g0_usart2};
