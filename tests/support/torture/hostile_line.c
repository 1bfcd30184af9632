/* A board whose line is hostile: requests of all kinds, most of them damaged, and what the firmware takes of them.
 * hostile_line FRAMES SEED prints: frames, answered, wrongly accepted. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "crc32.h"
#include "link.h"
#include "serve.h"

enum { MOST = 2 * DW_FRAME_BYTES };

void __real_dw_session_answer(uint8_t *request, size_t count);
void __wrap_dw_session_answer(uint8_t *request, size_t count);

static uint64_t state;
static uint8_t sent[DW_PAYLOAD_BYTES], before[DW_PAYLOAD_BYTES], line[MOST];
static size_t sent_count, before_count, line_count, line_at;
static uint64_t answered, wrong;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static void compose(void)
{
    memcpy(before, sent, sizeof sent);
    before_count = sent_count;
    static const uint32_t edges[] = { 0, 1, 2, 239, 240, 241, 1024, 65535, 0x7fffffff, 0x80000000, 0xffffffff };
    sent_count = 2 + draw(DW_PAYLOAD_BYTES - 2);
    for (size_t i = 0; i < sent_count; i++) {
        sent[i] = (uint8_t)draw(256);
    }
    sent[1] = (uint8_t)(draw(16) ? 1 + draw(7) : draw(256));
    if (draw(2) && sent_count >= 8) {
        const uint32_t edge = edges[draw(sizeof edges / sizeof edges[0])];
        memcpy(sent + 2, &edge, sizeof edge);
        sent_count = draw(2) ? sent_count : 6 + draw(3);
    }
}

static void encode(void)
{
    uint8_t data[DW_PAYLOAD_BYTES + 4];
    size_t code = 0;
    memcpy(data, sent, sent_count);
    const uint32_t crc = dw_crc32(0, sent, sent_count);
    for (int i = 0; i < 4; i++) {
        data[sent_count + (size_t)i] = (uint8_t)(crc >> (8 * i));
    }
    line_count = 1;
    line[0] = 1;
    for (size_t i = 0; i < sent_count + 4; i++) {
        if (line[code] == 255) {
            code = line_count++;
            line[code] = 1;
        }
        if (data[i] == 0) {
            code = line_count++;
            line[code] = 1;
        } else {
            line[line_count++] = data[i];
            line[code]++;
        }
    }
    line[line_count++] = 0;
}

static void damage(void)
{
    for (uint32_t hits = draw(4); hits > 0; hits--) {
        const size_t at = draw((uint32_t)line_count);
        switch (draw(4)) {
        case 0:
            line[at] ^= (uint8_t)(1U << draw(8));
            break;
        case 1:
            line[at] = (uint8_t)draw(256);
            break;
        case 2:
            memmove(line + at, line + at + 1, line_count - at - 1);
            line_count -= line_count > 1;
            break;
        default:
            if (line_count < MOST) {
                memmove(line + at + 1, line + at, line_count - at);
                line[at] = (uint8_t)draw(256);
                line_count++;
            }
        }
    }
}

void __wrap_dw_session_answer(uint8_t *request, size_t count)
{
    /* A frame that lost its zero byte alone is whole as soon as the next line brings one. */
    const bool now = count == sent_count && memcmp(request, sent, count) == 0;
    const bool late = count == before_count && memcmp(request, before, count) == 0;
    answered++;
    wrong += !now && !late;
    __real_dw_session_answer(request, count);
}

void dw_board_init(void) {}
int dw_board_receive(void) { return line_at < line_count ? line[line_at++] : -1; }
void dw_board_send(const uint8_t *data, size_t count)
{
    volatile uint8_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        seen = (uint8_t)(seen ^ data[i]);
    }
}
void dw_board_cycles_start(void) {}
uint64_t dw_board_cycles(void) { return 0; }
uint32_t dw_board_clock_hz(void) { return 1; }
uint32_t dw_board_stack_used(void) { return 0; }
const char *dw_board_core(void) { return "host"; }

int main(int count, char **arguments)
{
    if (count != 3) {
        return 2;
    }
    const uint64_t frames = strtoull(arguments[1], NULL, 10);
    state = 2 * strtoull(arguments[2], NULL, 10) + 88172645463325252U;
    for (uint64_t i = 0; i < frames; i++) {
        compose();
        encode();
        damage();
        line_at = 0;
        dw_serve();
    }
    printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", frames, answered, wrong);
    return wrong != 0;
}
