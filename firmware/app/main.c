/* SPDX-License-Identifier: Apache-2.0 */
/* The serial application on a board without an operating system: answers one request after another. */
#include "board.h"
#include "serve.h"

int main(void)
{
    dw_board_init();
    for (;;) {
        dw_serve();
    }
}
