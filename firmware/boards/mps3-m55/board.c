/* SPDX-License-Identifier: Apache-2.0 */
/* Arm MPS3 with the image of AN547, a Cortex-M55. It starts in Secure state and stays there: all
 * addresses are the secure aliases (bit 28). Memory map and interrupts: AN547. */
#include "mps2.h"

const struct dw_mps2 dw_mps2 = {
    .core = "cortex-m55",
    .clock_hz = 32000000,
    .uart_hz = 25000000,
    .uart = 0x59303000,
    .interrupt = 33,
};
