/* SPDX-License-Identifier: Apache-2.0 */
/* Before main() on a bare machine: memory as C expects it, and a painted stack whose high-water
 * mark can be read later. */
#ifndef DW_START_H
#define DW_START_H

#include <stddef.h>
#include <stdint.h>

enum { DW_PAINT = 0x5AFE57AC };

/* From the linker script. */
extern uint32_t dw_data_start[], dw_data_end[], dw_bss_start[], dw_bss_end[], dw_stack_top[];
extern const uint32_t dw_data_image[];
#ifdef DW_CODE_RAM
extern uint32_t dw_code_start[], dw_code_end[];
extern const uint32_t dw_code_image[];
#endif

static inline void dw_copy(const uint32_t *image, uint32_t *to, const uint32_t *end)
{
    while (to < end) {
        *to++ = *image++;
    }
}

/* Fills .data, the RAM for code where there is one, and .bss; paints the unused stack: from the end of .bss to a little below the live
 * frame. */
static inline void dw_start_memory(void)
{
    dw_copy(dw_data_image, dw_data_start, dw_data_end);
#ifdef DW_CODE_RAM
    dw_copy(dw_code_image, dw_code_start, dw_code_end);
#endif
    for (uint32_t *word = dw_bss_start; word < dw_bss_end; word++) {
        *word = 0;
    }
    uint32_t marker;
    const uintptr_t live = (uintptr_t)&marker - 64;
    for (uintptr_t word = (uintptr_t)dw_bss_end; word < live; word += sizeof marker) {
        *(volatile uint32_t *)word = DW_PAINT;
    }
}

/* Most stack bytes used since start-up. */
static inline uint32_t dw_painted_stack_used(void)
{
    const volatile uint32_t *word = dw_bss_end;
    while (word < dw_stack_top && *word == DW_PAINT) {
        word++;
    }
    return (uint32_t)((size_t)(dw_stack_top - word) * sizeof *word);
}

#endif
