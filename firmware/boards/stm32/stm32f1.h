/* SPDX-License-Identifier: Apache-2.0 */
/* STM32F1, but for the connectivity line: clock tree, pins, USART1 on PA9 (TX) and PA10 (RX). A
 * board's own file says what differs. */
#ifndef DW_STM32F1_H
#define DW_STM32F1_H

#include <stdint.h>

#include "stm32.h"

extern const struct dw_stm32_port dw_f1_usart1;

struct dw_f1 {
    uint32_t crystal_mhz;
    uint32_t multiplier; /* of the crystal, 2...16 */
    uint32_t internal_multiplier; /* of 4 MHz, half of the internal oscillator, 2...16 */
    uint32_t
        wait_states; /* of the flash; 0 also where it never needs any, and has no such register */
};

/* The board's file defines it. */
extern const struct dw_f1 dw_f1;

#endif
