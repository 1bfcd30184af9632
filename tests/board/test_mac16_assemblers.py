"""The assembly of MAC16, as GCC passes it on: LLVM's assembler and GNU's make the same of it."""

import re
import shutil
import subprocess
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.support.compiled import LIBRARY
from tests.support.compilers import NO_LIBC
from tests.support.esp_idf import XTENSA_HAS

GCC: Final = "xtensa-lx106-elf-gcc"
LLVM: Final = ("llvm-mc-22", "-triple=xtensa", "-mcpu=esp32", "-mattr=+mac16,+loop", "-filetype=obj")
PREFIXES: Final = ("xtensa-esp32-elf-", "xtensa-esp32s3-elf-")
HEADERS: Final = ("dw_mac16_dot.h", "dw_mac16_depthwise.h")
KINDS: Final = ("dots", "kept", "once", "depthwise", "fours")
NAMES: Final = {f"dw_mac16_{kind}_{form}" for kind in KINDS for form in ("scaled", "signed", "clamped")}
LOOPS: Final = 27
FUNCTION: Final = re.compile(r"^[0-9a-f]+ <(dw_mac16_\w+)>:$")
LINE: Final = re.compile(r"^\s*([0-9a-f]+):\t([0-9a-f]+)\s+(\S+)\s*(.*)$")
TARGET: Final = re.compile(r"([0-9a-f]+) <[^>]*>$")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction of a listing."""

    address: int
    code: str
    name: str
    operands: str


def text_for_assemblers(folder: Path) -> Path:
    """All functions, in the very words that GCC hands to its assembler."""
    if shutil.which(GCC) is None:
        pytest.skip(f"no {GCC} (apt install gcc-xtensa-lx106)")
    source, made = folder / "all.c", folder / "all.s"
    source.write_text("".join(f'#include "{header}"\n' for header in HEADERS))
    flags = ["-O2", "-ffreestanding", *LIBRARY, "-isystem", str(NO_LIBC)]
    subprocess.run([GCC, *XTENSA_HAS, *flags, "-S", str(source), "-o", str(made)], check=True)
    return made


def listing(objdump: str, command: list[str], text: Path) -> dict[str, list[Instruction]]:
    """Instructions of each function, as an assembler makes them."""
    made = text.with_suffix(".o")
    subprocess.run([*command, str(text), "-o", str(made)], check=True)
    run = subprocess.run([objdump, "-d", str(made)], check=True, capture_output=True, text=True)
    found: dict[str, list[Instruction]] = {}
    name = ""
    for line in run.stdout.splitlines():
        if begun := FUNCTION.match(line):
            name = begun[1]
        elif told := LINE.match(line):
            found.setdefault(name, []).append(Instruction(int(told[1], 16), told[2], told[3], told[4].strip()))
    return found


def meaning(function: list[Instruction]) -> list[str]:
    """Instructions whatever their length, without NOPs, with branches to the number of an instruction."""
    kept = [one for one in function if one.name not in ("nop", "nop.n")]
    starts = [one.address for one in kept]
    found = []
    for one in kept:
        target = TARGET.search(one.operands)
        operands = one.operands
        if target is not None:
            operands = f"{operands[: target.start()]}to {bisect_left(starts, int(target[1], 16))}"
        name = one.name.removesuffix(".n")
        words = operands.split(", ")
        if name == "or" and words[1:] == words[1:2] * 2:
            name, operands = "mov", ", ".join(words[:2])
        found.append(f"{name} {operands}")
    return found


def llvm(objdump: str, text: Path) -> dict[str, list[Instruction]]:
    """What LLVM's assembler makes."""
    for tool in (LLVM[0], objdump):
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool}")
    return listing(objdump, list(LLVM), text)


def bodies(folder: Path) -> dict[str, list[str]]:
    """Lines of each function."""
    text = text_for_assemblers(folder).read_text()
    found = re.finditer(r"^(dw_mac16_\w+):\n(.*?)^\s*\.popsection", text, re.MULTILINE | re.DOTALL)
    return {m[1]: [line.strip() for line in m[2].splitlines() if line.strip()] for m in found}


def test_no_function_aligns_within_itself(tmp_path: Path) -> None:
    """GNU's assembler filled the gap with zeros, an illegal instruction."""
    found = bodies(tmp_path)
    assert found.keys() == NAMES
    assert [line for lines in found.values() for line in lines if line.startswith(".")] == []


def test_loops_begin_at_multiples_of_four(tmp_path: Path) -> None:
    begins = []
    for lines in bodies(tmp_path).values():
        address = 0
        for name in (line.split()[0] for line in lines if not line.endswith(":")):
            address += 2 if name.endswith(".n") else 3
            begins += [address] if name == "loop" else []
    assert len(begins) == LOOPS
    assert [address for address in begins if address % 4] == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_gnu_and_llvm_make_the_same_instructions(prefix: str, tmp_path: Path) -> None:
    if shutil.which(f"{prefix}as") is None:
        pytest.skip(f"no {prefix}as (Espressif's toolchain)")
    text = text_for_assemblers(tmp_path)
    wanted = llvm(f"{prefix}objdump", text)
    got = listing(f"{prefix}objdump", [f"{prefix}as"], text)
    assert got.keys() == wanted.keys() == NAMES
    assert {name: meaning(got[name]) for name in NAMES} == {name: meaning(wanted[name]) for name in NAMES}
    assert listing(f"{prefix}objdump", [f"{prefix}as", "--no-transform"], text) == wanted
