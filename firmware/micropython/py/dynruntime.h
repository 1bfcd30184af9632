/* SPDX-License-Identifier: Apache-2.0 */
/* What a native module may call of MicroPython, for building without MicroPython's sources.
 *
 * Names and behaviour are those of MicroPython's py/dynruntime.h, so that a module compiles against
 * either; only what the project's modules use is here. Sources: docs/develop/natmod.rst and
 * py/dynruntime.h in MicroPython's tree; py/runtime0.h (numbers of native types).
 *
 * MP_CONFIGFILE is the generated header that makes MP_QSTR_name an entry of mp_native_qstr_table.
 */
#ifndef DW_MICROPYTHON_DYNRUNTIME_H
#define DW_MICROPYTHON_DYNRUNTIME_H

#include MP_CONFIGFILE

#include "py/abi.h"

/* Objects out of C values, and back. */
enum {
    MP_NATIVE_TYPE_BOOL = 1,
    MP_NATIVE_TYPE_INT = 2,
    MP_NATIVE_TYPE_UINT = 3,
    MP_NATIVE_TYPE_QSTR = 8,
};

#define mp_const_none ((mp_obj_t)mp_fun_table.const_none)
#define mp_const_false ((mp_obj_t)mp_fun_table.const_false)
#define mp_const_true ((mp_obj_t)mp_fun_table.const_true)
#define mp_const_empty_tuple (mp_fun_table.new_tuple(0, NULL))

#define MP_OBJ_NEW_QSTR(name) (mp_fun_table.native_to_obj((name), MP_NATIVE_TYPE_QSTR))
#define mp_obj_new_bool(value) ((value) ? mp_const_true : mp_const_false)
#define mp_obj_new_int(value) (mp_fun_table.native_to_obj((mp_uint_t)(value), MP_NATIVE_TYPE_INT))
#define mp_obj_new_int_from_uint(value) (mp_fun_table.native_to_obj((value), MP_NATIVE_TYPE_UINT))
#define mp_obj_new_str(data, bytes) (mp_fun_table.obj_new_str((data), (bytes)))
#define mp_obj_new_bytes(data, bytes) (mp_fun_table.obj_new_bytes((data), (bytes)))
#define mp_obj_new_bytearray_by_ref(bytes, data)                                                   \
    (mp_fun_table.obj_new_bytearray_by_ref((bytes), (data)))
#define mp_obj_new_tuple(count, items) (mp_fun_table.new_tuple((count), (items)))
#define mp_obj_new_list(count, items) (mp_fun_table.new_list((count), (items)))
#define mp_obj_new_dict(count) (mp_fun_table.new_dict((count)))
#define mp_obj_new_float_from_f(value) (mp_fun_table.obj_new_float_from_f((value)))
#define mp_obj_new_float_from_d(value) (mp_fun_table.obj_new_float_from_d((value)))

#define mp_obj_get_int(object)                                                                     \
    ((mp_int_t)mp_fun_table.native_from_obj((object), MP_NATIVE_TYPE_INT))
#define mp_obj_is_true(object) (mp_fun_table.native_from_obj((object), MP_NATIVE_TYPE_BOOL) != 0)
#define mp_obj_get_float_to_f(object) (mp_fun_table.obj_get_float_to_f((object)))
#define mp_obj_get_float_to_d(object) (mp_fun_table.obj_get_float_to_d((object)))
#define mp_obj_get_type(object) (mp_fun_table.obj_get_type((object)))
#define mp_obj_subscr(base, index, value) (mp_fun_table.obj_subscr((base), (index), (value)))
#define mp_obj_list_append(list, item) (mp_fun_table.list_append((list), (item)))
#define mp_obj_dict_store(dict, key, value) (mp_fun_table.dict_store((dict), (key), (value)))
#define mp_get_buffer(object, info, flags) (mp_fun_table.get_buffer((object), (info), (flags)))
#define mp_get_buffer_raise(object, info, flags)                                                   \
    (mp_fun_table.get_buffer((object), (info), (flags) | MP_BUFFER_RAISE_IF_UNSUPPORTED))

/* Types by name; those outside the table are looked up among the builtins. */
#define DW_MP_TYPE(name) (*(const mp_obj_type_t *)mp_load_global(name))
#define mp_type_type (*mp_fun_table.type_type)
#define mp_type_str (*mp_fun_table.type_str)
#define mp_type_list (*mp_fun_table.type_list)
#define mp_type_tuple (*((mp_obj_base_t *)mp_const_empty_tuple)->type)
#define mp_type_bytes DW_MP_TYPE(MP_QSTR_bytes)
#define mp_type_bytearray DW_MP_TYPE(MP_QSTR_bytearray)
#define mp_type_IndexError DW_MP_TYPE(MP_QSTR_IndexError)
#define mp_type_MemoryError DW_MP_TYPE(MP_QSTR_MemoryError)
#define mp_type_RuntimeError DW_MP_TYPE(MP_QSTR_RuntimeError)
#define mp_type_TypeError DW_MP_TYPE(MP_QSTR_TypeError)
#define mp_type_ValueError DW_MP_TYPE(MP_QSTR_ValueError)

