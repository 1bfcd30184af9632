/* SPDX-License-Identifier: Apache-2.0 */
/* Raspberry Pi Pico 2: RP2350, its Cortex-M33 at 150 MHz from the board's 12 MHz crystal, in Secure state.
 * Addresses: RP2350 Datasheet 2.2; boot: 5.1, 5.9. The flash is read as the boot ROM has set it up. */
#include "cortex_m.h"
#include "rp2.h"
#include "start.h"

enum { UART_INTERRUPT = 33, INTERRUPTS = 52 };

const struct dw_rp2 dw_rp2 = {
    .core = "cortex-m33",
    .resets = 0x40020000,
    .clocks = 0x40010000,
    .xosc = 0x40048000,
    .pll = 0x40050000,
    .io = 0x40028000,
    .pads = 0x40038000,
    .uart = 0x40070000,
    .peripherals = 1u << 6 | 1u << 9 | 1u << 14 | 1u << 26,
    .divisor = 5,
    .interrupt = UART_INTERRUPT,
};

/* Without another word the boot ROM takes the vectors from the start of the image. It looks for the block
 * that says what the image is in the first 4 KB: a marker, one item (1 word: an executable, Secure, Arm,
 * RP2350), the last item (how many words there were), the distance to the next block, a marker. */
static const struct {
    void *stack;
    dw_vector vectors[15 + INTERRUPTS];
    uint32_t image_definition[5];
} table __attribute__((section(".vectors"), used)) = {
    .stack = dw_stack_top,
    .vectors = {DW_SYSTEM_VECTORS, [15 + UART_INTERRUPT] = dw_rp2_received},
    .image_definition = {0xFFFFDED3, 0x10210142, 0x000001FF, 0, 0xAB123579},
};
