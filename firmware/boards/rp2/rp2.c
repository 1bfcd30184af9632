/* SPDX-License-Identifier: Apache-2.0 */
/* Registers: RP2040 Datasheet 2.14 (resets), 2.15 (clocks), 2.16 (crystal), 2.18 (PLL), 2.19 (GPIO), 4.2
 * (UART); RP2350 Datasheet 7.5, 8.1, 8.2, 8.6, 9, 12.1. Offsets and bits are the same, but for the
 * isolation of the RP2350's pads. All were compared with the headers of the Pico SDK (hardware/regs). */
#include "rp2.h"

#include "board.h"
#include "cortex_m.h"
#include "ring.h"
#include "start.h"

enum {
    CLEARING = 0x3000, /* an alias of each register: writing clears bits */
    RESETS_DONE = 0x08,
    CLK_REF_CTRL = 0x30,
    CLK_REF_SELECTED = 0x38,
    CLK_SYS_CTRL = 0x3C,
    CLK_SYS_SELECTED = 0x44,
    CLK_PERI_CTRL = 0x48,
    XOSC_CTRL = 0x00,
    XOSC_STATUS = 0x04,
    XOSC_STARTUP = 0x0C,
    PLL_CS = 0x00,
    PLL_PWR = 0x04,
    PLL_FBDIV = 0x08,
    PLL_PRIM = 0x0C,
    GPIO0_CTRL = 0x04,
    GPIO1_CTRL = 0x0C,
    PADS_GPIO0 = 0x04,
    PADS_GPIO1 = 0x08,
    UART_DR = 0x00,
    UART_FR = 0x18,
    UART_IBRD = 0x24,
    UART_FBRD = 0x28,
    UART_LCR_H = 0x2C,
    UART_CR = 0x30,
    UART_IMSC = 0x38,
    UART_ICR = 0x44,
    CRYSTAL_HZ = 12000000,
    VCO_HZ = 1500000000, /* 12 MHz * 125 */
    FIRST_BAUD = 115200,
    TRANSMIT_FULL = 1 << 5,
    BUSY = 1 << 3, /* bits are under way */
    LEAST_DIVISOR = 64,
    RECEIVE_EMPTY = 1 << 4,
    RECEIVED = 1 << 4 | 1 << 6 /* interrupts: the FIFO's level, and bytes left lying in it */
};

/* A clock that never starts must not hang. */
#ifndef DW_WAIT_LOOPS
#define DW_WAIT_LOOPS 1000000
#endif

static struct dw_ring ring;
static uint32_t core_hz;

static volatile uint32_t *at(uint32_t block, uint32_t offset)
{
    return dw_register(block + offset);
}

void dw_rp2_received(void)
{
    *at(dw_rp2.uart, UART_ICR) = RECEIVED;
    while (!(*at(dw_rp2.uart, UART_FR) & RECEIVE_EMPTY)) {
        dw_ring_put(&ring, (uint8_t)*at(dw_rp2.uart, UART_DR));
    }
}

static int reached(volatile uint32_t *address, uint32_t mask)
{
    for (int i = 0; i < DW_WAIT_LOOPS; i++) {
        if ((*address & mask) == mask) {
            return 1;
        }
    }
    return 0;
}

static void start_pll(void)
{
    *at(dw_rp2.pll, PLL_FBDIV) = VCO_HZ / CRYSTAL_HZ;
    *at(dw_rp2.pll, PLL_CS) = 1; /* the crystal undivided */
    *at(dw_rp2.pll, PLL_PWR + CLEARING) = 1u << 0 | 1u << 5; /* PD, VCOPD */
    if (!reached(at(dw_rp2.pll, PLL_CS), 1u << 31)) {
        return;
    }
    *at(dw_rp2.pll, PLL_PRIM) = dw_rp2.divisor << 16 | 2u << 12;
    *at(dw_rp2.pll, PLL_PWR + CLEARING) = 1u << 3; /* POSTDIVPD */
    *at(dw_rp2.clocks, CLK_SYS_CTRL) = 1; /* the auxiliary source, which is PLL_SYS */
    if (reached(at(dw_rp2.clocks, CLK_SYS_SELECTED), 2)) {
        core_hz = VCO_HZ / dw_rp2.divisor / 2;
    }
}

