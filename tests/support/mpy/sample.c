/* A native module that uses all that the linker and MicroPython's loader can do. */
#include "sample.h"

#include <string.h>

#include "py/dynruntime.h"

typedef struct {
    mp_obj_base_t base;
    mp_int_t value;
    mp_int_t step;
} counter_t;

mp_obj_full_type_t counter_type;
mp_map_elem_t counter_locals_table[2];
uint8_t big[3000];

static int16_t sums[4]; /* never used: no fixed distance to it is asked for */

/* counter_new(step[, start]) */
static mp_obj_t counter_new(
    const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args)
{
    mp_arg_check_num(n_args, n_kw, 1, 2, false);
    const mp_int_t step = mp_obj_get_int(args[0]);
    if (step == 0) {
        mp_raise_ValueError("step is 0");
    }
    counter_t *self = mp_obj_malloc(counter_t, type);
    self->step = step;
    self->value = n_args > 1 ? mp_obj_get_int(args[1]) : 0;
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t counter_next(mp_obj_t self_in)
{
    counter_t *self = MP_OBJ_TO_PTR(self_in);
    self->value += self->step;
    return mp_obj_new_int(self->value);
}
static MP_DEFINE_CONST_FUN_OBJ_1(counter_next_obj, counter_next);

static mp_obj_t counter_skip(mp_obj_t self_in, mp_obj_t count)
{
    counter_t *self = MP_OBJ_TO_PTR(self_in);
    self->value += self->step * mp_obj_get_int(count);
    return self_in;
}
static MP_DEFINE_CONST_FUN_OBJ_2(counter_skip_obj, counter_skip);

static MP_DEFINE_CONST_DICT(counter_locals, counter_locals_table);

static void counter_attr(mp_obj_t self_in, qstr name, mp_obj_t *dest)
{
    counter_t *self = MP_OBJ_TO_PTR(self_in);
    if (name == MP_QSTR_step && dest[0] == MP_OBJ_NULL) {
        dest[0] = mp_obj_new_int(self->step);
    } else if (name == MP_QSTR_step && dest[1] != MP_OBJ_NULL) {
        self->step = mp_obj_get_int(dest[1]);
        dest[0] = MP_OBJ_NULL;
    } else {
        dest[1] = MP_OBJ_SENTINEL;
    }
}

static mp_obj_t imports(void)
{
    return MP_OBJ_NEW_SMALL_INT(big[0]);
}
static MP_DEFINE_CONST_FUN_OBJ_0(imports_obj, imports);

static mp_obj_t text_of(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0' && length < 32) {
        length++;
    }
    return mp_obj_new_str(text, length);
}

/* apply(which, a, b): by a table of functions of another file. */
static mp_obj_t apply(mp_obj_t which, mp_obj_t a, mp_obj_t b)
{
    const struct sample_entry *entry = &sample_entries[mp_obj_get_int(which)];
    const int32_t result = entry->operation((int32_t)mp_obj_get_int(a), (int32_t)mp_obj_get_int(b));
    return mp_obj_new_int(result);
}
static MP_DEFINE_CONST_FUN_OBJ_3(apply_obj, apply);

static mp_obj_t name(mp_obj_t which)
{
    return text_of(sample_entries[mp_obj_get_int(which)].name);
}
static MP_DEFINE_CONST_FUN_OBJ_1(name_obj, name);

static mp_obj_t calls(mp_obj_t which)
{
    return mp_obj_new_int(*sample_entries[mp_obj_get_int(which)].counter);
}
static MP_DEFINE_CONST_FUN_OBJ_1(calls_obj, calls);

