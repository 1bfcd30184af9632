/* SPDX-License-Identifier: Apache-2.0 */
/* What every Xtensa core with windowed registers needs: start-up, exceptions, a counter, the
 * stack's high-water mark. Xtensa Instruction Set Architecture Reference Manual, chapters 4 and 8.
 */
#ifndef DW_XTENSA_H
#define DW_XTENSA_H

#include <stdint.h>

/* CCOUNT, from 0, rounded to instructions, of which so many pass in 2^shift counts; less those that emulated
 * multiplications (cores/xtensa_vectors.c). Window exceptions are left in. */
void dw_cycles_start(void);
uint64_t dw_cycles(uint32_t instructions, int shift);

/* Most stack bytes used since start-up. */
uint32_t dw_stack_used(void);

static inline volatile uint32_t *dw_word(uintptr_t address)
{
    return (volatile uint32_t *)address;
}

#endif
