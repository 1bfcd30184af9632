/* SPDX-License-Identifier: Apache-2.0 */
/* The serial application's turn: what a board's main loop calls for ever. See
 * docs/reference/protocol.md. */
#ifndef DW_SERVE_H
#define DW_SERVE_H

/* Takes the bytes that have come, and answers the requests that they complete. Returns when there are no
 * more; an answer may take as long as the network does. */
void dw_serve(void);

#endif
