"""Toolchains by their prefix: how each is installed, and what compiles where one is missing."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ZIG: Final = "ziglang"
EXTRA: Final = "pip install 'depthwise[build]'"
SCRIPT: Final = Path(__file__).resolve().parent / "zig_gcc.py"
# Toolchains that ziglang stands in for: it knows no Xtensa, and this machine's programs need its C library.
STOOD_IN: Final = ("arm-none-eabi-", "riscv64-unknown-elf-")
# Those that LLVM stands in for, by a script that takes gcc's arguments and calls these programs.
WINDOWED: Final = ("xtensa-esp32-elf-", "xtensa-esp32s3-elf-")
WINDOWED_SCRIPT: Final = Path(__file__).resolve().parents[2] / "firmware" / "boards" / "cores" / "xtensa-cc.sh"
LLVM: Final = ("clang-22", "llc-22", "llvm-mc-22")
LLVM_INSTALL: Final = "apt install clang-22 llvm-22"
INSTALL: Final = {
    "arm-none-eabi-": "apt install gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "riscv64-unknown-elf-": "apt install gcc-riscv64-unknown-elf",
    "xtensa-lx106-elf-": "apt install gcc-xtensa-lx106",
    "xtensa-esp32-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "xtensa-esp32s3-elf-": "install ESP-IDF and run `. $IDF_PATH/export.sh`",
    "": "apt install gcc binutils",
}


def importable(name: str) -> bool:
    """Tell whether this Python has a module."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


@dataclass(frozen=True, slots=True)
class StandIn:
    """Commands that take the arguments of a toolchain's gcc, objcopy and ar, and what they are known as."""

    name: str
    gcc: tuple[str, ...]
    objcopy: tuple[str, ...]
    ar: tuple[str, ...]


def install_of(prefix: str) -> str:
    """What brings a toolchain, or what stands in for it, to this machine."""
    others = {**dict.fromkeys(STOOD_IN, f", or {EXTRA}"), **dict.fromkeys(WINDOWED, f", or {LLVM_INSTALL}")}
    return f"{INSTALL[prefix]}{others.get(prefix, '')}"


def stand_in(
    prefix: str,
    which: Callable[[str], str | None] = shutil.which,
    has_module: Callable[[str], bool] = importable,
) -> StandIn | None:
    """What compiles instead of a toolchain's gcc; None where that is on PATH, or nothing can stand in for it."""
    if which(f"{prefix}gcc") is not None:
        return None
    if prefix in STOOD_IN and has_module(ZIG):
        ours = (sys.executable, str(SCRIPT))
        return StandIn(ZIG, ours, ours, (sys.executable, "-m", ZIG, "ar"))
    if prefix in WINDOWED and all(which(program) for program in LLVM):
        return StandIn(LLVM[0], ("sh", str(WINDOWED_SCRIPT)), ("llvm-objcopy-22",), ("llvm-ar-22",))
    return None
