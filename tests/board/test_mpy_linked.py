"""Modules linked for every architecture: fields of relocations against the assemblers' own, damaged files."""

import random
import re
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from depthwise.codegen.errors import InputError
from depthwise.host.build.mpy.abi import BSS, QSTR_TABLE
from depthwise.host.build.mpy.build_module import Sources, build_module, link_files
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS, NativeArch
from depthwise.host.build.mpy.read_mpy import read_module
from tests.support.mpy_sample import build_sample


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


def test_a_modules_facts_are_plain_data(tmp_path: Path) -> None:
    built = build_sample("armv7emsp", tmp_path)
    facts = read_module(built.path.read_bytes(), "sample.mpy").as_json()
    assert (facts["arch"], facts["version"], facts["sub_version"]) == ("armv7emsp", 6, 3)
    assert facts["heap_bytes"] == built.text_bytes + built.bss_bytes
    assert facts["uses"][:2] == ["text", "bss"]
    assert "mp_fun_table[82]" not in facts["uses"]  # the type of exceptions is reached by name
    assert built.as_json()["names"] == built.names


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
