/* SPDX-License-Identifier: Apache-2.0 */
/* What a trace build keeps of a run: a CRC-32 and the ticks of each tensor, and a window of one that the host asked for. */
#ifndef DW_TRACE_H
#define DW_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* Small: the host finds the place by checksums, and needs the bytes only when it is there. */
enum { DW_WINDOW_BYTES = 64 };

/* Forgets the last run; the bytes of tensor `slot` from `offset` will be captured (slot -1: none). */
void dw_trace_begin(int slot, uint32_t offset);

/* The next row of a tensor: called by the network, in order of rows. */
void dw_trace_row(int slot, const int8_t *data, int bytes);

uint32_t dw_trace_crc(int slot);

/* The board's counter has begun anew: ticks of the next row count from here. */
void dw_trace_counted(void);

/* Ticks in which a tensor was computed in all rows of the run, without those of its checksum; no more
 * than UINT32_MAX are counted. */
uint32_t dw_trace_ticks(int slot);

/* The captured bytes, how many there are (fewer where the tensor ends), and the CRC-32 of all bytes of
 * the tensor that lie before them. */
const int8_t *dw_trace_window(uint32_t *crc, uint32_t *bytes);

/* The input has a value outside of the range the network was made for: called by the network. */
void dw_trace_broken_promise(int position, int value);

/* Position and value of the first input value outside of its range in this run; false if all were inside. */
bool dw_trace_promise_broken(int *position, int *value);

#endif