/* Whatever ran before: the core leaves the PLL before that is reset. */
static void start_clock(void)
{
    *at(dw_rp2.xosc, XOSC_STARTUP) = 47; /* 1 ms in 256 cycles */
    *at(dw_rp2.xosc, XOSC_CTRL) = 0xFABu << 12 | 0xAA0u; /* enable, 1 to 15 MHz */
    (void)reached(at(dw_rp2.xosc, XOSC_STATUS), 1u << 31);
    *at(dw_rp2.clocks, CLK_REF_CTRL) = 2; /* the crystal */
    (void)reached(at(dw_rp2.clocks, CLK_REF_SELECTED), 1u << 2);
    *at(dw_rp2.clocks, CLK_SYS_CTRL) = 0; /* the reference */
    (void)reached(at(dw_rp2.clocks, CLK_SYS_SELECTED), 1);
    core_hz = CRYSTAL_HZ;
    *at(dw_rp2.resets, 0) |= dw_rp2.peripherals;
    *at(dw_rp2.resets, CLEARING) = dw_rp2.peripherals;
    (void)reached(at(dw_rp2.resets, RESETS_DONE), dw_rp2.peripherals);
    start_pll();
}

/* The pads are connected once they have their function; writing them ends the RP2350's isolation. */
static void start_pins(void)
{
    *at(dw_rp2.io, GPIO0_CTRL) = 2; /* UART */
    *at(dw_rp2.io, GPIO1_CTRL) = 2;
    *at(dw_rp2.pads, PADS_GPIO0) = 0x56; /* as a reset of the RP2040 leaves it */
    *at(dw_rp2.pads, PADS_GPIO1) =
        0x5A; /* input, pulled up: a receiver that nobody drives is held high */
}

/* In 1/64 of 16 clocks. */
static uint32_t divisor(uint32_t baud)
{
    return (core_hz * 4 + baud / 2) / baud;
}

/* The divisor counts once LCR_H is written. */
static void divide_clock(uint32_t baud)
{
    *at(dw_rp2.uart, UART_IBRD) = divisor(baud) >> 6;
    *at(dw_rp2.uart, UART_FBRD) = divisor(baud) & 63;
    *at(dw_rp2.uart, UART_LCR_H) = 3u << 5 | 1u << 4; /* 8 bits, FIFOs */
}

uint32_t dw_board_speed(uint32_t baud)
{
    const uint32_t least = divisor(baud) > LEAST_DIVISOR ? divisor(baud) : LEAST_DIVISOR;
    return core_hz * 4 / least;
}

void dw_board_set_speed(uint32_t baud)
{
    while (*at(dw_rp2.uart, UART_FR) & BUSY) {
    }
    divide_clock(baud);
}

void dw_board_init(void)
{
    start_clock();
    *at(dw_rp2.clocks, CLK_PERI_CTRL) = 1u << 11; /* enabled, from the core's */
    divide_clock(FIRST_BAUD);
    *at(dw_rp2.uart, UART_CR) = 1u << 0 | 1u << 8 | 1u << 9;
    *at(dw_rp2.uart, UART_IMSC) = RECEIVED;
    start_pins();
    dw_interrupt_enable(dw_rp2.interrupt);
}

int dw_board_receive(void)
{
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (*at(dw_rp2.uart, UART_FR) & TRANSMIT_FULL) {
        }
        *at(dw_rp2.uart, UART_DR) = data[i];
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
    return core_hz;
}

uint32_t dw_board_stack_used(void)
{
    return dw_stack_used();
}

const char *dw_board_core(void)
{
    return dw_rp2.core;
}
