/* SPDX-License-Identifier: Apache-2.0 */
/* Arm MPS2 with the image of AN386, a Cortex-M4. Memory map and interrupts: AN386, as in AN385. */
#include "mps2.h"

const struct dw_mps2 dw_mps2 = {
    .core = "cortex-m4",
    .clock_hz = 25000000,
    .uart_hz = 25000000,
    .uart = 0x40004000,
    .interrupt = 0,
};
