/* As much of a MicroPython as the tests' modules ask for, behind the table of functions. */
#include <string.h>

#include "loader.h"
#include "objects.h"
#include "unwind.h"

enum { NAMES = 128, GLOBALS = 32, HEAP_BYTES = 640 * 1024, BOOL = 1, INT = 2, QSTR = 8 };

struct integer {
    mp_obj_base_t base;
    int32_t value;
};

struct exception {
    mp_obj_base_t base;
    mp_obj_t argument;
};

struct native {
    mp_obj_base_t base;
    mp_obj_t (*function)(mp_obj_fun_bc_t *, size_t, size_t, mp_obj_t *);
};

static struct {
    const char *text;
    size_t bytes;
} names[NAMES];
static struct {
    qstr name;
    mp_obj_t value;
} globals[GLOBALS];
static size_t name_count = 1, global_count;
static uint8_t heap[HEAP_BYTES] __attribute__((aligned(16)));
static size_t heap_used;

static mp_obj_full_type_t type_type, type_int, type_str, type_none, type_native, type_exception;
const mp_obj_type_t mp_type_dict, mp_type_fun_builtin_0, mp_type_fun_builtin_1;
const mp_obj_type_t mp_type_fun_builtin_2, mp_type_fun_builtin_3, mp_type_fun_builtin_var;
static const mp_obj_base_t none = {(const mp_obj_type_t *)&type_none};
static const mp_obj_base_t no = {(const mp_obj_type_t *)&type_none};
static const mp_obj_base_t yes = {(const mp_obj_type_t *)&type_none};

uint16_t firmware_name(const char *text, size_t bytes)
{
    for (size_t i = 1; i < name_count; i++) {
        if (names[i].bytes == bytes && memcmp(names[i].text, text, bytes) == 0) {
            return (uint16_t)i;
        }
    }
    names[name_count].text = text;
    names[name_count].bytes = bytes;
    return (uint16_t)name_count++;
}

static size_t length(const char *text)
{
    size_t bytes = 0;
    while (text[bytes] != '\0') {
        bytes++;
    }
    return bytes;
}

static void *allocate(void *block, size_t bytes, bool may_move)
{
    (void)may_move;
    if (block != NULL) {
        return NULL;
    }
    block = heap + heap_used;
    heap_used += (bytes + 15) / 16 * 16;
    memset(block, 0xA5, bytes);
    return block;
}

static void *object(size_t bytes, const void *type)
{
    mp_obj_base_t *base = allocate(NULL, bytes, false);
    base->type = type;
    return base;
}

void *firmware_object(size_t bytes, const void *type)
{
    return object(bytes, type);
}

static mp_obj_t new_text(const char *data, size_t bytes)
{
    struct text *text = object(sizeof *text, &type_str);
    void *copy = allocate(NULL, bytes, false);
    memcpy(copy, data, bytes);
    text->bytes = bytes;
    text->data = copy;
    return text;
}

mp_obj_t firmware_int(int32_t value)
{
    if (value >> 30 == 0 || value >> 30 == -1) {
        return MP_OBJ_NEW_SMALL_INT(value);
    }
    struct integer *integer = object(sizeof *integer, &type_int);
    integer->value = value;
    return integer;
}

static MP_NORETURN void raise(mp_obj_t exception)
{
    say("");
    firmware_print(exception);
    unwind();
}

static MP_NORETURN void raise_msg(const mp_obj_type_t *type, const char *text)
{
    struct exception *exception = object(sizeof *exception, type);
    exception->argument = new_text(text, length(text));
    raise(exception);
}

static mp_uint_t native_from_obj(mp_obj_t from, mp_uint_t type)
{
    if (type == BOOL) {
        return from == (mp_obj_t)&yes;
    }
    return mp_obj_is_small_int(from) ? (mp_uint_t)MP_OBJ_SMALL_INT_VALUE(from)
                                     : (mp_uint_t)((struct integer *)from)->value;
}

static mp_obj_t native_to_obj(mp_uint_t value, mp_uint_t type)
{
    return type == QSTR ? (mp_obj_t)(value << 3 | 2) : firmware_int((int32_t)value);
}

