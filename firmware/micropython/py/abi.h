/* SPDX-License-Identifier: Apache-2.0 */
/* Layout of MicroPython's objects and of mp_fun_table, the table of what the firmware offers.
 *
 * It holds for .mpy version 6.3 (MicroPython 1.23 and later) and object representations A and C; in
 * 6.1 and 6.2 the entries of mp_fun_table from the 65th on have other places.
 *
 * Sources, in MicroPython's tree: py/nativeglue.h (order of mp_fun_table), py/obj.h (layout of
 * types, maps and functions), py/emitglue.h and py/bc.h (raw code, a module's context).
 */
#ifndef DW_MICROPYTHON_ABI_H
#define DW_MICROPYTHON_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Objects are words: a small integer has bit 0 set, None and the like are read from the table. */
typedef void *mp_obj_t;
typedef const void *mp_const_obj_t;
typedef mp_const_obj_t mp_rom_obj_t;
typedef intptr_t mp_int_t;
typedef uintptr_t mp_uint_t;
typedef size_t qstr;

#define MP_NORETURN __attribute__((noreturn))
#define MP_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MP_ERROR_TEXT(text) (text)

#define MP_OBJ_NULL ((mp_obj_t)0)
#define MP_OBJ_SENTINEL ((mp_obj_t)4)
#define MP_OBJ_TO_PTR(object) ((void *)(object))
#define MP_OBJ_FROM_PTR(pointer) ((mp_obj_t)(pointer))
#define MP_ROM_PTR(pointer) (pointer)
#define MP_OBJ_NEW_SMALL_INT(value) ((mp_obj_t)((((mp_uint_t)(value)) << 1) | 1))
#define MP_OBJ_SMALL_INT_VALUE(object) (((mp_int_t)(object)) >> 1)

static inline bool mp_obj_is_small_int(mp_const_obj_t object)
{
    return ((mp_uint_t)object & 1) != 0;
}

/* Types (py/obj.h). A type's slots lie in any order; slot_index_<name> is 1 + the place of one. */
typedef struct _mp_obj_type_t mp_obj_type_t;

typedef struct _mp_obj_base_t {
    const mp_obj_type_t *type;
} mp_obj_base_t;

#define DW_MP_TYPE_FIELDS                                                                          \
    mp_obj_base_t base;                                                                            \
    uint16_t flags;                                                                                \
    uint16_t name;                                                                                 \
    uint8_t slot_index_make_new;                                                                   \
    uint8_t slot_index_print;                                                                      \
    uint8_t slot_index_call;                                                                       \
    uint8_t slot_index_unary_op;                                                                   \
    uint8_t slot_index_binary_op;                                                                  \
    uint8_t slot_index_attr;                                                                       \
    uint8_t slot_index_subscr;                                                                     \
    uint8_t slot_index_iter;                                                                       \
    uint8_t slot_index_buffer;                                                                     \
    uint8_t slot_index_protocol;                                                                   \
    uint8_t slot_index_parent;                                                                     \
    uint8_t slot_index_locals_dict

struct _mp_obj_type_t {
    DW_MP_TYPE_FIELDS;
    const void *slots[];
};

typedef struct _mp_obj_full_type_t {
    DW_MP_TYPE_FIELDS;
    const void *slots[11];
} mp_obj_full_type_t;

