/* SPDX-License-Identifier: Apache-2.0 */
/* Raspberry Pi Pico: RP2040 at 125 MHz from the board's 12 MHz crystal. Addresses: RP2040 Datasheet 2.2;
 * boot: 2.7, 4.10 (SSI). */
#include "cortex_m.h"
#include "rp2.h"
#include "start.h"

enum { UART_INTERRUPT = 20, INTERRUPTS = 32 };

const struct dw_rp2 dw_rp2 = {
    .core = "cortex-m0plus",
    .resets = 0x4000C000,
    .clocks = 0x40008000,
    .xosc = 0x40024000,
    .pll = 0x40028000,
    .io = 0x40014000,
    .pads = 0x4001C000,
    .uart = 0x40034000,
    .peripherals = 1u << 5 | 1u << 8 | 1u << 12 | 1u << 22,
    .divisor = 6,
    .interrupt = UART_INTERRUPT,
};

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
    .vectors = {DW_SYSTEM_VECTORS, [15 + UART_INTERRUPT] = dw_rp2_received},
};
