/* SPDX-License-Identifier: Apache-2.0 */
#include "speed.h"

#include "board.h"

enum {
    FIRST = 115200,
    MOST = 12000000,
    PER_ERROR = 50, /* 2 %: with the host's own error, half of what 8N1 bears */
    CHECK_SECONDS = 1, /* until the first request at a new speed */
    SILENCE_SECONDS = 3
};

/* Baud, below 2^24 each; and for how many seconds the line may be silent at this speed. */
static struct {
    uint32_t speed, next : 24, patience : 8;
} line = {FIRST, FIRST, 0};

__attribute__((weak)) uint32_t dw_board_speed(uint32_t baud)
{
    (void)baud;
    return 0;
}

__attribute__((weak)) void dw_board_set_speed(uint32_t baud)
{
    (void)baud;
}

bool dw_speed_variable(void)
{
    return dw_board_speed(FIRST) != 0;
}

static bool possible(uint32_t baud)
{
    if (baud < FIRST || baud > MOST) {
        return false;
    }
    const uint32_t real = baud == FIRST || baud == line.speed ? baud : dw_board_speed(baud);
    return real > 0 && (real > baud ? real - baud : baud - real) < baud / PER_ERROR;
}

uint32_t dw_speed_choose(const uint8_t *speeds, size_t count)
{
    for (size_t i = 0; i < count && dw_speed_variable(); i++) {
        uint32_t baud = 0;
        for (int byte = 3; byte >= 0; byte--) {
            baud = baud << 8 | speeds[4 * i + (size_t)byte];
        }
        if (possible(baud)) {
            line.next = baud & 0xffffff;
            return baud;
        }
    }
    return 0;
}

static void change(uint32_t baud)
{
    dw_board_set_speed(baud);
    line.speed = baud;
    line.next = baud & 0xffffff;
}

void dw_speed_answered(void)
{
    line.patience = SILENCE_SECONDS;
    if (line.next != line.speed) {
        change(line.next);
        line.patience = CHECK_SECONDS;
    }
    if (line.speed != FIRST) {
        dw_board_cycles_start();
    }
}

/* Between requests nothing else counts cycles. */
void dw_speed_idle(void)
{
    if (line.speed != FIRST && dw_board_cycles() >= (uint64_t)line.patience * dw_board_clock_hz()) {
        change(FIRST);
    }
}