/* Names, attributes, calls. mp_call_method_n_kw is no macro in MicroPython's header: call
 * mp_fun_table.call_method_n_kw with what mp_load_method found in front of the arguments. */
#define mp_load_name(name) (mp_fun_table.load_name((name)))
#define mp_load_global(name) (mp_fun_table.load_global((name)))
#define mp_load_attr(base, attr) (mp_fun_table.load_attr((base), (attr)))
#define mp_load_method(base, attr, dest) (mp_fun_table.load_method((base), (attr), (dest)))
#define mp_load_method_maybe(base, attr, dest)                                                     \
    (mp_fun_table.load_method_maybe((base), (attr), (dest)))
#define mp_store_global(name, value) (mp_fun_table.store_global((name), (value)))
#define mp_store_attr(base, attr, value) (mp_fun_table.store_attr((base), (attr), (value)))
#define mp_call_function_n_kw(function, n_args, n_kw, args)                                        \
    (mp_fun_table.call_function_n_kw((function), (size_t)(n_args) | (size_t)(n_kw) << 8, (args)))
#define mp_arg_check_num(n_args, n_kw, n_args_min, n_args_max, takes_kw)                           \
    (mp_fun_table.arg_check_num_sig(                                                               \
        (n_args), (n_kw), MP_OBJ_FUN_MAKE_SIG((n_args_min), (n_args_max), (takes_kw))))

/* Exceptions. A text given to mp_raise_msg is not copied: it must be a constant. */
static MP_NORETURN inline void mp_raise_dyn(mp_obj_t exception)
{
    mp_fun_table.raise(exception);
    for (;;) {
    }
}

static inline mp_obj_t mp_obj_new_exception_arg1_dyn(const mp_obj_type_t *type, mp_obj_t argument)
{
    return mp_call_function_n_kw(MP_OBJ_FROM_PTR(type), 1, 0, &argument);
}

#define nlr_raise(exception) (mp_raise_dyn(exception))
#define mp_raise_msg(type, text) (mp_fun_table.raise_msg((type), (text)))
#define mp_raise_type_arg(type, argument)                                                          \
    (mp_raise_dyn(mp_obj_new_exception_arg1_dyn((type), (argument))))
#define mp_obj_new_exception_arg1(type, argument)                                                  \
    (mp_obj_new_exception_arg1_dyn((type), (argument)))
#define mp_raise_ValueError(text) (mp_raise_msg(&mp_type_ValueError, (text)))
#define mp_raise_TypeError(text) (mp_raise_msg(&mp_type_TypeError, (text)))

/* Memory of the garbage-collected heap; each raises MemoryError where there is none. */
static inline void *m_realloc_dyn(void *block, size_t bytes)
{
    void *moved = mp_fun_table.realloc_(block, bytes, true);
    if (moved == NULL && bytes != 0) {
        mp_raise_msg(&mp_type_MemoryError, "memory allocation failed");
    }
    return moved;
}

static inline void *mp_obj_malloc_helper_dyn(size_t bytes, const mp_obj_type_t *type)
{
    mp_obj_base_t *base = (mp_obj_base_t *)m_realloc_dyn(NULL, bytes);
    base->type = type;
    return base;
}

#define m_malloc(bytes) (m_realloc_dyn(NULL, (bytes)))
#define m_realloc(block, bytes) (m_realloc_dyn((block), (bytes)))
#define m_free(block) ((void)mp_fun_table.realloc_((block), 0, false))
#define m_new(type, count) ((type *)m_malloc(sizeof(type) * (count)))
#define mp_obj_malloc(struct_type, type)                                                           \
    ((struct_type *)mp_obj_malloc_helper_dyn(sizeof(struct_type), (type)))
#define mp_obj_malloc_var(struct_type, field, item, count, type)                                   \
    ((struct_type *)mp_obj_malloc_helper_dyn(                                                      \
        offsetof(struct_type, field) + sizeof(item) * (count), (type)))

/* First and last in mpy_init(self, n_args, n_kw, args); between them names are the module's. */
#define MP_DYNRUNTIME_INIT_ENTRY                                                                   \
    mp_obj_dict_t *old_globals = mp_fun_table.swap_globals(self->context->module.globals);         \
    mp_raw_code_truncated_t rc;                                                                    \
    rc.proto_fun_indicator[0] = 0;                                                                 \
    rc.proto_fun_indicator[1] = 0;                                                                 \
    rc.kind = 4; /* MP_CODE_NATIVE_VIPER */                                                        \
    rc.is_generator = false;                                                                       \
    rc.children = NULL;                                                                            \
    (void)rc;
#define MP_DYNRUNTIME_INIT_EXIT                                                                    \
    (void)mp_fun_table.swap_globals(old_globals);                                                  \
    return mp_const_none;
/* A Python function out of f(self, n_args, n_kw, args). */
#define MP_DYNRUNTIME_MAKE_FUNCTION(f)                                                             \
    (mp_fun_table.make_function_from_proto_fun(                                                    \
        (rc.fun_data = (f), (const void *)&rc), self->context, NULL))

#endif