static mp_obj_dict_t *swap_globals(mp_obj_dict_t *dict)
{
    (void)dict;
    return NULL;
}

/* Beside a few functions modules look up exceptions: each is a type, made when it is asked for. */
static mp_obj_t load_global(qstr name)
{
    mp_obj_t builtin = objects_builtin(names[name].text, names[name].bytes);
    if (builtin != NULL) {
        return builtin;
    }
    mp_obj_full_type_t *type = object(sizeof *type, &type_type);
    type->base.type = (const mp_obj_type_t *)&type_exception;
    type->name = (uint16_t)name;
    return type;
}

static void store_global(qstr name, mp_obj_t value)
{
    globals[global_count].name = name;
    globals[global_count++].value = value;
}

static mp_obj_t make_function(
    const void *proto, const mp_module_context_t *context, const mp_obj_t *defaults)
{
    struct native *native = object(sizeof *native, &type_native);
    (void)context;
    (void)defaults;
    memcpy(&native->function, &((const mp_raw_code_truncated_t *)proto)->fun_data, sizeof(void *));
    return native;
}

static const mp_obj_type_t *get_type(mp_const_obj_t from)
{
    return ((const mp_obj_base_t *)from)->type;
}

static mp_obj_t call_function(mp_obj_t type, size_t n_args_kw, const mp_obj_t *args)
{
    mp_obj_t result = objects_call(type, args);
    if (result != NULL) {
        return result;
    }
    struct exception *exception = object(sizeof *exception, type);
    (void)n_args_kw;
    exception->argument = args[0];
    return exception;
}

static void arg_check_num(size_t n_args, size_t n_kw, uint32_t sig)
{
    if (n_kw || n_args < sig >> 17 || n_args > (sig >> 1 & 0xFFFF)) {
        raise_msg((const mp_obj_type_t *)&type_int, "wrong number of arguments");
    }
}

static bool get_buffer(mp_obj_t from, mp_buffer_info_t *info, mp_uint_t flags)
{
    struct text *text = from;
    (void)flags;
    memcpy(&info->buf, &text->data, sizeof(void *));
    info->len = text->bytes;
    return true;
}

const mp_fun_table_t mp_fun_table = {
    .const_none = &none,
    .const_false = &no,
    .const_true = &yes,
    .native_from_obj = native_from_obj,
    .native_to_obj = native_to_obj,
    .swap_globals = swap_globals,
    .load_global = load_global,
    .load_attr = objects_attr,
    .load_method = objects_method,
    .store_global = store_global,
    .new_tuple = objects_tuple,
    .new_list = objects_list,
    .list_append = objects_append,
    .make_function_from_proto_fun = make_function,
    .call_function_n_kw = call_function,
    .call_method_n_kw = objects_call_method,
    .raise = raise,
    .arg_check_num_sig = arg_check_num,
    .memset_ = memset,
    .memmove_ = memmove,
    .realloc_ = allocate,
    .raise_msg = raise_msg,
    .obj_get_type = get_type,
    .obj_new_str = new_text,
    .obj_new_bytes = objects_bytes,
    .obj_new_bytearray_by_ref = objects_bytearray,
    .get_buffer = get_buffer,
    .type_type = (const mp_obj_type_t *)&type_type,
    .type_str = (const mp_obj_type_t *)&type_str,
    .entry_76 = {&mp_type_dict, &mp_type_fun_builtin_0, &mp_type_fun_builtin_1,
        &mp_type_fun_builtin_2, &mp_type_fun_builtin_3, &mp_type_fun_builtin_var},
};

void firmware_start(loader_entry entry)
{
    static mp_module_context_t context;
    static mp_obj_fun_bc_t self = {.context = &context};
    entry(&self, 0, 0, NULL);
}

mp_obj_t firmware_global(const char *name)
{
    const qstr wanted = firmware_name(name, length(name));
    for (size_t i = 0; i < global_count; i++) {
        if (globals[i].name == wanted) {
            return globals[i].value;
        }
    }
    return NULL;
}

