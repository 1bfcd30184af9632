/* The module's runner on a board of firmware/boards: it answers when it is asked. */
#include "board.h"

#include "loader.h"

void run(void);
int main(void);

void say(const char *text)
{
    size_t bytes = 0;
    while (text[bytes] != '\0') {
        bytes++;
    }
    dw_board_send((const uint8_t *)text, bytes);
}

int main(void)
{
    dw_board_init();
    while (dw_board_receive() < 0) {
    }
    run();
    for (;;) {
    }
}
