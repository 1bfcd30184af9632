/* The serial application: answers one request after another, for ever. See docs/protocol.md. */
#include "board.h"
#include "link.h"
#include "session.h"

int main(void)
{
    static struct dw_receiver receiver;
    dw_board_init();
    for (;;) {
        const int byte = dw_board_receive();
        if (byte < 0) {
            continue;
        }
        const size_t count = dw_receiver_take(&receiver, (uint8_t)byte);
        if (count > 0) {
            dw_session_answer(receiver.bytes, count);
        }
    }
}
