/* SPDX-License-Identifier: Apache-2.0 */
/* Oscillators of any STM32: the bits of HSE and PLL have the same places in RCC_CR of all families
 * (F1, F2, F4, L4, G0, H7), and SW and SWS lie side by side in RCC_CFGR. */
#ifndef DW_STM32_RCC_H
#define DW_STM32_RCC_H

#include <stdbool.h>
#include <stdint.h>

struct dw_rcc {
    uint32_t cr, cfgr; /* addresses */
    uint8_t hsi_on, hsi_ready; /* bit numbers in CR */
    uint8_t switch_bits; /* of SW; SWS lies above them */
    uint8_t hsi, pll; /* values of SW */
};

/* Back to the internal oscillator, with crystal and PLL off, whatever a boot loader has left: only
 * then may they be configured. False if the chip stays on another clock. */
bool dw_rcc_start_internal(const struct dw_rcc *rcc);

/* The crystal, or with `bypass` the clock that comes in from outside; false, and off again, if there
 * is none. */
bool dw_rcc_start_crystal(const struct dw_rcc *rcc, bool bypass);

/* The PLL, which has been configured; false if it does not lock. */
bool dw_rcc_start_pll(const struct dw_rcc *rcc);

/* Runs the system on the PLL; false, and back on the internal oscillator, if it cannot. */
bool dw_rcc_use_pll(const struct dw_rcc *rcc);

#endif
