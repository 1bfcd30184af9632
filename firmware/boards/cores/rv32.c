/* SPDX-License-Identifier: Apache-2.0 */
#include "rv32.h"

#include "start.h"

enum { EXTERNAL_INTERRUPT = 11 };

int main(void);
void dw_reset(void);
void dw_start(void);

static uint64_t started;

/* The first instructions of the image: there is no stack yet. */
__attribute__((naked, section(".entry"))) void dw_reset(void)
{
    __asm__ volatile("la sp, dw_stack_top\n\t"
                     "j dw_start");
}

/* 3.1.15, mcause. Anything but the awaited interrupt ends in a reset: the host sees a board that
 * has forgotten its input, and says so. */
static __attribute__((interrupt("machine"), aligned(4))) void trap(void)
{
    uint32_t cause;
    __asm__ volatile("csrr %0, mcause" : "=r"(cause));
    if (cause == ((uint32_t)1 << 31 | EXTERNAL_INTERRUPT)) {
        dw_external_interrupt();
    } else {
        dw_fault();
    }
}

void dw_start(void)
{
    __asm__ volatile("csrw mtvec, %0" ::"r"(trap));
    dw_start_memory();
    (void)main();
    dw_fault();
}

void dw_external_interrupts_enable(void)
{
    __asm__ volatile("csrs mie, %0" ::"r"(UINT32_C(1) << EXTERNAL_INTERRUPT));
    __asm__ volatile("csrsi mstatus, 8"); /* MIE */
}

static uint64_t cycles(void)
{
    uint32_t low, high, again;
    do {
        __asm__ volatile("csrr %0, mcycleh" : "=r"(high));
        __asm__ volatile("csrr %0, mcycle" : "=r"(low));
        __asm__ volatile("csrr %0, mcycleh" : "=r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

void dw_cycles_start(void)
{
    started = cycles();
}

uint64_t dw_cycles(void)
{
    return cycles() - started;
}

uint32_t dw_stack_used(void)
{
    return dw_painted_stack_used();
}
