"""The .mpy container, written and read back; fields of relocations against the assemblers' own."""

import random
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.errors import InputError
from depthwise.host.build.mpy.abi import BSS, FUN_TABLE_ENTRY, QSTR_TABLE, RODATA, TEXT
from depthwise.host.build.mpy.build_module import Sources, build_module, link_files
from depthwise.host.build.mpy.linker_values import Fixup, Image
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS, NativeArch
from depthwise.host.build.mpy.qstrs import config_header, names_in
from depthwise.host.build.mpy.read_mpy import read_module
from depthwise.host.build.mpy.write_mpy import vuint, write_module
from tests.support.mpy_sample import build_sample

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


@pytest.mark.parametrize("arch", ["x64", "armv7emsp", "rv32imc"])
def test_a_truncated_module_ends_in_one_clear_error(arch: str, tmp_path: Path) -> None:
    data = build_sample(arch, tmp_path).path.read_bytes()
    for end in range(0, len(data), 7):
        with pytest.raises(InputError, match=r"cut\.mpy is damaged"):
            read_module(data[:end], "cut.mpy")
    with pytest.raises(InputError, match="1 bytes follow its end"):
        read_module(data + b"\0", "long.mpy")


def test_damaged_modules_never_end_in_a_traceback(tmp_path: Path) -> None:
    data = build_sample("armv7m", tmp_path).path.read_bytes()
    generator = random.Random(7)
    for _ in range(3000):
        damaged = bytearray(data)
        for _ in range(generator.randint(1, 4)):
            damaged[generator.choice((generator.randrange(300), generator.randrange(len(data))))] = generator.randrange(
                256
            )
        with suppress(InputError):
            read_module(bytes(damaged), "damaged.mpy")


def test_bytecode_and_other_files_are_refused() -> None:
    with pytest.raises(InputError, match="holds bytecode"):
        read_module(bytes((0x4D, 6, 0, 31, 1, 0, 2, 0x78, 0, 8 << 3, *range(8))), "code.mpy")
    with pytest.raises(InputError, match=r"no \.mpy file: it begins with byte 0x7f"):
        read_module(b"\x7fELF", "net.o")


def test_a_modules_facts_are_plain_data(tmp_path: Path) -> None:
    built = build_sample("armv7emsp", tmp_path)
    facts = read_module(built.path.read_bytes(), "sample.mpy").as_json()
    assert (facts["arch"], facts["version"], facts["sub_version"]) == ("armv7emsp", 6, 3)
    assert facts["heap_bytes"] == built.text_bytes + built.bss_bytes
    assert facts["uses"][:2] == ["text", "bss"]
    assert "mp_fun_table[82]" not in facts["uses"]  # the type of exceptions is reached by name
    assert built.as_json()["names"] == built.names


def test_names_are_the_table_of_the_module_in_order() -> None:
    names = names_in(["f(MP_QSTR_b); g(MP_QSTR_a)", "MP_QSTR___init__ + MP_QSTR_a"])
    assert names == ("__init__", "a", "b")
    assert "#define MP_QSTR_b (mp_native_qstr_table[3])" in config_header(names)


def test_what_nobody_calls_stays_out_of_the_module(tmp_path: Path) -> None:
    """unused.c has an initial value and an undefined name, and makes the sample no longer."""
    built = build_sample("armv7m", tmp_path)
    objects = sorted(path for path in (tmp_path / "armv7m").glob("*.o") if "unused" not in path.name)
    assert len(link_files(objects, NATIVE_ARCHS["armv7m"]).text) == built.text_bytes


def test_the_same_sources_give_the_same_bytes_in_any_folder(tmp_path: Path) -> None:
    first, second = (build_sample("rv32imc", tmp_path / name).path.read_bytes() for name in ("a", "b"))
    assert first == second


