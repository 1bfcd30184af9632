/* SPDX-License-Identifier: Apache-2.0 */
#include "cortex_m7.h"

#include <stdint.h>

#include "cortex_m.h"

/* Armv7-M Architecture Reference Manual (DDI 0403E), B3.2 and B4.8; Cortex-M7 Technical Reference
 * Manual (DDI 0489), 5.7 and "Initializing and enabling the L1 cache". */
#define SCB_CCR dw_register(0xE000ED14u)
#define SCB_CCSIDR dw_register(0xE000ED80u)
#define SCB_CSSELR dw_register(0xE000ED84u)
#define SCB_ICIALLU dw_register(0xE000EF50u)
#define SCB_DCISW dw_register(0xE000EF60u)

enum { DATA = 1 << 16, INSTRUCTIONS = 1 << 17, SET_PLACE = 5, WAY_PLACE = 30 };

/* What a cache holds after power came is arbitrary. Four ways of lines of 32 bytes; the number of sets
 * depends on the chip. */
static void forget_data(void)
{
    *SCB_CSSELR = 0; /* the data cache */
    dw_barrier();
    const uint32_t sets = (*SCB_CCSIDR >> 13 & 0x7FFF) + 1;
    for (uint32_t set = 0; set < sets; set++) {
        for (uint32_t way = 0; way < 4; way++) {
            *SCB_DCISW = way << WAY_PLACE | set << SET_PLACE;
        }
    }
    dw_barrier();
}

/* Not twice: a data cache that a boot loader has enabled holds what is not in memory yet. */
void dw_caches_start(void)
{
    if (!(*SCB_CCR & INSTRUCTIONS)) {
        *SCB_ICIALLU = 0;
        dw_barrier();
        *SCB_CCR |= INSTRUCTIONS;
        dw_barrier();
    }
    if (!(*SCB_CCR & DATA)) {
        forget_data();
        *SCB_CCR |= DATA;
        dw_barrier();
    }
}
