/* SPDX-License-Identifier: Apache-2.0 */
/* In place of the serial application's own: requests for the camera are answered, too. */
#include "serve.h"

#include "board.h"
#include "capture.h"
#include "link.h"
#include "session.h"
#include "speed.h"

void dw_serve(void)
{
    static struct dw_receiver receiver;
    for (int byte = dw_board_receive(); byte >= 0; byte = dw_board_receive()) {
        const size_t count = dw_receiver_take(&receiver, (uint8_t)byte);
        if (count > 0) {
            if (!dw_capture_answer(receiver.bytes, count)) {
                dw_session_answer(receiver.bytes, count);
            }
            dw_speed_answered();
        }
    }
    dw_speed_idle();
}
