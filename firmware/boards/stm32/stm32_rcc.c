/* SPDX-License-Identifier: Apache-2.0 */
#include "stm32_rcc.h"

#include "stm32.h"

/* RCC_CR, the same in RM0008 (F1), RM0033 (F2), RM0090 (F4), RM0351 (L4), RM0444 (G0), RM0433 (H7). */
enum {
    HSE_ON = 1 << 16,
    HSE_READY = 1 << 17,
    HSE_BYPASS = 1 << 18,
    PLL_ON = 1 << 24,
    PLL_READY = 1 << 25
};

static bool use(const struct dw_rcc *rcc, uint32_t source)
{
    const uint32_t mask = (UINT32_C(1) << rcc->switch_bits) - 1;
    dw_change(rcc->cfgr, mask, source);
    return dw_wait(rcc->cfgr, mask << rcc->switch_bits, source << rcc->switch_bits);
}

bool dw_rcc_start_internal(const struct dw_rcc *rcc)
{
    const uint32_t on = UINT32_C(1) << rcc->hsi_on, ready = UINT32_C(1) << rcc->hsi_ready;
    dw_change(rcc->cr, on, on);
    (void)dw_wait(rcc->cr, ready, ready);
    const bool used = use(rcc, rcc->hsi);
    dw_change(rcc->cr, HSE_ON | PLL_ON, 0);
    (void)dw_wait(rcc->cr, HSE_READY | PLL_READY, 0);
    return used;
}

bool dw_rcc_start_crystal(const struct dw_rcc *rcc, bool bypass)
{
    dw_change(rcc->cr, HSE_BYPASS, bypass ? HSE_BYPASS : 0); /* only while HSE is off */
    dw_change(rcc->cr, HSE_ON, HSE_ON);
    const bool ready = dw_wait(rcc->cr, HSE_READY, HSE_READY);
    if (!ready) {
        dw_change(rcc->cr, HSE_ON, 0);
    }
    return ready;
}

bool dw_rcc_start_pll(const struct dw_rcc *rcc)
{
    dw_change(rcc->cr, PLL_ON, PLL_ON);
    return dw_wait(rcc->cr, PLL_READY, PLL_READY);
}

bool dw_rcc_use_pll(const struct dw_rcc *rcc)
{
    return use(rcc, rcc->pll) || (use(rcc, rcc->hsi), false);
}
