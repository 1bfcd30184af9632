/* SPDX-License-Identifier: Apache-2.0 */
/* Registers, at the same addresses in both: nRF51 Series Reference Manual 3.0 and nRF52840 Product
 * Specification 1.8: CLOCK, UART, GPIO. */
#include "nrf.h"

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
#define GPIO_OUTSET dw_register(0x50000508u)
#define GPIO_DIRSET dw_register(0x50000518u)

enum {
    BAUD_115200 = 0x01D7E000,
    BAUD_230400 = 0x03AFB000,
    UART_INTERRUPT = 2,
    INTERRUPTS = 48,
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

static void start_clock(void)
{
    *CLOCK_HFCLKSTART = 1;
    for (int i = 0; i < WAIT_LOOPS && !*CLOCK_HFCLKSTARTED; i++) {
    }
}

void dw_nrf_start(void)
{
    start_clock();
    *GPIO_OUTSET = UINT32_C(1) << dw_nrf.transmit_pin; /* an idle line is high */
    *GPIO_DIRSET = UINT32_C(1) << dw_nrf.transmit_pin;
    *UART_PSELTXD = dw_nrf.transmit_pin;
    *UART_PSELRXD = dw_nrf.receive_pin;
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

/* What the registers' tables say of the speeds: above 230,400 they are off by 2.1 %. */
uint32_t dw_board_speed(uint32_t baud)
{
    return baud <= 115200 ? 115942 : 231884;
}

/* Sending waits for every byte. */
void dw_board_set_speed(uint32_t baud)
{
    *UART_BAUDRATE = baud == 230400 ? BAUD_230400 : BAUD_115200;
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
