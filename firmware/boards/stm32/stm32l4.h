/* SPDX-License-Identifier: Apache-2.0 */
/* STM32L4 and L4+: clock tree and UARTs. A board's own file says what differs. */
#ifndef DW_STM32L4_H
#define DW_STM32L4_H

#include <stdbool.h>
#include <stdint.h>

#include "stm32.h"

/* USART2 on PA2 (TX) and PA3 (RX), LPUART1 on PG7 and PG8. */
extern const struct dw_stm32_port dw_l4_usart2, dw_l4_lpuart1;

struct dw_l4 {
    uint32_t core_mhz; /* a multiple of 8 */
    uint32_t wait_states; /* of the flash, at that clock in range 1 */
    bool boost; /* L4+ above 80 MHz: range 1 in boost mode */
    bool port_g; /* its pins are used, which have a supply of their own */
};

/* The board's file defines it. */
extern const struct dw_l4 dw_l4;

#endif
