/* SPDX-License-Identifier: Apache-2.0 */
/* The serial application as Zephyr's main thread. It waits inside dw_board_receive. */
#include "board.h"
#include "serve.h"

int main(void)
{
    dw_board_init();
    for (;;) {
        dw_serve();
    }
}
