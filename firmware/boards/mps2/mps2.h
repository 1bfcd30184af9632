/* SPDX-License-Identifier: Apache-2.0 */
/* Arm's MPS2 and MPS3 boards with the FPGA images of the Cortex-M cores: the application's board on
 * UART0, a CMSDK APB UART, 115200 8N1. A board's own file says where an image has it. */
#ifndef DW_MPS2_H
#define DW_MPS2_H

#include <stdint.h>

struct dw_mps2 {
    const char *core; /* as in board.toml */
    uint32_t clock_hz; /* of the core */
    uint32_t uart_hz; /* of the UART's bus */
    uint32_t uart; /* address of UART0 */
    uint32_t interrupt; /* of its receiver: 0, 32 or 33, see the vector table */
};

/* The board's file defines it. */
extern const struct dw_mps2 dw_mps2;

#endif
