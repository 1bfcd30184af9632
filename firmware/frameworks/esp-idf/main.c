/* SPDX-License-Identifier: Apache-2.0 */
/* The serial application as ESP-IDF's main task. It waits inside dw_board_receive. */
#include "board.h"
#include "serve.h"

void app_main(void);

void app_main(void)
{
    dw_board_init();
    for (;;) {
        dw_serve();
    }
}