BRANCHES = {
    "armv6m": {"bl": 100_000, "b": 1000},
    "armv7m": {"bl": 100_000, "b.w": 100_000, "bne.w": 500_000},
    "rv32imc": {"jal ra,": 100_000, "beq a0, a1,": 2000, "c.j": 1000, "c.beqz a0,": 120, "call": 100_000},
    "xtensa": {"call0": 100_000, "j": 60_000},
}
DISASSEMBLE = {
    "armv6m": ("-marm", "-Mforce-thumb"),
    "armv7m": ("-marm", "-Mforce-thumb"),
    "rv32imc": ("-mriscv:rv32",),
    "xtensa": ("-mxtensa",),
}
BRANCHING = """
    .global mpy_init, after
    .section .text.mpy_init, "ax"
    .align 2
    {function}
mpy_init:
first: {branch} {after}
    .align 2
    {section}
    .space {gap}
    .align 2
    {function}
after:
last: {branch} {back}
    .align 2
"""
# The assembler turns a conditional branch to another section into two instructions: these stay in one.
APART = {"after": "after", "back": "mpy_init", "section": '.section .text.fill, "ax"'}
NEAR = ("beq a0, a1,", "c.beqz a0,")


@pytest.mark.parametrize(("arch", "branch"), [(arch, branch) for arch, found in BRANCHES.items() for branch in found])
def test_branches_go_where_the_disassembler_sees_them_go(arch: str, branch: str, tmp_path: Path) -> None:
    """Each kind of branch to another section, forwards and backwards, near and far."""
    known, target = NATIVE_ARCHS[arch], tmp_path / "far.o"
    thumb, start = arch.startswith("arm"), 4 if arch == "xtensa" else 0
    head = ".syntax unified\n.thumb" if thumb else ".option norelax" if arch == "rv32imc" else ""
    for gap in (4, BRANCHES[arch][branch]):
        names = {"after": "last", "back": "first", "section": ""} if branch in NEAR else APART
        text = head + BRANCHING.format(branch=branch, gap=gap, function=".thumb_func" if thumb else "", **names)
        command = [known.compiler, *known.flags, "-xassembler", "-", "-c", "-o", str(target)]
        subprocess.run(command, input=text, check=True, text=True)
        image = link_files([target], known)
        (tmp_path / "text.bin").write_bytes(image.text)
        after = len(image.text) - (8 if branch == "call" else 4)
        assert destination(known, tmp_path / "text.bin", start) == after
        assert destination(known, tmp_path / "text.bin", after) == start


def destination(arch: NativeArch, path: Path, at: int) -> int:
    """Address that the branch at an address of a file of code goes to."""
    command = [
        f"{arch.prefix}objdump",
        "-b",
        "binary",
        *DISASSEMBLE[arch.name],
        "-D",
        f"--start-address={at}",
        str(path),
    ]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    branch = next(line for line in listing.splitlines() if re.search(r"\t[bcj]\S*\t.*0x", line))
    return int(branch.rpartition("0x")[2], 16)


def test_words_that_a_name_needs_are_counted_in_the_module(tmp_path: Path) -> None:
    source = tmp_path / "m.c"
    source.write_text(
        '#include "py/dynruntime.h"\nmp_obj_t mpy_init(mp_obj_fun_bc_t *self, size_t n, size_t k, mp_obj_t *a)\n'
        "{\n    (void)n, (void)k, (void)a;\n    MP_DYNRUNTIME_INIT_ENTRY\n"
        "    mp_store_global(MP_QSTR_answer, MP_OBJ_NEW_SMALL_INT(42));\n    MP_DYNRUNTIME_INIT_EXIT\n}\n"
    )
    built = build_module(Sources("m", (source,)), NATIVE_ARCHS["armv7m"], tmp_path)
    module = read_module(built.path.read_bytes(), "m.mpy")
    assert "answer" in module.names
    assert [f.destination for f in module.fixups].count(QSTR_TABLE) == 1


@pytest.mark.parametrize("arch", ["x64", "armv6m", "armv7m", "rv32imc", "xtensa"])
def test_a_pointer_to_the_first_variable_keeps_all_of_them_from_the_collector(arch: str, tmp_path: Path) -> None:
    """MicroPython's collector follows no pointer into the middle of a block."""
    source = tmp_path / "m.c"
    source.write_text(
        "int far[100];\nint *const middle[] = {&far[50], &far[60]};\n"
        "int mpy_init(int n);\nint mpy_init(int n) { return *middle[n]; }\n"
    )
    built = build_module(Sources("m", (source,), flags=("-Os",)), NATIVE_ARCHS[arch], tmp_path)
    module, word = read_module(built.path.read_bytes(), "m.mpy"), NATIVE_ARCHS[arch].word
    words = [int.from_bytes(module.text[i : i + word], "little") for i in range(0, len(module.text), word)]
    assert sorted(words[f.word] for f in module.fixups if f.destination == BSS) == [0, 200, 240]
