/* Holds own_memcpy and its sisters (firmware/boards/cores/freestanding) against the C library's, at
 * every alignment. */
#include <assert.h>
#include <string.h>

enum { BYTES = 64, ENDS = 8 };

void *own_memcpy(void *to, const void *from, size_t count);
void *own_memmove(void *to, const void *from, size_t count);
void *own_memset(void *to, int value, size_t count);
int own_memcmp(const void *a, const void *b, size_t count);
size_t own_strlen(const char *text);

static unsigned char source[BYTES], own[BYTES], wanted[BYTES];

static void fill(void)
{
    for (int i = 0; i < BYTES; i++) {
        source[i] = own[i] = wanted[i] = (unsigned char)(i * 37 + 1);
    }
}

static void check(int to, int from, size_t count)
{
    fill();
    assert(own_memcpy(own + to, source + from, count) == own + to);
    memcpy(wanted + to, source + from, count);
    assert(!memcmp(own, wanted, BYTES));
    fill();
    assert(own_memmove(own + to, own + from, count) == own + to);
    memmove(wanted + to, wanted + from, count);
    assert(!memcmp(own, wanted, BYTES));
    fill();
    assert(own_memset(own + to, 0x1A5, count) == own + to);
    memset(wanted + to, 0x1A5, count);
    assert(!memcmp(own, wanted, BYTES));
    const int sign = memcmp(own + to, source + from, count);
    const int found = own_memcmp(own + to, source + from, count);
    assert((found > 0) - (found < 0) == (sign > 0) - (sign < 0));
}

int main(void)
{
    for (int to = 0; to < ENDS; to++) {
        for (int from = 0; from < ENDS; from++) {
            for (size_t count = 0; count <= BYTES - ENDS; count++) {
                check(to, from, count);
            }
        }
    }
    assert(own_strlen("") == 0 && own_strlen("depthwise") == 9);
    return 0;
}
