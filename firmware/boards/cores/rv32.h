/* SPDX-License-Identifier: Apache-2.0 */
/* What every 32-bit RISC-V in machine mode needs: start-up, traps, a cycle counter, the stack's
 * high-water mark. Registers: RISC-V Privileged Architecture 1.12, chapter 3. */
#ifndef DW_RV32_H
#define DW_RV32_H

#include <stdint.h>

/* The board's: any external interrupt; any other trap, which must not return. */
void dw_external_interrupt(void);
void dw_fault(void);

/* Lets external interrupts through. */
void dw_external_interrupts_enable(void);

/* mcycle, from 0. */
void dw_cycles_start(void);
uint64_t dw_cycles(void);

/* Most stack bytes used since start-up. */
uint32_t dw_stack_used(void);

static inline volatile uint32_t *dw_word(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

static inline volatile uint8_t *dw_byte(uintptr_t address)
{
    return (volatile uint8_t *)address;
}

#endif
