/* SPDX-License-Identifier: Apache-2.0 */
#include "mps2.h"

#include "board.h"
#include "cortex_m.h"
#include "ring.h"
#include "start.h"

/* Cortex-M System Design Kit Technical Reference Manual (DDI 0479D), APB UART. */
#define UART_DATA dw_register(dw_mps2.uart)
#define UART_STATE dw_register(dw_mps2.uart + 4)
#define UART_CTRL dw_register(dw_mps2.uart + 8)
#define UART_INTCLEAR dw_register(dw_mps2.uart + 12)
#define UART_BAUDDIV dw_register(dw_mps2.uart + 16)

enum {
    FIRST_BAUD = 115200,
    LEAST_DIVISOR = 16,
    FRAME_BITS = 11, /* of a byte, and one more */
    INTERRUPTS = 34,
    TRANSMIT_FULL = 1,
    RECEIVE_FULL = 2,
    TRANSMIT_ENABLE = 1,
    RECEIVE_ENABLE = 2,
    RECEIVE_INTERRUPT = 8,
    RECEIVE_CLEAR = 2
};

static struct dw_ring ring;

/* Cleared first: a byte that comes while this one is read asks again. */
static void receive_interrupt(void)
{
    *UART_INTCLEAR = RECEIVE_CLEAR;
    while (*UART_STATE & RECEIVE_FULL) {
        dw_ring_put(&ring, (uint8_t)*UART_DATA);
    }
}

/* One table for all images: only the interrupt that dw_mps2 names is ever enabled. */
static const struct {
    void *stack;
    dw_vector vectors[15 + INTERRUPTS];
} table __attribute__((section(".vectors"), used)) = {
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + 0] = receive_interrupt, /* AN385, AN386, AN500 */
        [15 + 32] = receive_interrupt, /* AN505 */
        [15 + 33] = receive_interrupt}, /* AN547 */
};

uint32_t dw_board_speed(uint32_t baud)
{
    const uint32_t divisor = (dw_mps2.uart_hz + baud / 2) / baud;
    return dw_mps2.uart_hz / (divisor > LEAST_DIVISOR ? divisor : LEAST_DIVISOR);
}

/* What was written last has left TRANSMIT_FULL behind, but not the line: looking so often takes longer. */
void dw_board_set_speed(uint32_t baud)
{
    const uint32_t looks = *UART_BAUDDIV * FRAME_BITS;
    for (uint32_t i = 0; i < looks || *UART_STATE & TRANSMIT_FULL; i++) {
    }
    *UART_BAUDDIV = (dw_mps2.uart_hz + baud / 2) / baud;
}

void dw_board_init(void)
{
    *UART_BAUDDIV = dw_mps2.uart_hz / FIRST_BAUD;
    *UART_CTRL = TRANSMIT_ENABLE | RECEIVE_ENABLE | RECEIVE_INTERRUPT;
    dw_interrupt_enable(dw_mps2.interrupt);
}

/* Interrupts are held back between the look and the sleep, which a waiting one ends all the same. */
static void sleep_while_empty(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    if (ring.in == ring.out) {
        __asm__ volatile("wfi" ::: "memory");
    }
    __asm__ volatile("cpsie i" ::: "memory");
}

/* Where nothing has come it sleeps until something does: QEMU passes a byte on three times as fast to a
 * core that does not spin. */
int dw_board_receive(void)
{
    const int byte = dw_ring_take(&ring);
    if (byte < 0) {
        sleep_while_empty();
    }
    return byte;
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (*UART_STATE & TRANSMIT_FULL) {
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
    return dw_mps2.clock_hz;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return dw_mps2.core;
}
