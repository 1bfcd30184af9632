"""The architectures native modules are built for: number in the header, compiler, flags and relocations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import InputError

from .relocate_arm import ARM
from .relocate_riscv import RISCV
from .relocate_x64 import X64
from .relocate_xtensa import XTENSA
from .rules import Machine


@dataclass(frozen=True, slots=True)
class NativeArch:
    """An architecture by MicroPython's name. `number` is its native architecture number (py/persistentcode.h).

    `flags` are the compiler's beside COMMON. The loader keeps `alignment` of a block at most. Constants lie behind the
    code in its block, but for `separate_rodata`: where memory for code cannot be read by bytes.
    """

    name: str
    number: int
    word: int
    machine: Machine
    prefix: str
    package: str
    flags: tuple[str, ...]
    alignment: int = 8
    separate_rodata: bool = False

    @property
    def compiler(self) -> str:
        """Name of the C compiler's program."""
        return f"{self.prefix}gcc"


# Every function and variable in a section of its own, global ones reached by the GOT, nothing of the host's C library.
COMMON: Final = (
    *("-fpic", "-fno-common", "-ffunction-sections", "-fdata-sections"),
    *("-ffreestanding", "-fbuiltin", "-U_FORTIFY_SOURCE"),
    *("-fno-asynchronous-unwind-tables", "-fno-stack-protector"),
)

_ARM: Final = ("arm-none-eabi-", "gcc-arm-none-eabi libnewlib-arm-none-eabi")
_FPU: Final = ("-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard")
_RV32: Final = ("-march=rv32imc", "-mabi=ilp32", "-mno-relax", "-msmall-data-limit=0")

NATIVE_ARCHS: Final = {
    a.name: a
    for a in (
        NativeArch("x64", 2, 8, X64, "", "gcc binutils", ("-m64", "-fcf-protection=none"), alignment=32),
        # Jump tables of 16-bit Thumb code need functions of libgcc.
        NativeArch("armv6m", 4, 4, ARM, *_ARM, ("-mthumb", "-mcpu=cortex-m0", "-fno-jump-tables")),
        NativeArch("armv7m", 5, 4, ARM, *_ARM, ("-mthumb", "-mcpu=cortex-m3")),
        NativeArch("armv7emsp", 7, 4, ARM, *_ARM, ("-mthumb", *_FPU)),
        NativeArch("xtensa", 9, 4, XTENSA, "xtensa-lx106-elf-", "gcc-xtensa-lx106", ("-mforce-l32",)),
        NativeArch("xtensawin", 10, 4, XTENSA, "xtensa-esp32-elf-", "", (), separate_rodata=True),
        NativeArch("rv32imc", 11, 4, RISCV, "riscv64-unknown-elf-", "gcc-riscv64-unknown-elf", _RV32),
    )
}


def arch_named(name: str) -> NativeArch:
    """Architecture of a name; InputError lists those there are."""
    if name not in NATIVE_ARCHS:
        raise InputError(f"no architecture of native modules is called {name!r}", f"there are {_listed(NATIVE_ARCHS)}")
    return NATIVE_ARCHS[name]


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"
