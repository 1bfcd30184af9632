/* SPDX-License-Identifier: Apache-2.0 */
/* What a canary build keeps of a run: the first canary that died. */
#ifndef DW_CANARY_H
#define DW_CANARY_H

#include <stdbool.h>

/* Forgets the last run. */
void dw_canary_begin(void);

/* Bytes behind the buffer that ends at this offset were written to: called by the network. */
void dw_canary_died(int offset, int call);

/* Offset and call of the first canary that died in this run; false if all live. */
bool dw_canary_dead(int *offset, int *call);

#endif
