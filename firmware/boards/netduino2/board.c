/* Netduino 2: STM32F205RF at 120 MHz. Wait states: RM0033, section 2.3.3. */
#include "stm32f2f4.h"

const struct dw_stm32 dw_stm32 = {
    .core = "cortex-m3",
    .crystal_mhz = 25,
    .pll_multiplier = 240,
    .usb_divisor = 5,
    .wait_states = 3,
};
