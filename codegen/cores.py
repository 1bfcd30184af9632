"""The processor cores that code is generated for: which kernels they get, and how the compiler is called."""

from dataclasses import dataclass
from typing import Final

from .errors import InputError


@dataclass(frozen=True, slots=True)
class Core:
    """A core: its name in board descriptions, compiler flags of the project, and which extensions kernels use.

    `dsp` is the DSP extension of Cortex-M4, M7 and M33, `mve` the integer part of Helium; with the latter the compiler
    aligns arrays to 8 bytes.
    """

    name: str
    flags: str
    dsp: bool = False
    mve: bool = False


CORES: Final = {
    core.name: core
    for core in (
        Core("host", "-O2"),
        Core("cortex-m0", "-O2"),
        Core("cortex-m0plus", "-O2"),
        Core("cortex-m3", "-O2"),
        Core("cortex-m4", "-O2", dsp=True),
        Core("cortex-m7", "-O2", dsp=True),
        Core("cortex-m33", "-O2", dsp=True),
        Core("cortex-m55", "-O2", mve=True),
        Core("rv32imc", "-O2"),
        Core("xtensa-lx6", "-O2"),
        Core("xtensa-lx7", "-O2"),
    )
}
PLAIN: Final = CORES["host"]


def core(name: str) -> Core:
    """Core of a name; InputError lists the known ones."""
    if name not in CORES:
        raise InputError(f"no core is called {name!r}", f"take one of {', '.join(CORES)}")
    return CORES[name]
