/* Netduino Plus 2: STM32F405RG at 168 MHz. Wait states: RM0090, table 10. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {
    .core = "cortex-m4",
    .crystal_mhz = 25,
    .pll_multiplier = 336,
    .usb_divisor = 7,
    .wait_states = 5,
};
