/* SPDX-License-Identifier: Apache-2.0 */
/* STM32F2 and F4: one clock tree, pins and USARTs. A board's own file says what differs. */
#ifndef DW_STM32F2F4_H
#define DW_STM32F2F4_H

#include <stdbool.h>
#include <stdint.h>

#include "stm32.h"

/* USART1 on PA9 (TX) and PA10 (RX), USART2 on PA2 and PA3. */
extern const struct dw_stm32_port dw_f2f4_usart1, dw_f2f4_usart2;

struct dw_f2f4 {
    uint32_t crystal_mhz;
    bool bypass; /* it is no crystal, but a clock that comes in on OSC_IN */
    uint32_t core_mhz;
    uint32_t pll_divisor; /* of the VCO, for the core: 2 or 4 */
    uint32_t bus_shift; /* APB2 runs at the core's clock >> this, APB1 at half of that */
    uint32_t wait_states; /* of the flash, at that clock and 2.7 to 3.6 V */
    uint32_t voltage_scale; /* VOS of PWR_CR; 0 where there is none */
    bool overdrive; /* the clock needs it */
};

/* The board's file defines it. */
extern const struct dw_f2f4 dw_f2f4;

#endif
