/* SPDX-License-Identifier: Apache-2.0 */
#include "xtensa.h"

#include "start.h"

int main(void);
void dw_start(void);
void dw_reset(void);
_Noreturn void abort(void);

/* Instructions that the exception handler has run for multiplications, less these themselves. */
extern volatile uint32_t dw_emulated;

static uint32_t started, emulated_before;

void dw_start(void)
{
    dw_start_memory();
    (void)main();
    dw_reset();
}

/* What the compiler makes of a trap. The host sees a board that has forgotten its input. */
_Noreturn void abort(void)
{
    dw_reset();
    for (;;) {
    }
}

static uint32_t count(void)
{
    uint32_t value;
    __asm__ volatile("rsr %0, ccount" : "=r"(value));
    return value;
}

void dw_cycles_start(void)
{
    started = count();
    emulated_before = dw_emulated;
}

uint64_t dw_cycles(uint32_t instructions, int shift)
{
    const uint64_t passed = (uint64_t)(count() - started) * instructions;
    const uint32_t emulated = dw_emulated - emulated_before;
    return ((passed + (UINT64_C(1) << (shift - 1))) >> shift) - emulated;
}

uint32_t dw_stack_used(void)
{
    return dw_painted_stack_used();
}
