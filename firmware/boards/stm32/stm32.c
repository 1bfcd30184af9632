/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32.h"

#include "board.h"
#include "ring.h"
#include "start.h"

/* SCB_VTOR: Armv7-M Architecture Reference Manual (DDI 0403E), B3.2.5; the
 * same in Armv6-M (DDI 0419E). */
#define SCB_VTOR dw_register(0xE000ED08u)

/* How often a ready bit is looked at: for 30 ms and more, a crystal needs a few. */
#ifndef DW_WAIT_LOOPS
#define DW_WAIT_LOOPS 100000
#endif

enum {
    FIRST_BAUD = 115200,
    LEAST_DIVISOR = 16,
    LEAST_LOW_POWER = 0x300, /* of an LPUART */
    LAST_INTERRUPT = 70, /* of all UARTs that a board uses */
    /* SR or ISR */
    OVERRUN = 1 << 3,
    RECEIVED = 1 << 5,
    SENT = 1 << 6, /* the last bit of all, TC */
    TRANSMIT_EMPTY = 1 << 7,
    /* CR1 */
    RECEIVE_ENABLE = 1 << 2,
    TRANSMIT_ENABLE = 1 << 3,
    RECEIVE_INTERRUPT = 1 << 5
};

/* RM0008 (F1) 27.6, RM0090 (F4) 30.6: USART registers. */
const struct dw_uart_registers dw_uart_sr = {
    .cr1 = 0x0C,
    .brr = 0x08,
    .status = 0x00,
    .receive = 0x04,
    .transmit = 0x04,
    .ue = 13,
};

/* RM0351 (L4), RM0432 (L4+), RM0444 (G0), RM0433 (H7): USART registers, LPUART registers. */
const struct dw_uart_registers dw_uart_isr = {
    .cr1 = 0x00,
    .brr = 0x0C,
    .status = 0x1C,
    .clear = 0x20,
    .receive = 0x24,
    .transmit = 0x28,
    .ue = 0,
};

/* Below 2^29 Hz; and how often it is halved for the UART. */
static struct {
    uint32_t core_hz : 29, halved : 3;
} clocks;
static struct dw_ring ring;

static uint32_t bus_hz(void)
{
    return (uint32_t)clocks.core_hz >> clocks.halved;
}

static uint32_t uart_register(uint32_t offset)
{
    return dw_stm32.port->uart + offset;
}

/* An overrun may come without a byte. Where there is a register to clear it, that is enough; else DR
 * must be read: what is read then is no byte of the line, but one has been lost anyway, and the
 * frame's checksum tells. */
static void uart_interrupt(void)
{
    const struct dw_uart_registers *registers = dw_stm32.port->registers;
    uint32_t flags;
    while ((flags = *dw_register(uart_register(registers->status)) & (RECEIVED | OVERRUN)) != 0) {
        if (registers->clear) {
            *dw_register(uart_register(registers->clear)) = OVERRUN;
            flags &= RECEIVED;
        }
        if (flags) {
            dw_ring_put(&ring, (uint8_t)*dw_register(uart_register(registers->receive)));
        }
    }
}

/* One table for all chips, as long as its last interrupt: only that of the board's UART is ever
 * enabled. USART1 and USART2 of the G0 are 27 and 28, USART1 to USART3 of all others 37 to 39,
 * LPUART1 of the L4 is 70. */
static const struct {
    void *stack;
    dw_vector vectors[15 + LAST_INTERRUPT + 1];
} table __attribute__((section(".vectors"), used)) = {
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + 27] = uart_interrupt, [15 + 28] = uart_interrupt,
        [15 + 37] = uart_interrupt, [15 + 38] = uart_interrupt, [15 + 39] = uart_interrupt,
        [15 + 70] = uart_interrupt},
};

bool dw_wait(uint32_t address, uint32_t mask, uint32_t value)
{
    for (int i = 0; i < DW_WAIT_LOOPS; i++) {
        if ((*dw_register(address) & mask) == value) {
            return true;
        }
    }
    return false;
}

void dw_change(uint32_t address, uint32_t mask, uint32_t value)
{
    *dw_register(address) = (*dw_register(address) & ~mask) | value;
}

/* It is read back: a peripheral must not be touched in the two cycles after its clock was enabled
 * (errata sheets ES0182, ES0287). */
static void enable(struct dw_bit bit)
{
    *dw_register(bit.address) |= UINT32_C(1) << bit.number;
    (void)*dw_register(bit.address);
}

/* BRR counts the UART's clock, sampled 16 times a bit: RM0008 27.3.4, RM0090 30.3.4 and RM0351, RM0432, RM0444,
 * RM0433 in "USART baud rate generation"; 256 times as finely in "LPUART baud rate generation". */
static uint32_t divisor(uint32_t baud)
{
    const uint32_t scale = dw_stm32.port->brr_scale, whole = bus_hz() / baud,
                   rest = bus_hz() % baud;
    return scale * whole + (scale * rest + baud / 2) / baud;
}

uint32_t dw_board_speed(uint32_t baud)
{
    const uint32_t scale = dw_stm32.port->brr_scale;
    const uint32_t least = scale > 1 ? LEAST_LOW_POWER : LEAST_DIVISOR, nearest = divisor(baud);
    const uint32_t used = nearest > least ? nearest : least;
    return bus_hz() / used * scale + bus_hz() % used * scale / used;
}

/* BRR is written while UE is 0: a boot loader may have left the UART enabled, with parity. */
static void set_up_uart(uint32_t baud)
{
    const struct dw_uart_registers *registers = dw_stm32.port->registers;
    *dw_register(uart_register(registers->cr1)) = 0;
    *dw_register(uart_register(registers->brr)) = divisor(baud);
    *dw_register(uart_register(registers->cr1)) =
        UINT32_C(1) << registers->ue | RECEIVE_INTERRUPT | TRANSMIT_ENABLE | RECEIVE_ENABLE;
}

static void start_uart(const struct dw_stm32_port *port)
{
    enable(port->uart_enable);
    for (uint32_t control = 0; control < 3; control++) {
        *dw_register(uart_register(port->registers->cr1 + 4 * control)) = 0;
    }
    set_up_uart(FIRST_BAUD);
}

void dw_board_set_speed(uint32_t baud)
{
    (void)dw_wait(uart_register(dw_stm32.port->registers->status), SENT, SENT);
    set_up_uart(baud);
}

/* A boot loader's GO leaves its own memory at address 0, and the vectors there: VTOR says where ours
 * are. */
void dw_board_init(void)
{
    const struct dw_stm32_port *port = dw_stm32.port;
    *SCB_VTOR = (uint32_t)(uintptr_t)&table;
    const struct dw_clock clock = dw_stm32_start_clock();
    clocks.core_hz = clock.core_hz & 0x1fffffff;
    enable(port->gpio_enable);
    dw_stm32_start_pins(port);
    while (bus_hz() > (port->bus == 1 ? clock.apb1_hz : clock.apb2_hz)) {
        clocks.halved++;
    }
    start_uart(port);
    dw_interrupt_enable(port->interrupt);
}

int dw_board_receive(void)
{
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    const struct dw_uart_registers *registers = dw_stm32.port->registers;
    for (size_t i = 0; i < count; i++) {
        (void)dw_wait(uart_register(registers->status), TRANSMIT_EMPTY, TRANSMIT_EMPTY);
        *dw_register(uart_register(registers->transmit)) = data[i];
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
    return clocks.core_hz;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return dw_stm32.core;
}
