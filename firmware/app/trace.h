/* What a trace build keeps of a run: a CRC-32 per tensor, and one row that the host asked for. */
#ifndef DW_TRACE_H
#define DW_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* Forgets the last run; row `row` of tensor `slot` will be captured (slot -1: none). */
void dw_trace_begin(int slot, int row);

/* A finished row of a tensor: called by the network, in order of rows. */
void dw_trace_row(int slot, int row, const int8_t *data, int bytes);

uint32_t dw_trace_crc(int slot);

/* The input has a value outside of the range the network was made for: called by the network. */
void dw_trace_broken_promise(int position, int value);

/* Position and value of the first input value outside of its range in this run; false if all were inside. */
bool dw_trace_promise_broken(int *position, int *value);

/* The captured row and its length; length 0 if nothing was captured. */
const int8_t *dw_trace_captured(uint32_t *bytes);

#endif
