"""Linked x64 modules are imported and used by a real MicroPython: the unix port, from PyPI."""

from pathlib import Path

from depthwise.host.build.mpy.build_module import Sources, build_module
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS
from tests.support.mpy_sample import CALLS, STRICT, build_sample
from tests.support.mpy_unix import STEP, run


def test_a_module_of_several_files_does_all_that_is_asked_of_it(tmp_path: Path) -> None:
    build_sample("x64", tmp_path)
    steps = "".join(STEP.format(step=call.python()) for call in CALLS)
    assert run(f"import gc, sample as m\nmade = []\n{steps}", tmp_path) == [call.printed for call in CALLS]


def test_a_module_survives_thousands_of_collections_and_objects(tmp_path: Path) -> None:
    build_sample("x64", tmp_path, ("-O2",))
    script = """
import gc, sample
total, kept = 0, []
for i in range(3000):
    counter = sample.Counter(i + 1)
    counter.skip(2)
    kept.append(counter) if i % 50 == 0 else None
    total += counter.next() + sample.total(bytes(range(i % 16))) + len(sample.word(i))
    gc.collect() if i % 7 == 0 else None
print(total, sum(c.next() for c in kept), sample.moves(bytes(50)) == sample.moves(bytes(50)))
"""
    squares = sum(j * j for i in range(3000) for j in range(i % 16))
    total = sum(3 * (i + 1) + len(("zero", "one", "two", "three")[i % 4]) for i in range(3000)) + squares
    assert run(script, tmp_path) == [f"{total} {sum(4 * (i + 1) for i in range(0, 3000, 50))} True"]


def test_wrong_arguments_are_the_errors_that_any_function_of_python_has(tmp_path: Path) -> None:
    build_sample("x64", tmp_path)
    steps = ("m.total()", "m.total(1, 2)", "m.apply(1, 2)", "m.Counter(1, 2, 3)", "m.Counter(1).nothing", "m.word('x')")
    script = "import gc, sample as m\n" + "".join(STEP.format(step=step) for step in steps)
    names = [line.partition(":")[0] for line in run(script, tmp_path)]
    assert names == ["TypeError"] * 4 + ["AttributeError", "TypeError"]


FLOATS = """
#include "py/dynruntime.h"

static mp_obj_t half(mp_obj_t value)
{
    return mp_obj_new_float_from_d(mp_obj_get_float_to_d(value) / 2);
}
static MP_DEFINE_CONST_FUN_OBJ_1(half_obj, half);

/* gather(buffer, function): objects made, called and stored by the firmware's own functions. */
static mp_obj_t gather(mp_obj_t buffer, mp_obj_t function)
{
    mp_buffer_info_t info;
    mp_get_buffer_raise(buffer, &info, MP_BUFFER_RW);
    mp_obj_t items[3], method[3];
    items[0] = mp_obj_new_bytes(info.buf, info.len);
    items[1] = mp_obj_new_bytearray_by_ref(info.len, info.buf);
    items[2] = mp_call_function_n_kw(function, 1, 0, &items[0]);
    mp_obj_t list = mp_obj_new_list(0, NULL);
    mp_load_method(list, MP_QSTR_append, method);
    method[2] = mp_obj_new_tuple(3, items);
    mp_fun_table.call_method_n_kw(1, 0, method);
    mp_obj_list_append(list, mp_load_attr(buffer, MP_QSTR___class__));
    mp_obj_list_append(list, mp_obj_new_bool(mp_obj_get_type(items[0]) == &mp_type_bytes));
    mp_obj_list_append(list, mp_const_none);
    return list;
}
static MP_DEFINE_CONST_FUN_OBJ_2(gather_obj, gather);

mp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n_args, size_t n_kw, mp_obj_t *args)
{
    MP_DYNRUNTIME_INIT_ENTRY
    (void)n_args;
    (void)n_kw;
    (void)args;
    mp_store_global(MP_QSTR_half, MP_OBJ_FROM_PTR(&half_obj));
    mp_store_global(MP_QSTR_gather, MP_OBJ_FROM_PTR(&gather_obj));
    MP_DYNRUNTIME_INIT_EXIT
}
"""


def test_objects_of_all_kinds_go_to_and_fro(tmp_path: Path) -> None:
    source = tmp_path / "kinds.c"
    source.write_text(FLOATS)
    build_module(Sources("kinds", (source,), flags=(*STRICT, "-Os")), NATIVE_ARCHS["x64"], tmp_path)
    script = """
import kinds
buffer = bytearray(b"abc")
found = kinds.gather(buffer, len)
buffer[0] = 65
print(kinds.half(3), found[0], found[1] is bytearray, found[2:])
try:
    kinds.gather(b"constant", len)
except TypeError as error:
    print(error)
"""
    first, second = run(script, tmp_path)
    assert first == "1.5 (b'abc', bytearray(b'Abc'), 3) True [True, None]"
    assert "buffer protocol" in second


def test_two_modules_and_two_imports_of_one_keep_their_variables_apart(tmp_path: Path) -> None:
    built = build_sample("x64", tmp_path)
    (tmp_path / "other.mpy").write_bytes(built.path.read_bytes())
    script = """
import sample, other
sample.apply(0, 1, 1)
sample.apply(0, 1, 1)
other.apply(0, 1, 1)
print(sample.calls(0), other.calls(0), sample.imports(), other.imports())
"""
    assert run(script, tmp_path) == ["2 1 1 1"]
