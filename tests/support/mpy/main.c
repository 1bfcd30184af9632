/* Loads the module of module.h, makes the calls of it, and prints what they give, a line each. */
#include "loader.h"

enum { CALL, MAKE, METHOD, GET, SET, ARGUMENTS = 4 };

/* A number; or text; or bytes, where the value is BYTES. */
enum { BYTES = 1 };
struct argument {
    int32_t value;
    const char *text;
    size_t bytes;
};

struct call {
    int kind;
    const char *name;
    size_t count;
    struct argument arguments[ARGUMENTS];
};

/* static const uint8_t module[]; static const struct call calls[]. */
#include "module.h"

static mp_obj_t made;

static mp_obj_t argument(const struct argument *from)
{
    if (from->text == NULL) {
        return firmware_int(from->value);
    }
    return from->value == BYTES
        ? mp_fun_table.obj_new_bytes((const uint8_t *)from->text, from->bytes)
        : mp_fun_table.obj_new_str(from->text, from->bytes);
}

static void step(const void *from)
{
    const struct call *call = from;
    mp_obj_t args[1 + ARGUMENTS] = {made}, dest[2] = {NULL, NULL};
    for (size_t i = 0; i < call->count; i++) {
        args[1 + i] = argument(&call->arguments[i]);
    }
    mp_obj_t result = NULL;
    switch (call->kind) {
    case MAKE:
    case CALL:
        result = firmware_call(firmware_global(call->name), call->count, args + 1);
        break;
    case METHOD:
        result = firmware_call(firmware_method(made, call->name), call->count + 1, args);
        break;
    case SET:
        dest[0] = MP_OBJ_SENTINEL;
        dest[1] = args[1];
        firmware_attr(made, call->name, dest);
        say(dest[0] == NULL ? "stored" : "refused");
        return;
    default:
        firmware_attr(made, call->name, dest);
        result = dest[0];
    }
    made = call->kind == MAKE ? result : made;
    firmware_print(result);
}

static void start(const void *entry)
{
    loader_entry first;
    __builtin_memcpy(&first, entry, sizeof first);
    firmware_start(first);
    say("ready");
}

void run(void);
void run(void)
{
    loader_entry first = loader_load(module);
    firmware_try(start, &first);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        firmware_try(step, &calls[i]);
    }
    say("end\n");
}
