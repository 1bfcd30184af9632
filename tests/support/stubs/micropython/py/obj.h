/* Stands in for MicroPython's py/obj.h and py/runtime.h: what a module that is a part of the firmware includes.
 * Everything is reached by the table of functions, as in native modules; constants are made here.
 */
#ifndef OBJ_H
#define OBJ_H

#include "py/dynruntime.h"

#define MICROPY_PY_BUILTINS_FLOAT (0)

#define MP_ROM_QSTR(name) ((mp_rom_obj_t)(((uintptr_t)(name) << 3) | 2))
#define MP_ROM_INT(value) ((mp_rom_obj_t)(((uintptr_t)(value) << 1) | 1))
#define mp_call_method_n_kw(n_args, n_kw, args)                                                    \
    (mp_fun_table.call_method_n_kw((n_args), (n_kw), (args)))

typedef struct _mp_obj_module_t {
    mp_obj_base_t base;
    mp_obj_dict_t *globals;
} mp_obj_module_t;
extern const mp_obj_type_t mp_type_module;

/* A type with three slots. */
#define MP_DEFINE_CONST_OBJ_TYPE(                                                                  \
    object, type_name, type_flags, a, a_value, b, b_value, c, c_value)                             \
    const mp_obj_full_type_t object = {.flags = (type_flags),                                      \
        .name = (type_name),                                                                       \
        .slot_index_##a = 1,                                                                       \
        .slot_index_##b = 2,                                                                       \
        .slot_index_##c = 3,                                                                       \
        .slots = {(const void *)(a_value), (const void *)(b_value), (const void *)(c_value)}}

/* MicroPython's build collects these; here the one module of the tests is found by its name. */
#define MP_REGISTER_MODULE(name, object)                                                           \
    extern const mp_obj_module_t *const the_module;                                                \
    const mp_obj_module_t *const the_module = &(object)

#endif
