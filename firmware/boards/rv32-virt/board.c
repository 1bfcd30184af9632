/* SPDX-License-Identifier: Apache-2.0 */
/* QEMU's RISC-V machine "virt": a 16550 UART behind the platform-level interrupt controller.
 * Addresses: the machine's device tree (qemu-system-riscv32 -M virt,dumpdtb=...). */
#include "board.h"

#include "ring.h"
#include "rv32.h"

/* Texas Instruments PC16550D data sheet, 8. */
#define UART_DATA dw_byte(0x10000000u)
#define UART_IER dw_byte(0x10000001u)
#define UART_FCR dw_byte(0x10000002u)
#define UART_LCR dw_byte(0x10000003u)
#define UART_LSR dw_byte(0x10000005u)

/* RISC-V Platform-Level Interrupt Controller Specification; context 0: hart 0, machine mode. */
#define PLIC_PRIORITY dw_word(0x0C000000u + 4 * UART_INTERRUPT)
#define PLIC_ENABLE dw_word(0x0C002000u)
#define PLIC_THRESHOLD dw_word(0x0C200000u)
#define PLIC_CLAIM dw_word(0x0C200004u)

/* SiFive test device: a write of 0x7777 resets the machine. */
#define TEST_DEVICE dw_word(0x00100000u)

enum {
    UART_INTERRUPT = 10,
    CLOCK_HZ = 1000000000,
    DATA_READY = 1,
    TRANSMIT_EMPTY = 32,
    RESET = 0x7777
};

static struct dw_ring ring;

void dw_external_interrupt(void)
{
    const uint32_t source = *PLIC_CLAIM;
    while (*UART_LSR & DATA_READY) {
        dw_ring_put(&ring, *UART_DATA);
    }
    *PLIC_CLAIM = source;
}

void dw_fault(void)
{
    *TEST_DEVICE = RESET;
    for (;;) {
    }
}

void dw_board_init(void)
{
    *UART_LCR = 3; /* 8N1 */
    *UART_FCR = 1; /* FIFOs on */
    *UART_IER = 1; /* received data */
    *PLIC_PRIORITY = 1;
    *PLIC_ENABLE = 1u << UART_INTERRUPT;
    *PLIC_THRESHOLD = 0;
    dw_external_interrupts_enable();
}

int dw_board_receive(void)
{
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

uint64_t dw_board_cycles(void)
{
    return dw_cycles();
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
    return "rv32imc";
}
