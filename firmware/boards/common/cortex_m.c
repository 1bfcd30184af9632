#include "cortex_m.h"

#include <stddef.h>

enum { PAINT = 0x5AFE57AC, RELOAD = 0x00FFFFFF };

/* SysTick and system control block: B3.3.2, B3.2.6 (AIRCR). */
#define SYST_CSR dw_register(0xE000E010u)
#define SYST_RVR dw_register(0xE000E014u)
#define SYST_CVR dw_register(0xE000E018u)
#define NVIC_ISER dw_register(0xE000E100u)
#define SCB_AIRCR dw_register(0xE000ED0Cu)

/* From the linker script. */
extern uint32_t dw_data_start[], dw_data_end[], dw_bss_start[], dw_bss_end[], dw_stack_top[];
extern const uint32_t dw_data_image[];

int main(void);

static volatile uint32_t wraps;

/* Paints the unused stack: from the end of .bss to a little below the live frame. */
static void paint_stack(void)
{
    uint32_t marker;
    const uintptr_t live = (uintptr_t)&marker - 64;
    for (uintptr_t word = (uintptr_t)dw_bss_end; word < live; word += sizeof marker) {
        *dw_register(word) = PAINT;
    }
}

void dw_reset(void)
{
    const uint32_t *image = dw_data_image;
    for (uint32_t *word = dw_data_start; word < dw_data_end; word++) {
        *word = *image++;
    }
    for (uint32_t *word = dw_bss_start; word < dw_bss_end; word++) {
        *word = 0;
    }
    paint_stack();
    (void)main();
    dw_fault();
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
    const volatile uint32_t *word = dw_bss_end;
    while (word < dw_stack_top && *word == PAINT) {
        word++;
    }
    return (uint32_t)((size_t)(dw_stack_top - word) * sizeof *word);
}
