/* SPDX-License-Identifier: Apache-2.0 */
/* Raspberry Pi Pico: RP2040 at 125 MHz from the board's 12 MHz crystal, the application's board on
 * UART0: TX on GP0 (pin 1), RX on GP1 (pin 2), 115200 8N1. Registers: RP2040 Datasheet: 2.7 (boot),
 * 2.14 (resets), 2.15 (clocks), 2.16 (crystal), 2.18 (PLL), 2.19 (GPIO), 4.2 (UART), 4.10 (SSI). */
#include "board.h"

#include "cortex_m.h"
#include "ring.h"
#include "start.h"

#define CLEARING 0x3000u /* an alias of each register: writing clears bits, 2.1.2 */
#define RESETS_RESET 0x4000C000u
#define RESETS_DONE 0x4000C008u
#define CLK_REF_CTRL dw_register(0x40008030u)
#define CLK_REF_SELECTED 0x40008038u
#define CLK_SYS_CTRL dw_register(0x4000803Cu)
#define CLK_SYS_SELECTED 0x40008044u
#define CLK_PERI_CTRL dw_register(0x40008048u)
#define XOSC_CTRL dw_register(0x40024000u)
#define XOSC_STATUS 0x40024004u
#define XOSC_STARTUP dw_register(0x4002400Cu)
#define PLL_CS 0x40028000u
#define PLL_PWR 0x40028004u
#define PLL_FBDIV dw_register(0x40028008u)
#define PLL_PRIM dw_register(0x4002800Cu)
#define GPIO0_CTRL dw_register(0x40014004u)
#define GPIO1_CTRL dw_register(0x4001400Cu)
#define PADS_GPIO1 dw_register(0x4001C008u)
#define UART_DR dw_register(0x40034000u)
#define UART_FR dw_register(0x40034018u)
#define UART_IBRD dw_register(0x40034024u)
#define UART_FBRD dw_register(0x40034028u)
#define UART_LCR_H dw_register(0x4003402Cu)
#define UART_CR dw_register(0x40034030u)
#define UART_IMSC dw_register(0x40034038u)
#define UART_ICR dw_register(0x40034044u)

enum {
    CRYSTAL_HZ = 12000000,
    CORE_HZ = 125000000, /* 12 MHz * 125 / 6 / 2: the VCO at 1500 MHz */
    BAUD = 115200,
    UART_INTERRUPT = 20,
    INTERRUPTS = 32,
    WAIT_LOOPS = 1000000, /* a clock that never starts must not hang */
    TRANSMIT_FULL = 1 << 5,
    RECEIVE_EMPTY = 1 << 4,
    RECEIVED = 1 << 4 | 1 << 6 /* interrupts: the FIFO's level, and bytes left lying in it */
};
#define PERIPHERALS                                                                                \
    (1u << 5 | 1u << 8 | 1u << 12 | 1u << 22) /* IO_BANK0, PADS_BANK0, PLL_SYS, UART0 */

static struct dw_ring ring;
static uint32_t core_hz = CORE_HZ;

static void receive_interrupt(void)
{
    *UART_ICR = RECEIVED;
    while (!(*UART_FR & RECEIVE_EMPTY)) {
        dw_ring_put(&ring, (uint8_t)*UART_DR);
    }
}

/* The ROM copies the first 256 bytes of flash into RAM, checks their CRC-32 (the last word) and calls
 * them: they let the flash be read as memory, and go where the vectors say. In assembly:
 *     ldr  r0, =0x18000000        @ SSI
 *     movs r1, #0
 *     str  r1, [r0, #0x08]        @ SSIENR: off
 *     str  r1, [r0, #0x04]        @ CTRLR1: one word for each command
 *     movs r1, #4
 *     str  r1, [r0, #0x14]        @ BAUDR: the core's clock / 4
 *     ldr  r1, =0x001F0300        @ CTRLR0: 32 bits, read behind a command
 *     str  r1, [r0, #0x00]
 *     ldr  r1, =0x03000218        @ SPI_CTRLR0: command 03h, 24 bits of address
 *     ldr  r2, =0x180000F4
 *     str  r1, [r2]
 *     movs r1, #1
 *     str  r1, [r0, #0x08]        @ SSIENR: on
 *     ldr  r0, =0x10000100        @ the vectors
 *     ldr  r1, =0xE000ED08        @ VTOR
 *     str  r0, [r1]
 *     ldr  r1, [r0]
 *     msr  msp, r1
 *     ldr  r1, [r0, #4]
 *     bx   r1 */
