/* SPDX-License-Identifier: Apache-2.0 */
/* What every Cortex-M needs: start-up, a 64-bit cycle counter on SysTick, the stack's high-water
 * mark. Registers: Armv7-M Architecture Reference Manual (DDI 0403E), B3.2 and B3.3; the same in
 * Armv6-M (DDI 0419E, B3.2 and B3.3) and, in either security state, in Armv8-M (DDI 0553, D1.2). */
#ifndef DW_CORTEX_M_H
#define DW_CORTEX_M_H

#include <stdint.h>

typedef void (*dw_vector)(void);

/* Entries 1 to 15 of the vector table. */
void dw_reset(void);
void dw_fault(void);
void dw_systick(void);

/* The first 15 of an array of vectors, entry 0 for exception 1. The faults are those of Armv8-M;
 * what an older core has not is reserved there. */
/* clang-format off */
#define DW_SYSTEM_VECTORS \
    [0] = dw_reset, [1] = dw_fault, [2] = dw_fault, [3] = dw_fault, [4] = dw_fault, \
    [5] = dw_fault, [6] = dw_fault, [14] = dw_systick
/* clang-format on */

/* Called first of all, before memory is filled: a chip whose memories want something before they may
 * be written defines it, without using the stack. Else it does nothing. */
void dw_power_start(void);

/* Starts SysTick on the core's clock, from 0. */
void dw_cycles_start(void);
uint64_t dw_cycles(void);

/* Enables an interrupt in the NVIC. */
void dw_interrupt_enable(unsigned number);

/* Most stack bytes used since start-up. */
uint32_t dw_stack_used(void);

/* What was written takes effect before the next instruction. On a machine that tests run on there is
 * nothing to wait for. */
static inline void dw_barrier(void)
{
#if defined(__arm__)
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

static inline volatile uint32_t *dw_register(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#endif
