/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's machine kc705 with the core dc233c. The UART is asked, not heard: QEMU holds bytes back
 * until it is. Addresses: hw/xtensa/xtfpga.c of QEMU. */
#include "board.h"

#include "ring.h"
#include "xtensa.h"

/* Texas Instruments PC16550D data sheet, 8; registers lie four bytes apart. */
#define UART_DATA dw_word(0xFD050020u)
#define UART_FCR dw_word(0xFD050028u)
#define UART_LCR dw_word(0xFD05002Cu)
#define UART_LSR dw_word(0xFD050034u)

enum { CLOCK_HZ = 1000000000, DATA_READY = 1, TRANSMIT_EMPTY = 32 };

static struct dw_ring ring;

void dw_board_init(void)
{
    *UART_LCR = 3; /* 8N1 */
    *UART_FCR = 1; /* FIFOs on */
}

int dw_board_receive(void)
{
    if (ring.in == ring.out) {
        for (int i = 1; i < DW_RING_BYTES && *UART_LSR & DATA_READY; i++) {
            dw_ring_put(&ring, (uint8_t)*UART_DATA);
        }
    }
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (!(*UART_LSR & TRANSMIT_EMPTY)) {
        }
        *UART_DATA = data[i];
    }
}

void dw_board_cycles_start(void)
{
    dw_cycles_start();
}

/* CCOUNT: 10 MHz on this machine, where an instruction takes 1024 ns (board.toml). */
uint64_t dw_board_cycles(void)
{
    return dw_cycles(25, 8);
}

uint32_t dw_board_clock_hz(void)
{
    return CLOCK_HZ;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return "xtensa-lx6";
}
