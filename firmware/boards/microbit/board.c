/* SPDX-License-Identifier: Apache-2.0 */
/* BBC micro:bit 1: nRF51822, the application's board on its UART, which the interface chip takes to
 * USB, 115200 8N1. Its Cortex-M0 has no SysTick: cycles are counted by TIMER0, which runs on the
 * core's 16 MHz. Registers: nRF51 Series Reference Manual 3.0: CLOCK, UART, TIMER, GPIO. */
#include "board.h"

#include "cortex_m.h"
#include "ring.h"
#include "start.h"

#define CLOCK_HFCLKSTART dw_register(0x40000000u)
#define CLOCK_HFCLKSTARTED dw_register(0x40000100u)
#define UART_STARTRX dw_register(0x40002000u)
#define UART_STARTTX dw_register(0x40002008u)
#define UART_RXDRDY dw_register(0x40002108u)
#define UART_TXDRDY dw_register(0x4000211Cu)
#define UART_INTENSET dw_register(0x40002304u)
#define UART_ENABLE dw_register(0x40002500u)
#define UART_PSELTXD dw_register(0x4000250Cu)
#define UART_PSELRXD dw_register(0x40002514u)
#define UART_RXD dw_register(0x40002518u)
#define UART_TXD dw_register(0x4000251Cu)
#define UART_BAUDRATE dw_register(0x40002524u)
#define TIMER0_START dw_register(0x40008000u)
#define TIMER0_STOP dw_register(0x40008004u)
#define TIMER0_CLEAR dw_register(0x4000800Cu)
#define TIMER0_CAPTURE0 dw_register(0x40008040u)
#define TIMER0_BITMODE dw_register(0x40008508u)
#define TIMER0_PRESCALER dw_register(0x40008510u)
#define TIMER0_CC0 dw_register(0x40008540u)
#define GPIO_OUTSET dw_register(0x50000508u)
#define GPIO_DIRSET dw_register(0x50000518u)

enum {
    CLOCK_HZ = 16000000,
    BAUD_115200 = 0x01D7E000,
    TRANSMIT_PIN = 24,
    RECEIVE_PIN = 25,
    UART_INTERRUPT = 2,
    INTERRUPTS = 32,
    WAIT_LOOPS = 100000 /* a clock that never starts must not hang */
};

static struct dw_ring ring;

/* The event is cleared first: a byte that waits behind RXD raises it again when RXD is read. */
static void uart_interrupt(void)
{
    while (*UART_RXDRDY) {
        *UART_RXDRDY = 0;
        dw_ring_put(&ring, (uint8_t)*UART_RXD);
    }
}

static const struct {
    void *stack;
    dw_vector vectors[15 + INTERRUPTS];
} table __attribute__((section(".vectors"), used)) = {
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + UART_INTERRUPT] = uart_interrupt},
};

/* The UART and the timer want the crystal's accuracy. */
static void start_clock(void)
{
    *CLOCK_HFCLKSTART = 1;
    for (int i = 0; i < WAIT_LOOPS && !*CLOCK_HFCLKSTARTED; i++) {
    }
}

void dw_board_init(void)
{
    start_clock();
    *GPIO_OUTSET = UINT32_C(1) << TRANSMIT_PIN; /* an idle line is high */
    *GPIO_DIRSET = UINT32_C(1) << TRANSMIT_PIN;
    *UART_PSELTXD = TRANSMIT_PIN;
    *UART_PSELRXD = RECEIVE_PIN;
    *UART_BAUDRATE = BAUD_115200;
    *UART_ENABLE = 4;
    *UART_INTENSET = 1u << 2; /* RXDRDY */
    *UART_STARTTX = 1;
    *UART_STARTRX = 1;
    dw_interrupt_enable(UART_INTERRUPT);
}

int dw_board_receive(void)
{
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *UART_TXDRDY = 0;
        *UART_TXD = data[i];
        while (!*UART_TXDRDY) {
        }
    }
}

/* 32 bits: 268 s for one row of input. */
void dw_board_cycles_start(void)
{
    *TIMER0_STOP = 1;
    *TIMER0_BITMODE = 3; /* 32 bits */
    *TIMER0_PRESCALER = 0;
    *TIMER0_CLEAR = 1;
    *TIMER0_START = 1;
}

uint64_t dw_board_cycles(void)
{
    *TIMER0_CAPTURE0 = 1;
    return *TIMER0_CC0;
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
    return "cortex-m0";
}
