/* Loads a native module as MicroPython does (py/persistentcode.c, docs/reference/mpyfiles.rst): code
 * to one block, zeroed variables and constants to another, and pointers made right in both.
 */
#include "loader.h"

#include <string.h>

/* Words of the blocks are checked to be no further aligned than a heap's block with a header, which on an ESP32 is a
 * word (ports/esp32/main.c). Code has pages of its own: QEMU looks closely at what is written beside it. */
#if defined(__XCHAL_HAVE_WINDOWED) && __XCHAL_HAVE_WINDOWED
enum { HEADER = 4 };
#else
enum { HEADER = 8 };
#endif
static uint8_t code[32 * 1024] __attribute__((aligned(4096)));
static uint8_t data[6 * 1024] __attribute__((aligned(16)));
static uint16_t names[128];
static const uint8_t *at;

static uint32_t number(void)
{
    uint32_t value = 0;
    uint8_t byte;
    do {
        byte = *at++;
        value = value << 7 | (byte & 0x7F);
    } while (byte & 0x80);
    return value;
}

static uintptr_t destination(uint32_t code_of_it, uintptr_t text, uintptr_t bss, uintptr_t rodata)
{
    switch (code_of_it) {
    case 0:
        return text;
    case 1:
        return rodata;
    case 2:
        return bss;
    case 6:
        return (uintptr_t)names;
    case 7:
        return 0;
    case 8:
        return (uintptr_t)&mp_fun_table;
    default:
        return ((const uintptr_t *)&mp_fun_table)[code_of_it - 9];
    }
}

static void relocate(uint8_t *text, uint8_t *bss, uint8_t *rodata)
{
    uintptr_t *word = NULL;
    for (uint8_t operation = *at++; operation != 0xFF; operation = *at++) {
        if (operation & 1) {
            const uint32_t place = number();
            word = (uintptr_t *)(void *)(place & 1 ? rodata : text) + (place >> 1);
        }
        uint32_t to = operation >> 1, count = 1;
        if (to < 6) {
            count = to & 1 ? number() : 1;
            to >>= 1;
        }
        while (count--) {
            *word++ += destination(to, (uintptr_t)text, (uintptr_t)bss, (uintptr_t)rodata);
        }
    }
}

loader_entry loader_load(const uint8_t *file)
{
    uint8_t *text = code + HEADER, *bss = data, *rodata;
    at = file + 4;
    const uint32_t name_count = number(), object_count = number();
    for (uint32_t i = 0; i < name_count; i++) {
        const uint32_t bytes = number() >> 1;
        names[i] = firmware_name((const char *)at, bytes);
        at += bytes + 1;
    }
    const uint32_t text_bytes = number() >> 3;
    memcpy(text, at, text_bytes);
    at += text_bytes;
    const uint32_t flags = number();
    const uint32_t rodata_bytes = flags & 0x20 ? number() : 0;
    const uint32_t bss_bytes = flags & 0x40 ? number() : 0;
    rodata = bss + (bss_bytes + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
    if (object_count || text_bytes > sizeof code - HEADER ||
        bss_bytes + rodata_bytes > sizeof data) {
        say("module does not fit\n");
    }
    memcpy(rodata, at, rodata_bytes);
    at += rodata_bytes;
    relocate(text, bss, rodata);
#ifdef __thumb__
    return (loader_entry)((uintptr_t)text | 1);
#else
    return (loader_entry)(uintptr_t)text;
#endif
}
