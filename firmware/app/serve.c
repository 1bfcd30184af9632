/* SPDX-License-Identifier: Apache-2.0 */
#include "serve.h"

#include "board.h"
#include "link.h"
#include "session.h"
#include "speed.h"

void dw_serve(void)
{
    static struct dw_receiver receiver;
    for (int byte = dw_board_receive(); byte >= 0; byte = dw_board_receive()) {
        const size_t count = dw_receiver_take(&receiver, (uint8_t)byte);
        if (count > 0) {
            dw_session_answer(receiver.bytes, count);
            dw_speed_answered();
        }
    }
    dw_speed_idle();
}
