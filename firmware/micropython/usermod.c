/* SPDX-License-Identifier: Apache-2.0 */
/* The module as a part of the firmware: its tables and weights are constants in flash. */
#include "py/obj.h"
#include "py/runtime.h"

#define VARIABLE static
#if MICROPY_PY_BUILTINS_FLOAT
#define new_float(value) mp_obj_new_float((mp_float_t)(value))
#else
#define new_float(value) mp_const_none
#endif

#include "network.h"

/* The module's name. MicroPython's build collects names file by file, and knows those of headers
 * only behind one of a source file: this one. */
enum { MODULE_NAME = NETWORK_QSTR };

static mp_obj_t default_weights(void);

#include "crc32.c"
#include "dw_methods.h"
#include "dw_object.h"

/* The weights file as it is, linked in. */
extern const uint32_t network_weights[NETWORK_WEIGHTS_WORDS];

/* An object around them that nobody else gets to see: it is not written to. */
static mp_obj_t default_weights(void)
{
    return mp_obj_new_bytearray_by_ref(sizeof network_weights, (void *)(uintptr_t)network_weights);
}

#define ENTRY(name, object) {MP_ROM_QSTR(name), MP_ROM_PTR(&object)},
static const mp_rom_map_elem_t method_table[] = {METHODS(ENTRY)};
static MP_DEFINE_CONST_DICT(method_dict, method_table);

static MP_DEFINE_CONST_OBJ_TYPE(dw_model_type, MP_QSTR_Model, MP_TYPE_FLAG_NONE, make_new,
    dw_model_make_new, attr, dw_model_attr, locals_dict, &method_dict);

#define NUMBER_ENTRY(name, value) {MP_ROM_QSTR(name), MP_ROM_INT(value)},
static const mp_rom_map_elem_t global_table[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MODULE_NAME)},
    {MP_ROM_QSTR(MP_QSTR_Model), MP_ROM_PTR(&dw_model_type)}, NUMBERS(NUMBER_ENTRY)};
static MP_DEFINE_CONST_DICT(globals, global_table);

const mp_obj_module_t network_module = {
    .base = {&mp_type_module},
    .globals = (mp_obj_dict_t *)&globals,
};
MP_REGISTER_MODULE(NETWORK_QSTR, network_module);
