/* SPDX-License-Identifier: Apache-2.0 */
/* NUCLEO-H743ZI and -H743ZI2: STM32H743ZI at 400 MHz, from the ST-LINK's 8 MHz. UART and clock: UM1974,
 * UM2407. */
#include "stm32h7.h"

const struct dw_stm32 dw_stm32 = {.core = "cortex-m7", .port = &dw_h7_usart3};

const struct dw_h7 dw_h7 = {
    .crystal_mhz = 8,
    .bypass = true,
};