static const mp_obj_full_type_t *type_of(mp_obj_t object_in)
{
    return (const mp_obj_full_type_t *)((mp_obj_base_t *)object_in)->type;
}

mp_obj_t firmware_call(mp_obj_t function, size_t n_args, mp_obj_t *args)
{
    const void *type = type_of(function);
    const mp_obj_fun_builtin_fixed_t *fixed = function;
    if (type == &mp_type_fun_builtin_0) {
        return fixed->fun._0();
    }
    if (type == &mp_type_fun_builtin_1) {
        return fixed->fun._1(args[0]);
    }
    if (type == &mp_type_fun_builtin_2) {
        return fixed->fun._2(args[0], args[1]);
    }
    if (type == &mp_type_fun_builtin_3) {
        return fixed->fun._3(args[0], args[1], args[2]);
    }
    if (type == &mp_type_fun_builtin_var) {
        const mp_obj_fun_builtin_var_t *var = function;
        arg_check_num(n_args, 0, var->sig);
        return var->fun.var(n_args, args);
    }
    if (type == &type_native) {
        return ((struct native *)function)->function(function, n_args, 0, args);
    }
    const mp_obj_full_type_t *class = function;
    mp_make_new_fun_t make_new;
    memcpy(&make_new, &class->slots[class->slot_index_make_new - 1], sizeof make_new);
    return make_new(function, n_args, 0, args);
}

mp_obj_t firmware_method(mp_obj_t object_in, const char *name)
{
    const mp_obj_full_type_t *type = type_of(object_in);
    const mp_obj_dict_t *dict = type->slots[type->slot_index_locals_dict - 1];
    const mp_obj_t key = native_to_obj(firmware_name(name, length(name)), QSTR);
    for (size_t i = 0; i < dict->map.used; i++) {
        if (dict->map.table[i].key == key) {
            return dict->map.table[i].value;
        }
    }
    return NULL;
}

void firmware_attr(mp_obj_t object_in, const char *name, mp_obj_t *dest)
{
    const mp_obj_full_type_t *type = type_of(object_in);
    mp_attr_fun_t attr;
    memcpy(&attr, &type->slots[type->slot_index_attr - 1], sizeof attr);
    attr(object_in, firmware_name(name, length(name)), dest);
}

static void say_bytes(const char *data, size_t bytes)
{
    char text[2] = "";
    for (size_t i = 0; i < bytes; i++) {
        text[0] = data[i];
        say(text);
    }
}

/* Decimal by subtraction: there is no division to be had on every core. */
static void say_number(int32_t value)
{
    static const uint32_t powers[] = {
        1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    uint32_t rest = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
    bool begun = false;
    say(value < 0 ? "-" : "");
    for (size_t i = 0; i < 10; i++) {
        char digit[2] = "0";
        for (; rest >= powers[i]; rest -= powers[i]) {
            digit[0]++;
        }
        begun = begun || digit[0] != '0' || i == 9;
        say(begun ? digit : "");
    }
}

void firmware_print(mp_obj_t value)
{
    if (mp_obj_is_small_int(value) || (const void *)type_of(value) == &type_int) {
        say_number((int32_t)native_from_obj(value, INT));
    } else if ((const void *)type_of(value) == &type_str) {
        say_bytes(((struct text *)value)->data, ((struct text *)value)->bytes);
    } else if (value == (mp_obj_t)&none) {
        say("None");
    } else if (value == (mp_obj_t)&no || value == (mp_obj_t)&yes) {
        say(value == (mp_obj_t)&yes ? "True" : "False");
    } else if (objects_print(value)) {
        return;
    } else if ((const void *)type_of(value)->base.type == &type_exception) {
        say_bytes(names[type_of(value)->name].text, names[type_of(value)->name].bytes);
        say(": ");
        firmware_print(((struct exception *)value)->argument);
    } else {
        say("<");
        say_bytes(names[type_of(value)->name].text, names[type_of(value)->name].bytes);
        say(">");
    }
}

void firmware_try(void (*step)(const void *), const void *argument)
{
    guarded(step, argument);
    say("\n");
}
