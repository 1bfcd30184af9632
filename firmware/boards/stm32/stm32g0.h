/* SPDX-License-Identifier: Apache-2.0 */
/* STM32G0: 64 MHz, USART2 on PA2 (TX) and PA3 (RX). */
#ifndef DW_STM32G0_H
#define DW_STM32G0_H

#include "stm32.h"

extern const struct dw_stm32_port dw_g0_usart2;

#endif
