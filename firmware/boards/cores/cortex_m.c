/* SPDX-License-Identifier: Apache-2.0 */
#include "cortex_m.h"

#include "start.h"

enum { RELOAD = 0x00FFFFFF };

/* SysTick and system control block: B3.3.2, B3.2.6 (AIRCR), B3.2.20 (CPACR). */
#define SYST_CSR dw_register(0xE000E010u)
#define SYST_RVR dw_register(0xE000E014u)
#define SYST_CVR dw_register(0xE000E018u)
#define NVIC_ISER dw_register(0xE000E100u)
#define SCB_AIRCR dw_register(0xE000ED0Cu)
#define SCB_CPACR dw_register(0xE000ED88u)

int main(void);

static volatile uint32_t wraps;

static __attribute__((noinline, noreturn)) void start(void)
{
    dw_start_memory();
#ifdef DW_RAM_SECTION
    dw_barrier(); /* functions were written too */
#endif
    (void)main();
    dw_fault();
    for (;;) {
    }
}

__attribute__((weak)) void dw_power_start(void)
{
}

/* The vector unit is off after a reset; with -mfloat-abi=hard even copying may use it. */
void dw_reset(void)
{
    dw_power_start();
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    *SCB_CPACR |= 15u << 20; /* CP10 and CP11: full access */
    dw_barrier();
#endif
    start();
}

/* A fault ends in a reset: the host sees a board that has forgotten its input, and says so. */
void dw_fault(void)
{
    *SCB_AIRCR = 0x05FA0004u;
    for (;;) {
    }
}

void dw_systick(void)
{
    wraps++;
}

void dw_cycles_start(void)
{
    *SYST_CSR = 0;
    wraps = 0;
    *SYST_RVR = RELOAD;
    *SYST_CVR = 0;
    *SYST_CSR = 7; /* core clock, interrupt, enabled */
}

uint64_t dw_cycles(void)
{
    uint32_t before, value;
    do {
        before = wraps;
        value = *SYST_CVR;
    } while (before != wraps);
    return (uint64_t)before * (RELOAD + 1u) + (RELOAD - value);
}

void dw_interrupt_enable(unsigned number)
{
    NVIC_ISER[number / 32] = UINT32_C(1) << (number % 32);
}

uint32_t dw_stack_used(void)
{
    return dw_painted_stack_used();
}
