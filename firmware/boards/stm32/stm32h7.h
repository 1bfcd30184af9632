/* SPDX-License-Identifier: Apache-2.0 */
/* STM32H742, H743, H750, H753: 400 MHz, USART3 on PD8 (TX) and PD9 (RX). A board's own file says what
 * differs. */
#ifndef DW_STM32H7_H
#define DW_STM32H7_H

#include <stdbool.h>
#include <stdint.h>

#include "stm32.h"

extern const struct dw_stm32_port dw_h7_usart3;

struct dw_h7 {
    uint32_t crystal_mhz; /* a multiple of 4 */
    bool bypass; /* it is no crystal, but a clock that comes in on OSC_IN */
};

/* The board's file defines it. */
extern const struct dw_h7 dw_h7;

#endif
