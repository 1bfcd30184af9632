"""The architectures native modules are built for: number in the header, compiler, flags and relocations."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
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

    `flags` are the compiler's beside COMMON. The loader keeps `alignment` of a block at most, `code_alignment` of that
    with the code. Constants lie behind the code in its block, but for `separate_rodata`: where memory for code cannot
    be read by bytes.
    """

    name: str
    number: int
    word: int
    machine: Machine
    _: KW_ONLY
    prefix: str
    flags: tuple[str, ...]
    alignment: int = 8
    code_alignment: int = 8
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

_X64: Final = ("-m64", "-fcf-protection=none")
_FPU: Final = ("-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard")
_RV32: Final = ("-march=rv32imc", "-mabi=ilp32", "-mno-relax", "-msmall-data-limit=0")


def _arm(name: str, number: int, *flags: str) -> NativeArch:
    return NativeArch(name, number, 4, ARM, prefix="arm-none-eabi-", flags=("-mthumb", *flags))


NATIVE_ARCHS: Final = {
    a.name: a
    for a in (
        NativeArch("x64", 2, 8, X64, prefix="", flags=_X64, alignment=32, code_alignment=32),
        # Jump tables of 16-bit Thumb code need functions of libgcc.
        _arm("armv6m", 4, "-mcpu=cortex-m0", "-fno-jump-tables"),
        _arm("armv7m", 5, "-mcpu=cortex-m3"),
        _arm("armv7emsp", 7, *_FPU),
        NativeArch("xtensa", 9, 4, XTENSA, prefix="xtensa-lx106-elf-", flags=("-mforce-l32",)),
        NativeArch(
            "xtensawin",
            10,
            4,
            XTENSA,
            prefix="xtensa-esp32-elf-",
            flags=(),
            code_alignment=4,
            separate_rodata=True,
        ),
        NativeArch(
            "rv32imc",
            11,
            4,
            RISCV,
            prefix="riscv64-unknown-elf-",
            flags=_RV32,
        ),
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
