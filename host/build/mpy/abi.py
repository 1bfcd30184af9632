"""Numbers of MicroPython's native modules: what the loader's relocations can point to, and the container's flags.

Sources, in MicroPython's tree: py/persistentcode.[ch] (container, relocations), py/nativeglue.h (mp_fun_table),
py/emitglue.h (kinds of code), py/runtime0.h (scope flags), docs/reference/mpyfiles.rst (versions).
"""

from typing import Final

VERSION: Final = 6
SUB_VERSION: Final = 3
SMALL_INT_BITS: Final = 31  # what every 32-bit firmware has; a loader asks for at least as many as the file says

KIND_VIPER: Final = 2  # MP_CODE_NATIVE_VIPER - MP_CODE_BYTECODE, in the lowest two bits of a raw code's length
FLAG_RELOCATIONS: Final = 0x10
FLAG_RODATA: Final = 0x20
FLAG_BSS: Final = 0x40
ARCH_FLAGS: Final = 0x40  # in the header's third byte: a vuint with extensions of the architecture follows

# What a relocation adds to a word: the address of a block, of a table, or an entry of mp_fun_table.
TEXT: Final = 0
RODATA: Final = 1
BSS: Final = 2
QSTR_TABLE: Final = 6
OBJ_TABLE: Final = 7
FUN_TABLE: Final = 8
FUN_TABLE_ENTRY: Final = 9
FUN_TABLE_LENGTH: Final = 87

END_OF_RELOCATIONS: Final = 0xFF

TYPE_NAMES: Final = (
    *("mp_type_type", "mp_type_str", "mp_type_list", "mp_type_dict", "mp_type_fun_builtin_0", "mp_type_fun_builtin_1"),
    *("mp_type_fun_builtin_2", "mp_type_fun_builtin_3", "mp_type_fun_builtin_var", "mp_type_Exception"),
    *("mp_stream_read_obj", "mp_stream_readinto_obj", "mp_stream_unbuffered_readline_obj", "mp_stream_write_obj"),
)
FUNCTIONS: Final = {"memset": 50, "memmove": 51, "memcpy": 51}
DESTINATIONS: Final = {
    "mp_native_qstr_table": QSTR_TABLE,
    "mp_native_obj_table": OBJ_TABLE,
    "mp_fun_table": FUN_TABLE,
    **{name: FUN_TABLE_ENTRY + entry for name, entry in FUNCTIONS.items()},
    **{name: FUN_TABLE_ENTRY + 73 + i for i, name in enumerate(TYPE_NAMES)},
}


def destination_name(destination: int) -> str:
    """What a relocation points to, for people."""
    blocks = {TEXT: "text", RODATA: "rodata", BSS: "bss", QSTR_TABLE: "qstr table", OBJ_TABLE: "object table"}
    if destination in blocks:
        return blocks[destination]
    return "mp_fun_table" if destination == FUN_TABLE else f"mp_fun_table[{destination - FUN_TABLE_ENTRY}]"
