"""Toolchains by their prefix: how each is installed, and what ziglang is called with where one is missing."""

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
    """Commands that take the arguments of a toolchain's gcc, objcopy and ar."""

    gcc: tuple[str, ...]
    objcopy: tuple[str, ...]
    ar: tuple[str, ...]


def install_of(prefix: str) -> str:
    """What brings a toolchain, or what stands in for it, to this machine."""
    return f"{INSTALL[prefix]}, or {EXTRA}" if prefix in STOOD_IN else INSTALL[prefix]


def stand_in(
    prefix: str,
    which: Callable[[str], str | None] = shutil.which,
    has_module: Callable[[str], bool] = importable,
) -> StandIn | None:
    """What compiles instead of a toolchain's gcc; None where that is on PATH, or nothing can stand in for it."""
    if prefix not in STOOD_IN or which(f"{prefix}gcc") is not None or not has_module(ZIG):
        return None
    ours = (sys.executable, str(SCRIPT))
    return StandIn(ours, ours, (sys.executable, "-m", ZIG, "ar"))
