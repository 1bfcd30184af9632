/* What the parts of the small firmware that runs native modules share. */
#ifndef LOADER_H
#define LOADER_H

#include <stdint.h>

#include "py/abi.h"

typedef mp_obj_t (*loader_entry)(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args);

/* loader.c: the first function of a native module, out of its .mpy file. */
loader_entry loader_load(const uint8_t *file);

/* firmware.c: names by number, what modules stored, calls, and text for people. */
uint16_t firmware_name(const char *text, size_t bytes);
void firmware_start(loader_entry entry);
mp_obj_t firmware_global(const char *name);
mp_obj_t firmware_call(mp_obj_t function, size_t n_args, mp_obj_t *args);
mp_obj_t firmware_method(mp_obj_t object, const char *name);
void firmware_attr(mp_obj_t object, const char *name, mp_obj_t *dest);
mp_obj_t firmware_int(int32_t value);
void firmware_print(mp_obj_t object);
/* Runs a step; an exception that it raises is printed. */
void firmware_try(void (*step)(const void *), const void *argument);

/* main.c: text for the host. */
void say(const char *text);

#endif
