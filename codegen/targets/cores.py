"""The processor cores that code is generated for: which kernels they get, and how the compiler is called."""

from dataclasses import KW_ONLY, dataclass
from typing import Final

from depthwise.codegen.errors import InputError


@dataclass(frozen=True, slots=True)
class Core:
    """A core: its name in board descriptions, compiler flags of the project, and which extensions kernels use.

    `toolchain` and `cpu_flags` are those of a library for any board with the core. `dsp` is the DSP extension of
    Cortex-M4, M7 and M33, `mve` the integer part of Helium; with the latter the compiler aligns arrays to 8 bytes.
    """

    name: str
    flags: str
    _: KW_ONLY
    dsp: bool = False
    mve: bool = False
    toolchain: str = ""
    cpu_flags: tuple[str, ...] = ()


def _cortex(name: str, *, dsp: bool = False, mve: bool = False) -> Core:
    return Core(name, "-O2", dsp=dsp, mve=mve, toolchain="arm-none-eabi-", cpu_flags=(f"-mcpu={name}", "-mthumb"))


CORES: Final = {
    core.name: core
    for core in (
        Core("host", "-O2"),
        _cortex("cortex-m0"),
        _cortex("cortex-m0plus"),
        _cortex("cortex-m3"),
        _cortex("cortex-m4", dsp=True),
        _cortex("cortex-m7", dsp=True),
        _cortex("cortex-m33", dsp=True),
        _cortex("cortex-m55", mve=True),
        Core("rv32imc", "-O2", toolchain="riscv64-unknown-elf-", cpu_flags=("-march=rv32imc", "-mabi=ilp32")),
        Core("xtensa-lx106", "-O2", toolchain="xtensa-lx106-elf-"),
        Core("xtensa-lx6", "-O2", toolchain="xtensa-esp32-elf-"),
        Core("xtensa-lx7", "-O2", toolchain="xtensa-esp32s3-elf-"),
    )
}
PLAIN: Final = CORES["host"]


def core(name: str) -> Core:
    """Core of a name; InputError lists the known ones."""
    if name not in CORES:
        raise InputError(f"no core is called {name!r}", f"take one of {', '.join(CORES)}")
    return CORES[name]
