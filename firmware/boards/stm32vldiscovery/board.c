/* SPDX-License-Identifier: Apache-2.0 */
/* STM32VLDISCOVERY: STM32F100RB at 24 MHz, from its crystal of 8 MHz or without it. Its flash needs no
 * wait states: RM0041, chapter "Memory and bus architecture". */
#include "stm32f1.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m3", .port = &dw_f1_usart1};

const struct dw_f1 dw_f1 = {
    .crystal_mhz = 8,
    .multiplier = 3,
    .internal_multiplier = 6,
    .wait_states = 0,
};
