/* STM32F2 and F4: the application's board on USART1, PA9 (TX) and PA10 (RX), 115200 8N1. The two
 * families have the same clock tree, pins and USART; a board's own file says what differs. */
#ifndef DW_STM32F2F4_H
#define DW_STM32F2F4_H

#include <stdint.h>

struct dw_stm32 {
    const char *core; /* as in board.toml */
    uint32_t crystal_mhz; /* its PLL counts in steps of 1 MHz */
    uint32_t pll_multiplier; /* twice the core's clock in MHz, 192...432 */
    uint32_t usb_divisor; /* of twice the core's clock, for 48 MHz, 2...15 */
    uint32_t wait_states; /* of the flash, at that clock and 2.7 to 3.6 V */
};

/* The board's file defines it. */
extern const struct dw_stm32 dw_stm32;

#endif
