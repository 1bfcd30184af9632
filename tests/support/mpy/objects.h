/* Objects that the modules of networks ask for: bytes, arrays, tuples, lists, and functions of builtins. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "py/abi.h"

/* Text, bytes, or an array of them. */
struct text {
    mp_obj_base_t base;
    size_t bytes;
    const char *data;
};

/* firmware.c */
void *firmware_object(size_t bytes, const void *type);

/* A function of builtins by its name, NULL if there is none: `__import__`, `bytearray`, `tuple`. */
mp_obj_t objects_builtin(const char *name, size_t bytes);
/* What a call of one gives; NULL for other objects. */
mp_obj_t objects_call(mp_obj_t function, const mp_obj_t *args);
/* Prints an object of these types; false for others. */
bool objects_print(mp_obj_t object);

mp_obj_t objects_bytes(const uint8_t *data, size_t bytes);
mp_obj_t objects_bytearray(size_t bytes, void *data);
mp_obj_t objects_tuple(size_t count, const mp_obj_t *items);
mp_obj_t objects_list(size_t count, mp_obj_t *items);
mp_obj_t objects_append(mp_obj_t list, mp_obj_t item);
mp_obj_t objects_attr(mp_obj_t base, qstr attr);
void objects_method(mp_obj_t base, qstr attr, mp_obj_t *dest);
mp_obj_t objects_call_method(size_t n_args, size_t n_kw, const mp_obj_t *args);

#endif
