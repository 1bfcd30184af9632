/* SPDX-License-Identifier: Apache-2.0 */
/* Arm MPS2 with the image of AN505, a Cortex-M33. It starts in Secure state and stays there: all
 * addresses are the secure aliases (bit 28). Memory map and interrupts: AN505. */
#include "mps2.h"

const struct dw_mps2 dw_mps2 = {
    .core = "cortex-m33",
    .clock_hz = 20000000,
    .uart_hz = 20000000,
    .uart = 0x50200000,
    .interrupt = 32,
};
