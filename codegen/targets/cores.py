"""The processor cores that code is generated for: which kernels they get, and how the compiler is called."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Final

from depthwise.codegen.errors import InputError
from depthwise.codegen.kernels import armv7m, dsp, general, mac16, mve, plain
from depthwise.codegen.kernels.flash import AT_ONCE, Flash
from depthwise.codegen.kernels.instruction_rates import InstructionRates
from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.rates_rv32 import RV32
from depthwise.codegen.kernels.rates_xtensa import XTENSA

# Families in the order in which a core prefers them. Armv6-M has few registers and no MLA.
PORTABLE: Final = (plain.FOURS, general.FAMILY)
ARMV6_M: Final = (plain.ROWS, general.FAMILY)
ARMV7_M: Final = (armv7m.FAMILY, *PORTABLE)
DSP: Final = (dsp.FAMILY, armv7m.STRIPS, *PORTABLE)
HELIUM: Final = (mve.FAMILY, *PORTABLE)
# The ESP32 (LX6) and ESP32-S3 (LX7) have it, the ESP32-S2 (LX7) has not and gets the twins in C.
MAC16: Final = (mac16.FAMILY, *PORTABLE)


@dataclass(frozen=True, slots=True)
class Core:
    """A core: its name in board descriptions, the families of kernels it has, compiler flags of the project.

    `flash` is what it reads code and constants from. `toolchain` and `cpu_flags` are those of a
    library for any board with the core. With `vectors` the compiler aligns arrays to 8 bytes. `predicted`: instructions
    take the cycles that the kernels' events were counted in. `instructions` are what its kernels were counted to take,
    on a core without cycles.
    """

    name: str
    families: tuple[Family, ...]
    _: KW_ONLY
    flash: Flash = AT_ONCE
    flags: str = "-O2"
    vectors: bool = False
    predicted: bool = False
    instructions: Mapping[str, InstructionRates] = field(default_factory=dict)
    toolchain: str = ""
    cpu_flags: tuple[str, ...] = ()


def _cortex(name: str, families: tuple[Family, ...], *, vectors: bool = False, predicted: bool = False) -> Core:
    made = Core(name, families, vectors=vectors, predicted=predicted)
    return replace(made, toolchain="arm-none-eabi-", cpu_flags=(f"-mcpu={name}", "-mthumb"))


CORES: Final = {
    core.name: core
    for core in (
        Core("host", PORTABLE),
        _cortex("cortex-m0", ARMV6_M),
        _cortex("cortex-m0plus", ARMV6_M),
        _cortex("cortex-m3", ARMV7_M),
        _cortex("cortex-m4", DSP, predicted=True),
        _cortex("cortex-m7", DSP),
        _cortex("cortex-m33", DSP),
        _cortex("cortex-m55", HELIUM, vectors=True),
        Core(
            "rv32imc",
            PORTABLE,
            instructions=RV32,
            toolchain="riscv64-unknown-elf-",
            cpu_flags=("-march=rv32imc", "-mabi=ilp32"),
        ),
        Core("xtensa-lx106", PORTABLE, toolchain="xtensa-lx106-elf-"),
        Core("xtensa-lx6", MAC16, instructions=XTENSA, toolchain="xtensa-esp32-elf-"),
        Core("xtensa-lx7", MAC16, instructions=XTENSA, toolchain="xtensa-esp32s3-elf-"),
    )
}
PREDICTED: Final = tuple(core.name for core in CORES.values() if core.predicted)
COUNTED: Final = tuple(core.name for core in CORES.values() if core.instructions)
PLAIN: Final = CORES["host"]


def behind(chosen: Core, flash: Flash) -> Core:
    """A core with its flash, and the kernels for that."""
    families = tuple(dsp.for_flash(flash) if family.name == dsp.FAMILY.name else family for family in chosen.families)
    return replace(chosen, families=families, flash=flash)


def core(name: str) -> Core:
    """Core of a name; InputError lists the known ones."""
    if name not in CORES:
        raise InputError(f"no core is called {name!r}", f"take one of {', '.join(CORES)}")
    return CORES[name]