#define MP_TYPE_FLAG_NONE 0x0000
#define MP_OBJ_TYPE_SET_SLOT(type, slot, value, place)                                             \
    ((type)->slot_index_##slot = (place) + 1, (type)->slots[(place)] = (void *)(value))

/* What mp_obj_full_type_t's slots hold: dest[0] of attr is MP_OBJ_NULL for a load; a load answers
 * with dest[0], or leaves the search to locals_dict by dest[1] = MP_OBJ_SENTINEL. */
typedef mp_obj_t (*mp_make_new_fun_t)(
    const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args);
typedef void (*mp_attr_fun_t)(mp_obj_t self, qstr attr, mp_obj_t *dest);

/* Maps and dictionaries (py/obj.h). */
typedef struct _mp_map_elem_t {
    mp_obj_t key;
    mp_obj_t value;
} mp_map_elem_t;

typedef struct _mp_rom_map_elem_t {
    mp_rom_obj_t key;
    mp_rom_obj_t value;
} mp_rom_map_elem_t;

typedef struct _mp_map_t {
    size_t all_keys_are_qstrs : 1;
    size_t is_fixed : 1;
    size_t is_ordered : 1;
    size_t used : 8 * sizeof(size_t) - 3;
    size_t alloc;
    mp_map_elem_t *table;
} mp_map_t;

typedef struct _mp_obj_dict_t {
    mp_obj_base_t base;
    mp_map_t map;
} mp_obj_dict_t;

/* A dictionary that never changes once its table, a global variable, is filled by mpy_init. */
#define MP_DEFINE_CONST_DICT(dict_name, table_name)                                                \
    const mp_obj_dict_t dict_name = {                                                              \
        .base = {.type = &mp_type_dict},                                                           \
        .map = {.all_keys_are_qstrs = 1,                                                           \
            .is_fixed = 1,                                                                         \
            .is_ordered = 1,                                                                       \
            .used = MP_ARRAY_SIZE(table_name),                                                     \
            .alloc = MP_ARRAY_SIZE(table_name),                                                    \
            .table = (mp_map_elem_t *)(table_name)},                                               \
    }

/* Functions (py/obj.h): a type, then the C function, or its signature and the C function. */
typedef struct _mp_obj_fun_builtin_fixed_t {
    mp_obj_base_t base;
    union {
        mp_obj_t (*_0)(void);
        mp_obj_t (*_1)(mp_obj_t);
        mp_obj_t (*_2)(mp_obj_t, mp_obj_t);
        mp_obj_t (*_3)(mp_obj_t, mp_obj_t, mp_obj_t);
    } fun;
} mp_obj_fun_builtin_fixed_t;

typedef struct _mp_obj_fun_builtin_var_t {
    mp_obj_base_t base;
    uint32_t sig;
    union {
        mp_obj_t (*var)(size_t n_args, const mp_obj_t *args);
        mp_obj_t (*kw)(size_t n_args, const mp_obj_t *args, mp_map_t *kwargs);
    } fun;
} mp_obj_fun_builtin_var_t;

#define MP_OBJ_FUN_MAKE_SIG(n_args_min, n_args_max, takes_kw)                                      \
    ((uint32_t)(((uint32_t)(n_args_min) << 17) | ((uint32_t)(n_args_max) << 1) |                   \
                ((takes_kw) ? 1u : 0u)))

#define DW_MP_DEFINE_FIXED(obj_name, count, function)                                              \
    const mp_obj_fun_builtin_fixed_t obj_name = {                                                  \
        .base = {.type = &mp_type_fun_builtin_##count}, .fun = {._##count = (function)}}
#define MP_DEFINE_CONST_FUN_OBJ_0(obj_name, function) DW_MP_DEFINE_FIXED(obj_name, 0, function)
#define MP_DEFINE_CONST_FUN_OBJ_1(obj_name, function) DW_MP_DEFINE_FIXED(obj_name, 1, function)
#define MP_DEFINE_CONST_FUN_OBJ_2(obj_name, function) DW_MP_DEFINE_FIXED(obj_name, 2, function)
#define MP_DEFINE_CONST_FUN_OBJ_3(obj_name, function) DW_MP_DEFINE_FIXED(obj_name, 3, function)
#define MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(obj_name, n_args_min, n_args_max, function)            \
    const mp_obj_fun_builtin_var_t obj_name = {.base = {.type = &mp_type_fun_builtin_var},         \
        .sig = MP_OBJ_FUN_MAKE_SIG(n_args_min, n_args_max, false),                                 \
        .fun = {.var = (function)}}

/* Buffers (py/obj.h). */
typedef struct _mp_buffer_info_t {
    void *buf;
    size_t len;
    int typecode;
} mp_buffer_info_t;

#define MP_BUFFER_READ 1
#define MP_BUFFER_WRITE 2
#define MP_BUFFER_RW (MP_BUFFER_READ | MP_BUFFER_WRITE)
#define MP_BUFFER_RAISE_IF_UNSUPPORTED 4

/* The function object that mpy_init is called with, as far as its module's globals. */
typedef struct _mp_module_context_t {
    struct {
        mp_obj_base_t base;
        mp_obj_dict_t *globals;
    } module;
} mp_module_context_t;

typedef struct _mp_obj_fun_bc_t {
    mp_obj_base_t base;
    const mp_module_context_t *context;
} mp_obj_fun_bc_t;

/* Native code that a function can be made from (py/emitglue.h). */
typedef struct _mp_raw_code_truncated_t {
    uint8_t proto_fun_indicator[2];
    uint8_t kind;
    bool is_generator;
    const void *fun_data;
    void *children;
} mp_raw_code_truncated_t;

/* What the firmware offers (py/nativeglue.h): entry_<n> are entries that no module here uses. */
typedef struct _mp_fun_table_t {
    mp_const_obj_t const_none;
    mp_const_obj_t const_false;
    mp_const_obj_t const_true;
    mp_uint_t (*native_from_obj)(mp_obj_t object, mp_uint_t type);
    mp_obj_t (*native_to_obj)(mp_uint_t value, mp_uint_t type);
    mp_obj_dict_t *(*swap_globals)(mp_obj_dict_t *globals);
    mp_obj_t (*load_name)(qstr name);
    mp_obj_t (*load_global)(qstr name);
    const void *entry_8;
    mp_obj_t (*load_attr)(mp_obj_t base, qstr attr);
    void (*load_method)(mp_obj_t base, qstr attr, mp_obj_t *dest);
    const void *entry_11[2];
    void (*store_global)(qstr name, mp_obj_t value);
    void (*store_attr)(mp_obj_t base, qstr attr, mp_obj_t value);
    mp_obj_t (*obj_subscr)(mp_obj_t base, mp_obj_t index, mp_obj_t value);
    bool (*obj_is_true)(mp_obj_t object);
    const void *entry_17[2];
    mp_obj_t (*new_tuple)(size_t count, const mp_obj_t *items);
    mp_obj_t (*new_list)(size_t count, mp_obj_t *items);
    mp_obj_t (*new_dict)(size_t count);
    const void *entry_22[2];
    mp_obj_t (*list_append)(mp_obj_t list, mp_obj_t item);
    mp_obj_t (*dict_store)(mp_obj_t dict, mp_obj_t key, mp_obj_t value);
    mp_obj_t (*make_function_from_proto_fun)(
        const void *proto_fun, const mp_module_context_t *context, const mp_obj_t *defaults);
    mp_obj_t (*call_function_n_kw)(mp_obj_t function, size_t n_args_kw, const mp_obj_t *args);
    mp_obj_t (*call_method_n_kw)(size_t n_args, size_t n_kw, const mp_obj_t *args);
    const void *entry_29[5];
    void (*raise)(mp_obj_t exception);
    const void *entry_35[9];
    void (*arg_check_num_sig)(size_t n_args, size_t n_kw, uint32_t sig);
    const void *entry_45[5];
    void *(*memset_)(void *to, int value, size_t bytes);
    void *(*memmove_)(void *to, const void *from, size_t bytes);
    void *(*realloc_)(void *block, size_t bytes, bool may_move);
    const void *entry_53[2];
    MP_NORETURN void (*raise_msg)(const mp_obj_type_t *type, const char *text);
    const mp_obj_type_t *(*obj_get_type)(mp_const_obj_t object);
    mp_obj_t (*obj_new_str)(const char *data, size_t bytes);
    mp_obj_t (*obj_new_bytes)(const uint8_t *data, size_t bytes);
    mp_obj_t (*obj_new_bytearray_by_ref)(size_t bytes, void *data);
    mp_obj_t (*obj_new_float_from_f)(float value);
    mp_obj_t (*obj_new_float_from_d)(double value);
    float (*obj_get_float_to_f)(mp_obj_t object);
    double (*obj_get_float_to_d)(mp_obj_t object);
    void (*load_method_maybe)(mp_obj_t base, qstr attr, mp_obj_t *dest);
    bool (*get_buffer)(mp_obj_t object, mp_buffer_info_t *info, mp_uint_t flags);
    const void *entry_66[7];
    const mp_obj_type_t *type_type;
    const mp_obj_type_t *type_str;
    const mp_obj_type_t *type_list;
    const void *entry_76[11];
} mp_fun_table_t;

extern const mp_fun_table_t mp_fun_table;

/* Names of entries of the table that the linker resolves in constants. */
extern const mp_obj_type_t mp_type_dict;
extern const mp_obj_type_t mp_type_fun_builtin_0;
extern const mp_obj_type_t mp_type_fun_builtin_1;
extern const mp_obj_type_t mp_type_fun_builtin_2;
extern const mp_obj_type_t mp_type_fun_builtin_3;
extern const mp_obj_type_t mp_type_fun_builtin_var;

#endif