static mp_obj_t choose(mp_obj_t x)
{
    return mp_obj_new_int(sample_switch((int32_t)mp_obj_get_int(x)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(choose_obj, choose);

/* wide(a, b, word): a word of 32 bits of a 64-bit result. */
static mp_obj_t wide(mp_obj_t a, mp_obj_t b, mp_obj_t word)
{
    const int64_t result = sample_wide((int32_t)mp_obj_get_int(a), (int32_t)mp_obj_get_int(b));
    const uint32_t low = (uint32_t)(uint64_t)result, high = (uint32_t)((uint64_t)result >> 32);
    return mp_obj_new_int((int32_t)(mp_obj_get_int(word) != 0 ? high : low));
}
static MP_DEFINE_CONST_FUN_OBJ_3(wide_obj, wide);

static mp_obj_t word(mp_obj_t index)
{
    return text_of(sample_word((uint32_t)mp_obj_get_int(index)));
}
static MP_DEFINE_CONST_FUN_OBJ_1(word_obj, word);

/* total(buffer[, scale]): sum of squares by a table. */
static mp_obj_t total(size_t n_args, const mp_obj_t *args)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(args[0], &info, MP_BUFFER_READ);
    const mp_int_t scale = n_args > 1 ? mp_obj_get_int(args[1]) : 1;
    mp_int_t sum = 0;
    for (size_t i = 0; i < info.len; i++) {
        sum += sample_squares[((const uint8_t *)info.buf)[i] & 15];
    }
    return mp_obj_new_int(sum * scale);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(total_obj, 1, 2, total);

typedef void *(*mover)(void *, const void *, size_t);
extern mover sample_mover;
mover sample_mover;

/* moves(buffer): set, copy and move memory, by call and by pointer. */
static mp_obj_t moves(mp_obj_t buffer)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(buffer, &info, MP_BUFFER_READ);
    const size_t count = info.len < 100 ? info.len : 100;
    memset(sample_scratch, 7, sizeof sample_scratch);
    memcpy(sample_scratch + 1, info.buf, count);
    memmove(sample_scratch + 3, sample_scratch, count + 2);
    sample_mover = memcpy;
    sample_mover(big + 1, sample_scratch, sizeof sample_scratch);
    mp_int_t sum = 0;
    for (size_t i = 0; i < sizeof sample_scratch; i++) {
        sum += (mp_int_t)(i & 31) * big[1 + i];
    }
    return mp_obj_new_int(sum);
}
static MP_DEFINE_CONST_FUN_OBJ_1(moves_obj, moves);

static mp_obj_t refuse(mp_obj_t value)
{
    mp_raise_type_arg(&mp_type_RuntimeError, value);
}
static MP_DEFINE_CONST_FUN_OBJ_1(refuse_obj, refuse);

/* A function that gets itself and its arguments plainly. */
static mp_obj_t count(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)
{
    (void)self;
    (void)args;
    return mp_obj_new_int((mp_int_t)(n_args * 10 + n_kw));
}

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)
{
    MP_DYNRUNTIME_INIT_ENTRY(void) n_args;
    (void)n_kw;
    (void)args;
    (void)sums;
    big[0]++;
    counter_type.base.type = (void *)&mp_type_type;
    counter_type.flags = MP_TYPE_FLAG_NONE;
    counter_type.name = (uint16_t)MP_QSTR_Counter;
    MP_OBJ_TYPE_SET_SLOT(&counter_type, make_new, counter_new, 0);
    MP_OBJ_TYPE_SET_SLOT(&counter_type, attr, counter_attr, 1);
    counter_locals_table[0] =
        (mp_map_elem_t){MP_OBJ_NEW_QSTR(MP_QSTR_next), MP_OBJ_FROM_PTR(&counter_next_obj)};
    counter_locals_table[1] =
        (mp_map_elem_t){MP_OBJ_NEW_QSTR(MP_QSTR_skip), MP_OBJ_FROM_PTR(&counter_skip_obj)};
    MP_OBJ_TYPE_SET_SLOT(&counter_type, locals_dict, (void *)&counter_locals, 2);
    mp_store_global(MP_QSTR_Counter, MP_OBJ_FROM_PTR(&counter_type));
    mp_store_global(MP_QSTR_imports, MP_OBJ_FROM_PTR(&imports_obj));
    mp_store_global(MP_QSTR_apply, MP_OBJ_FROM_PTR(&apply_obj));
    mp_store_global(MP_QSTR_name, MP_OBJ_FROM_PTR(&name_obj));
    mp_store_global(MP_QSTR_calls, MP_OBJ_FROM_PTR(&calls_obj));
    mp_store_global(MP_QSTR_choose, MP_OBJ_FROM_PTR(&choose_obj));
    mp_store_global(MP_QSTR_wide, MP_OBJ_FROM_PTR(&wide_obj));
    mp_store_global(MP_QSTR_word, MP_OBJ_FROM_PTR(&word_obj));
    mp_store_global(MP_QSTR_total, MP_OBJ_FROM_PTR(&total_obj));
    mp_store_global(MP_QSTR_moves, MP_OBJ_FROM_PTR(&moves_obj));
    mp_store_global(MP_QSTR_refuse, MP_OBJ_FROM_PTR(&refuse_obj));
    mp_store_global(MP_QSTR_count, MP_DYNRUNTIME_MAKE_FUNCTION(count));
    MP_DYNRUNTIME_INIT_EXIT
}
