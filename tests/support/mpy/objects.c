#include "objects.h"

#include <string.h>

#include "loader.h"

enum { MOST_ITEMS = 16 };

struct sequence {
    mp_obj_base_t base;
    size_t count;
    mp_obj_t items[MOST_ITEMS];
};

struct builtin {
    mp_obj_base_t base;
    mp_obj_t (*function)(const mp_obj_t *args);
};

static mp_obj_full_type_t type_bytes, type_array, type_tuple, type_list, type_builtin;

static mp_obj_t text(const void *data, size_t bytes, const void *type)
{
    struct text *made = firmware_object(sizeof *made, type);
    made->bytes = bytes;
    made->data = data;
    return made;
}

/* A copy at a multiple of 16, as on MicroPython's heap. */
static mp_obj_t copied(const void *data, size_t bytes, const void *type)
{
    void *copy = mp_fun_table.realloc_(NULL, bytes, false);
    memcpy(copy, data, bytes);
    return text(copy, bytes, type);
}

mp_obj_t objects_bytes(const uint8_t *data, size_t bytes)
{
    return copied(data, bytes, &type_bytes);
}

mp_obj_t objects_bytearray(size_t bytes, void *data)
{
    return text(data, bytes, &type_bytes);
}

static mp_obj_t sequence(size_t count, const mp_obj_t *items, const void *type)
{
    struct sequence *made = firmware_object(sizeof *made, type);
    made->count = count;
    for (size_t i = 0; i < count; i++) {
        made->items[i] = items[i];
    }
    return made;
}

mp_obj_t objects_tuple(size_t count, const mp_obj_t *items)
{
    return sequence(count, items, &type_tuple);
}

mp_obj_t objects_list(size_t count, mp_obj_t *items)
{
    return sequence(count, items, &type_list);
}

mp_obj_t objects_append(mp_obj_t list_in, mp_obj_t item)
{
    struct sequence *list = list_in;
    list->items[list->count++] = item;
    return list;
}

static mp_obj_t none(const mp_obj_t *args)
{
    (void)args;
    return (mp_obj_t)mp_fun_table.const_none;
}

/* The only module is `array`, and it has nothing else in it: both are this object. */
static mp_obj_t make_array(const mp_obj_t *args)
{
    const struct text *from = args[1];
    return copied(from->data, from->bytes, &type_array);
}
static const struct builtin array = {{(const mp_obj_type_t *)&type_builtin}, make_array};

static mp_obj_t import(const mp_obj_t *args)
{
    (void)args;
    return (mp_obj_t)&array;
}

static mp_obj_t bytearray(const mp_obj_t *args)
{
    const size_t bytes = (size_t)MP_OBJ_SMALL_INT_VALUE(args[0]);
    void *data = mp_fun_table.realloc_(NULL, bytes, false);
    memset(data, 0, bytes);
    return text(data, bytes, &type_bytes);
}

static mp_obj_t tuple(const mp_obj_t *args)
{
    const struct sequence *from = args[0];
    return objects_tuple(from->count, from->items);
}

mp_obj_t objects_builtin(const char *name, size_t bytes)
{
    static const struct {
        const char *name;
        size_t bytes;
        struct builtin object;
    } builtins[] = {
        {"__import__", 10, {{(const mp_obj_type_t *)&type_builtin}, import}},
        {"bytearray", 9, {{(const mp_obj_type_t *)&type_builtin}, bytearray}},
        {"tuple", 5, {{(const mp_obj_type_t *)&type_builtin}, tuple}},
    };
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) {
        if (builtins[i].bytes == bytes && memcmp(builtins[i].name, name, bytes) == 0) {
            return (mp_obj_t)&builtins[i].object;
        }
    }
    return NULL;
}

mp_obj_t objects_call(mp_obj_t function, const mp_obj_t *args)
{
    const struct builtin *builtin = function;
    return (const void *)builtin->base.type == &type_builtin ? builtin->function(args) : NULL;
}

mp_obj_t objects_attr(mp_obj_t base, qstr attr)
{
    (void)attr;
    return base;
}

/* The only method that a module looks for is `get` of its globals, where it finds nothing. */
void objects_method(mp_obj_t base, qstr attr, mp_obj_t *dest)
{
    static const struct builtin get = {{(const mp_obj_type_t *)&type_builtin}, none};
    (void)attr;
    dest[0] = (mp_obj_t)&get;
    dest[1] = base;
}

mp_obj_t objects_call_method(size_t n_args, size_t n_kw, const mp_obj_t *args)
{
    (void)n_args;
    (void)n_kw;
    return objects_call(args[0], args + 1);
}

static void print_bytes(const struct text *from, bool numbers)
{
    for (size_t i = 0; i < from->bytes; i++) {
        const uint8_t byte = (uint8_t)from->data[i];
        const char digits[] = {"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15], 0};
        if (numbers) {
            say(i == 0 ? "" : " ");
            firmware_print(firmware_int((int8_t)byte));
        } else {
            say(digits);
        }
    }
}

bool objects_print(mp_obj_t object)
{
    const void *type = ((mp_obj_base_t *)object)->type;
    if (type == &type_bytes || type == &type_array) {
        print_bytes(object, type == &type_array);
        return true;
    }
    if (type == &type_tuple || type == &type_list) {
        const struct sequence *from = object;
        for (size_t i = 0; i < from->count; i++) {
            say(i == 0 ? "" : " ");
            firmware_print(from->items[i]);
        }
        return true;
    }
    return false;
}