static const struct {
    uint32_t second_stage[64];
    void *stack;
    dw_vector vectors[15 + INTERRUPTS];
} table __attribute__((section(".vectors"), used)) = {
    .second_stage = {0x2100480A, 0x60416081, 0x61412104, 0x60014908, 0x4A094908, 0x21016011,
        0x48086081, 0x60084908, 0xF3816801, 0x68418808, 0x00004708, 0x18000000, 0x001F0300,
        0x03000218, 0x180000F4, 0x10000100, 0xE000ED08, [63] = 0x880C3B75},
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + UART_INTERRUPT] = receive_interrupt},
};

static int reached(uint32_t address, uint32_t mask)
{
    for (int i = 0; i < WAIT_LOOPS; i++) {
        if ((*dw_register(address) & mask) == mask) {
            return 1;
        }
    }
    return 0;
}

static void start_pll(void)
{
    *PLL_FBDIV = 125;
    *dw_register(PLL_CS) = 1; /* the crystal undivided */
    *dw_register(PLL_PWR + CLEARING) = 1u << 0 | 1u << 5; /* PD, VCOPD */
    if (!reached(PLL_CS, 1u << 31)) {
        return;
    }
    *PLL_PRIM = 6u << 16 | 2u << 12;
    *dw_register(PLL_PWR + CLEARING) = 1u << 3; /* POSTDIVPD */
    *CLK_SYS_CTRL = 1; /* the auxiliary source, which is PLL_SYS */
    if (reached(CLK_SYS_SELECTED, 2)) {
        core_hz = CORE_HZ;
    }
}

/* Whatever ran before: the core leaves the PLL before that is reset. */
static void start_clock(void)
{
    *XOSC_STARTUP = 47; /* 1 ms in 256 cycles */
    *XOSC_CTRL = 0xFABu << 12 | 0xAA0u; /* enable, 1 to 15 MHz */
    (void)reached(XOSC_STATUS, 1u << 31);
    *CLK_REF_CTRL = 2; /* the crystal */
    (void)reached(CLK_REF_SELECTED, 1u << 2);
    *CLK_SYS_CTRL = 0; /* the reference */
    (void)reached(CLK_SYS_SELECTED, 1);
    core_hz = CRYSTAL_HZ;
    *dw_register(RESETS_RESET) |= PERIPHERALS;
    *dw_register(RESETS_RESET + CLEARING) = PERIPHERALS;
    (void)reached(RESETS_DONE, PERIPHERALS);
    start_pll();
}

void dw_board_init(void)
{
    start_clock();
    *CLK_PERI_CTRL = 1u << 11; /* enabled, from the core's */
    const uint32_t divisor = (core_hz * 4 + BAUD / 2) / BAUD; /* in 1/64 of 16 clocks */
    *UART_IBRD = divisor >> 6;
    *UART_FBRD = divisor & 63;
    *UART_LCR_H = 3u << 5 | 1u << 4; /* 8 bits, FIFOs */
    *UART_CR = 1u << 0 | 1u << 8 | 1u << 9;
    *UART_IMSC = RECEIVED;
    *PADS_GPIO1 = 0x5A; /* input, pulled up: a receiver that nobody drives is held high */
    *GPIO0_CTRL = 2; /* UART */
    *GPIO1_CTRL = 2;
    dw_interrupt_enable(UART_INTERRUPT);
}

int dw_board_receive(void)
{
    return dw_ring_take(&ring);
}

void dw_board_send(const uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        while (*UART_FR & TRANSMIT_FULL) {
        }
        *UART_DR = data[i];
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
    return "cortex-m0plus";
}
