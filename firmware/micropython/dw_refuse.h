/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of the module: a ValueError names the thing and both numbers. */
#ifndef DW_REFUSE_H
#define DW_REFUSE_H

#include <stddef.h>
#include <stdint.h>

#include "network.h"

enum base { DECIMAL = 10, HEXADECIMAL = 16 };

struct text {
    char data[120];
    size_t used;
};

static void add(struct text *text, const char *words)
{
    while (*words != 0 && text->used < sizeof text->data) {
        text->data[text->used++] = *words++;
    }
}

/* Decimal numbers are signed. */
static void add_number(struct text *text, uint32_t value, enum base base)
{
    if (base == DECIMAL && (int32_t)value < 0) {
        add(text, "-");
        value = 0 - value;
    }
    char digits[12];
    size_t at = sizeof digits - 1;
    digits[at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[value % (uint32_t)base];
        value /= (uint32_t)base;
    } while (value != 0);
    add(text, base == HEXADECIMAL ? "0x" : "");
    add(text, digits + at);
}

static __attribute__((noreturn)) void raise_text(mp_obj_t kind, const struct text *text)
{
    mp_obj_t argument = mp_obj_new_str(text->data, text->used);
    nlr_raise(mp_call_function_n_kw(kind, 1, 0, &argument));
}

static __attribute__((noreturn)) void raise_words(mp_obj_t kind, const char *words)
{
    struct text text = {.used = 0};
    add(&text, words);
    raise_text(kind, &text);
}

/* ValueError: "{before}{have}{between}{want}{after}". */
static __attribute__((noreturn, noinline)) void refuse(enum base base, const char *before,
    uint32_t have, const char *between, uint32_t want, const char *after)
{
    struct text text = {.used = 0};
    add(&text, before);
    add_number(&text, have, base);
    add(&text, between);
    add_number(&text, want, base);
    add(&text, after);
    raise_text(mp_load_global(MP_QSTR_ValueError), &text);
}

/* "{before}{have}{unit}, {network} takes {want}", unless they are equal. */
static void expect(
    enum base base, const char *before, uint32_t have, const char *unit, uint32_t want)
{
    if (have != want) {
        struct text between = {.used = 0};
        add(&between, unit);
        add(&between, ", " NETWORK_NAME " takes ");
        between.data[between.used] = 0;
        refuse(base, before, have, between.data, want, "");
    }
}

#endif
