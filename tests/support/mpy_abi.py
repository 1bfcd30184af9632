"""Assertions of MicroPython's binary interface, checked by a compiler against headers."""

import re
import subprocess
from pathlib import Path

from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.host.build.mpy.abi import FUN_TABLE_LENGTH
from depthwise.host.build.mpy.qstrs import config_header, names_in

# Place of each entry in mp_fun_table: py/nativeglue.h of MicroPython 1.23 and later (.mpy 6.3).
PLACES = """
    const_none=0 const_false=1 const_true=2 native_from_obj=3 native_to_obj=4 swap_globals=5 load_name=6
    load_global=7 load_attr=9 load_method=10 store_global=13 store_attr=14 obj_subscr=15 obj_is_true=16
    new_tuple=19 new_list=20 new_dict=21 list_append=24 dict_store=25 make_function_from_proto_fun=26
    call_function_n_kw=27 call_method_n_kw=28 raise=34 arg_check_num_sig=44 memset_=50 memmove_=51 realloc_=52
    raise_msg=55 obj_get_type=56 obj_new_str=57 obj_new_bytes=58 obj_new_bytearray_by_ref=59
    obj_new_float_from_f=60 obj_new_float_from_d=61 obj_get_float_to_f=62 obj_get_float_to_d=63
    load_method_maybe=64 get_buffer=65 type_type=73 type_str=74 type_list=75
"""
ENTRIES = dict(re.findall(r"(\w+)=(\d+)", PLACES))
# Sizes and places in words and bytes: (what, words, bytes). py/obj.h, py/bc.h, py/emitglue.h.
LAYOUT = (
    ("sizeof(mp_fun_table_t)", FUN_TABLE_LENGTH, 0),
    ("offsetof(mp_obj_full_type_t, flags)", 1, 0),
    ("offsetof(mp_obj_full_type_t, name)", 1, 2),
    ("offsetof(mp_obj_full_type_t, slot_index_make_new)", 1, 4),
    ("offsetof(mp_obj_full_type_t, slot_index_attr)", 1, 9),
    ("offsetof(mp_obj_full_type_t, slot_index_buffer)", 1, 12),
    ("offsetof(mp_obj_full_type_t, slot_index_locals_dict)", 1, 15),
    ("offsetof(mp_obj_full_type_t, slots)", 1, 16),
    ("sizeof(mp_obj_full_type_t)", 12, 16),
    ("offsetof(mp_obj_dict_t, map)", 1, 0),
    ("offsetof(mp_map_t, table)", 2, 0),
    ("sizeof(mp_obj_dict_t)", 4, 0),
    ("sizeof(mp_map_elem_t)", 2, 0),
    ("offsetof(mp_obj_fun_builtin_fixed_t, fun)", 1, 0),
    ("offsetof(mp_obj_fun_builtin_var_t, fun)", 2, 0),
    ("offsetof(mp_buffer_info_t, len)", 1, 0),
    ("offsetof(mp_obj_fun_bc_t, context)", 1, 0),
    ("offsetof(mp_module_context_t, module.globals)", 1, 0),
    ("offsetof(mp_raw_code_truncated_t, kind)", 0, 2),
    ("offsetof(mp_raw_code_truncated_t, fun_data)", 1, 0),
    ("offsetof(mp_raw_code_truncated_t, children)", 2, 0),
)
NUMBERS = {
    "MP_OBJ_FUN_MAKE_SIG(1, 3, 0)": 1 << 17 | 3 << 1,
    "(uintptr_t)MP_OBJ_NEW_SMALL_INT(21)": 43,
    "(uintptr_t)MP_OBJ_SENTINEL": 4,
    "MP_BUFFER_RW | MP_BUFFER_RAISE_IF_UNSUPPORTED": 7,
    "MP_NATIVE_TYPE_INT": 2,
    "MP_NATIVE_TYPE_UINT": 3,
    "MP_NATIVE_TYPE_BOOL": 1,
    "MP_NATIVE_TYPE_QSTR": 8,
    "MP_TYPE_FLAG_NONE": 0,
}


def check_abi(compiler: list[str], headers: Path, folder: Path) -> None:
    """Compile assertions of the layout against the headers in a folder."""
    entries = (f"offsetof(mp_fun_table_t, {name}) == {i} * sizeof(void *)" for name, i in ENTRIES.items())
    layout = (f"{what} == {words} * sizeof(void *) + {more}" for what, words, more in LAYOUT)
    numbers = (f"({what}) == {number}" for what, number in NUMBERS.items())
    text = '#include "py/dynruntime.h"\n'
    text += "".join(f'_Static_assert({c}, "{c}");\n' for c in (*entries, *layout, *numbers))
    (folder / "abi_check.c").write_text(text)
    (folder / "names.h").write_text(config_header(names_in([(headers / "py" / "dynruntime.h").read_text()])))
    theirs = [
        "-Dmp_off_t=uintptr_t",
        "-DNO_QSTR",
        "-DMICROPY_ENABLE_DYNRUNTIME",
        "-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_FLOAT",
    ]
    includes = [f"-I{folder}", f"-I{headers}", "-idirafter", str(FREESTANDING), '-DMP_CONFIGFILE="names.h"']
    command = [*compiler, "-std=gnu11", "-fpic", "-fsyntax-only", *theirs, *includes, str(folder / "abi_check.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
