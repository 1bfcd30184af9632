/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-L4R5ZI: STM32L4R5ZI at 120 MHz. UART: UM2179. Wait states in boost mode: RM0432, chapter
 * FLASH. */
#include "stm32l4.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m4", .port = &dw_l4_lpuart1};

const struct dw_l4 dw_l4 = {
    .core_mhz = 120,
    .wait_states = 5,
    .boost = true,
    .port_g = true,
};
