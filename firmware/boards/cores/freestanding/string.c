/* SPDX-License-Identifier: Apache-2.0 */
#include "string.h"

#include <stdint.h>

/* Without this the compiler would recognise the loops, and call the functions that they are in. */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

/* A word at any address of memory that also holds bytes. */
typedef uint32_t __attribute__((may_alias)) word;

enum { WORD = sizeof(word) };

/* Both ends at a word, and `bytes` left. */
static int words_left(const void *a, const void *b, size_t bytes)
{
    return bytes >= WORD && (((uintptr_t)a | (uintptr_t)b) % WORD) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if (words_left(out, in, count)) {
        for (; count >= WORD; count -= WORD, out += WORD, in += WORD) {
            *(word *)(void *)out = *(const word *)(const void *)in;
        }
    }
    while (count > 0) {
        *out++ = *in++;
        count--;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    uint8_t *out = to;
    const uint8_t *in = from;
    if ((uintptr_t)out - (uintptr_t)in >= count) {
        return memcpy(to, from, count);
    }
    while (count > 0) {
        count--;
        out[count] = in[count];
    }
    return to;
}

void *memset(void *to, int value, size_t count)
{
    uint8_t *out = to;
    const word filled = (uint8_t)value * UINT32_C(0x01010101);
    if (words_left(out, out, count)) {
        for (; count >= WORD; count -= WORD, out += WORD) {
            *(word *)(void *)out = filled;
        }
    }
    while (count > 0) {
        *out++ = (uint8_t)value;
        count--;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const uint8_t *left = a, *right = b;
    for (size_t i = 0; i < count; i++) {
        if (left[i] != right[i]) {
            return left[i] - right[i];
        }
    }
    return 0;
}

size_t strlen(const char *text)
{
    size_t count = 0;
    while (text[count] != '\0') {
        count++;
    }
    return count;
}
