/* SPDX-License-Identifier: Apache-2.0 */
/* STM32 of any family: the application's board on one of the chip's UARTs, 115200 8N1. stm32.c has
 * the UART, stm32_rcc.c the oscillators, the family's file its clock tree and where its UARTs are,
 * and the board's own file what a board decides. */
#ifndef DW_STM32_H
#define DW_STM32_H

#include <stdbool.h>
#include <stdint.h>

#include "cortex_m.h"

struct dw_bit {
    uint32_t address;
    uint32_t number;
};

/* Offsets of a UART's registers (CR2 and CR3 follow CR1) and the number of UE in CR1. There are two
 * kinds: with SR and one DR, or with ISR, ICR, RDR and TDR. The flags that are read are the same. */
struct dw_uart_registers {
    uint8_t cr1, brr, status, clear, receive, transmit;
    uint8_t ue;
};
extern const struct dw_uart_registers dw_uart_sr, dw_uart_isr;

/* A UART, and the pins of one GPIO port that it is used with. */
struct dw_stm32_port {
    const struct dw_uart_registers *registers;
    uint32_t uart; /* address */
    struct dw_bit uart_enable, gpio_enable; /* in RCC */
    uint32_t gpio; /* address */
    uint8_t interrupt; /* 27...29, 37...39 or 70, see the vector table */
    uint8_t bus; /* the APB bus that clocks it, 1 or 2 */
    uint8_t transmit_pin, receive_pin;
    uint8_t function; /* alternate function of both pins; none on the F1 */
    uint16_t brr_scale; /* BRR counts in 1 / this: 1, LPUART 256 */
};

/* The board's file defines it. */
struct dw_stm32 {
    const char *core; /* as in board.toml */
    const struct dw_stm32_port *port;
};
extern const struct dw_stm32 dw_stm32;

/* What the clock tree was brought to. */
struct dw_clock {
    uint32_t core_hz, apb1_hz, apb2_hz;
};

/* The family's: starts the clock that the board asks for, or the best that there is; makes the pins
 * of a UART, whose GPIO port is clocked, its own. */
struct dw_clock dw_stm32_start_clock(void);
void dw_stm32_start_pins(const struct dw_stm32_port *port);

/* Waits until the bits of a mask have a value; false if that never comes (no crystal, or an emulator
 * whose registers read as zero). */
bool dw_wait(uint32_t address, uint32_t mask, uint32_t value);

/* Writes the bits of a mask. */
void dw_change(uint32_t address, uint32_t mask, uint32_t value);

#endif
