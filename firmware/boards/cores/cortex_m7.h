/* SPDX-License-Identifier: Apache-2.0 */
/* Caches of the Cortex-M7. */
#ifndef DW_CORTEX_M7_H
#define DW_CORTEX_M7_H

/* Enables both caches, empty. For a machine where nothing but the core writes cached memory. */
void dw_caches_start(void);

#endif
