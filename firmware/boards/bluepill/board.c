/* SPDX-License-Identifier: Apache-2.0 */
/* Blue Pill: STM32F103C8 at 72 MHz, from its crystal of 8 MHz; at 64 MHz without. Wait states: PM0075,
 * FLASH_ACR. */
#include "stm32f1.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m3", .port = &dw_f1_usart1};

const struct dw_f1 dw_f1 = {
    .crystal_mhz = 8,
    .multiplier = 9,
    .internal_multiplier = 16,
    .wait_states = 2,
};
