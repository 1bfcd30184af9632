/* SPDX-License-Identifier: Apache-2.0 */
/* The module as a native .mpy: tables are filled when it is imported, the weights lie beside it. */
#include "py/dynruntime.h"

#define VARIABLE /* the loader knows no static ones */
#define new_float(value) mp_obj_new_float_from_f(value)
#define mp_call_method_n_kw(n_args, n_kw, args)                                                    \
    (mp_fun_table.call_method_n_kw((n_args), (n_kw), (args)))

static mp_obj_t default_weights(void);

#include "network.h"

#include "crc32.c"
#include "dw_methods.h"
#include "dw_object.h"

/* What the module was imported from, a string that is never freed; None if nobody knows. */
mp_obj_t module_file;
mp_obj_full_type_t dw_model_type;

#define ONE_MORE(name, object) +1
mp_map_elem_t method_table[0 METHODS(ONE_MORE)];
static MP_DEFINE_CONST_DICT(method_dict, method_table);

/* Refuses a folder without the weights; opening them would not say what is missing. */
static void expect_weights(const char *folder, size_t length, mp_obj_t name)
{
    mp_obj_t listdir[4], count[3];
    mp_obj_t os = MP_OBJ_NEW_QSTR(MP_QSTR_os);
    os = mp_call_function_n_kw(mp_load_global(MP_QSTR___import__), 1, 0, &os);
    mp_load_method(os, MP_QSTR_listdir, listdir);
    listdir[2] = mp_obj_new_str(folder, length);
    mp_load_method(mp_call_method_n_kw(length > 0, 0, listdir), MP_QSTR_count, count);
    count[2] = name;
    if (mp_obj_get_int(mp_call_method_n_kw(1, 0, count)) == 0) {
        raise_words(mp_load_global(MP_QSTR_OSError), NETWORK_NAME
            ".weights is not beside " NETWORK_NAME ".mpy: copy it there, or give Model a path");
    }
}

/* Path of the weights in the module's folder. */
static mp_obj_t default_weights(void)
{
    static const char name[] = NETWORK_NAME ".weights";
    mp_buffer_info_t file = {.len = 0};
    if (module_file != mp_const_none) {
        mp_get_buffer_raise(module_file, &file, MP_BUFFER_READ);
    }
    size_t folder = file.len;
    while (folder > 0 && ((const char *)file.buf)[folder - 1] != '/') {
        folder--;
    }
    expect_weights(file.buf, folder, mp_obj_new_str(name, sizeof name - 1));
    char *const path = m_malloc(folder + sizeof name);
    memcpy(path, file.buf, folder);
    memcpy(path + folder, name, sizeof name);
    const mp_obj_t made = mp_obj_new_str(path, folder + sizeof name - 1);
    m_free(path);
    return made;
}

static void fill_tables(void)
{
    mp_map_elem_t *next = method_table;
#define FILL(name, object)                                                                         \
    next->key = MP_OBJ_NEW_QSTR(name);                                                             \
    next->value = MP_OBJ_FROM_PTR(&object);                                                        \
    next++;
    METHODS(FILL)
    dw_model_type.base.type = &mp_type_type;
    dw_model_type.flags = MP_TYPE_FLAG_NONE;
    dw_model_type.name = MP_QSTR_Model;
    MP_OBJ_TYPE_SET_SLOT(&dw_model_type, make_new, dw_model_make_new, 0);
    MP_OBJ_TYPE_SET_SLOT(&dw_model_type, attr, dw_model_attr, 1);
    MP_OBJ_TYPE_SET_SLOT(&dw_model_type, locals_dict, (void *)&method_dict, 2);
}

/* globals().get('__file__') */
static mp_obj_t file_of(mp_obj_dict_t *globals)
{
    mp_obj_t call[3];
    mp_load_method(MP_OBJ_FROM_PTR(globals), MP_QSTR_get, call);
    call[2] = MP_OBJ_NEW_QSTR(MP_QSTR___file__);
    return mp_call_method_n_kw(1, 0, call);
}

/* Called when the module is imported. */
mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)
{
    MP_DYNRUNTIME_INIT_ENTRY;
    (void)n_args;
    (void)n_kw;
    (void)args;
    module_file = file_of(self->context->module.globals);
    fill_tables();
    mp_store_global(MP_QSTR_Model, MP_OBJ_FROM_PTR(&dw_model_type));
#define STORE(name, value) mp_store_global(name, MP_OBJ_NEW_SMALL_INT(value));
    NUMBERS(STORE)
    MP_DYNRUNTIME_INIT_EXIT;
}
