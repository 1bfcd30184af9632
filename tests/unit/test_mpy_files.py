"""The .mpy container, written and read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.errors import InputError
from depthwise.host.build.mpy.abi import FUN_TABLE_ENTRY, QSTR_TABLE, RODATA, TEXT
from depthwise.host.build.mpy.linker_values import Fixup, Image
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS, NativeArch
from depthwise.host.build.mpy.qstrs import config_header, names_in
from depthwise.host.build.mpy.read_mpy import read_module
from depthwise.host.build.mpy.write_mpy import vuint, write_module

EMPTY = Image(b"", b"", 0, ())


def fixups() -> st.SearchStrategy[tuple[Fixup, ...]]:
    destinations = st.sampled_from((0, 0, 1, 2, 2, QSTR_TABLE, 7, 8, FUN_TABLE_ENTRY, FUN_TABLE_ENTRY + 86))
    return st.dictionaries(st.tuples(st.sampled_from((TEXT, RODATA)), st.integers(0, 40)), destinations).map(
        lambda found: tuple(Fixup(base, word, found[base, word]) for base, word in sorted(found))
    )


@given(
    st.binary(min_size=164, max_size=400),
    st.binary(min_size=164, max_size=400),
    st.integers(0, 1 << 20),
    fixups(),
    st.lists(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=200), max_size=5),
    st.sampled_from([a for a in NATIVE_ARCHS.values() if a.word == 4]),
)
def test_what_is_written_is_read_back(
    text: bytes, rodata: bytes, bss: int, found: tuple[Fixup, ...], names: list[str], arch: NativeArch
) -> None:
    module = read_module(write_module(Image(text, rodata, bss, found), arch, "net.mpy", names), "net.mpy")
    assert (module.version, module.sub_version, module.arch, module.small_int_bits) == (6, 3, arch.name, 31)
    assert (module.text, module.rodata, module.bss_bytes, module.fixups) == (text, rodata, bss, found)
    assert module.names == ("net.mpy", *names)


def test_the_bytes_are_those_of_micropythons_document() -> None:
    """docs/reference/mpyfiles.rst, and mp_native_relocate for the operations."""
    found = (Fixup(0, 1, 8), Fixup(0, 2, 2), Fixup(0, 3, 2), Fixup(0, 4, 60), Fixup(1, 0, 0))
    data = write_module(Image(bytes(20), b"abcd", 300, found), NATIVE_ARCHS["armv7m"], "m.mpy", ("run",))
    header = bytes((0x4D, 6, 5 << 2 | 3, 31, 2, 0)) + b"\x0am.mpy\0" + b"\x06run\0"
    code = bytes((0x81, 20 << 3 & 0x7F | 2)) + bytes(20) + bytes((0x70, 4, 0x82, 0x2C)) + b"abcd"
    # mp_fun_table at word 1; two words of bss; entry 51 of the table; text at word 0 of rodata
    operations = bytes((8 << 1 | 1, 1 << 1, (2 << 1 | 1) << 1, 2, 60 << 1, 0 << 1 | 1, 1, 0xFF))
    assert data == header + code + operations


@given(st.integers(0, 1 << 40))
def test_numbers_take_no_byte_too_many(value: int) -> None:
    assert len(vuint(value)) == max(1, -(-value.bit_length() // 7))


def test_a_name_that_every_firmware_has_is_read_as_its_number() -> None:
    spelled = write_module(EMPTY, NATIVE_ARCHS["x64"], "m.mpy", ("x",))
    assert read_module(spelled.replace(b"\x02x\0", vuint(95 << 1 | 1)), "m.mpy").names == ("m.mpy", 95)


def test_bytecode_and_other_files_are_refused() -> None:
    with pytest.raises(InputError, match="holds bytecode"):
        read_module(bytes((0x4D, 6, 0, 31, 1, 0, 2, 0x78, 0, 8 << 3, *range(8))), "code.mpy")
    with pytest.raises(InputError, match=r"no \.mpy file: it begins with byte 0x7f"):
        read_module(b"\x7fELF", "net.o")


def test_names_are_the_table_of_the_module_in_order() -> None:
    names = names_in(["f(MP_QSTR_b); g(MP_QSTR_a)", "MP_QSTR___init__ + MP_QSTR_a"])
    assert names == ("__init__", "a", "b")
    assert "#define MP_QSTR_b (mp_native_qstr_table[3])" in config_header(names)
