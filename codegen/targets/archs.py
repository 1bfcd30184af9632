"""The architectures of native MicroPython modules: which core's kernels each gets."""

import difflib
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import InputError


@dataclass(frozen=True, slots=True)
class Arch:
    """An architecture as MicroPython calls it (ARCH), the core whose kernels its modules use, and who has it."""

    name: str
    core: str
    about: str


ARCHS: Final = {
    arch.name: arch
    for arch in (
        Arch("armv6m", "cortex-m0plus", "RP2040, STM32 with Cortex-M0+"),
        Arch("armv7m", "cortex-m3", "Cortex-M3"),
        Arch("armv7emsp", "cortex-m4", "Cortex-M4, M7 and M33 with floats: STM32F4, F7, H7, nRF52, RP2350"),
        Arch("xtensa", "xtensa-lx106", "ESP8266"),
        Arch("xtensawin", "xtensa-lx6", "ESP32, ESP32-S2, ESP32-S3"),
        Arch("rv32imc", "rv32imc", "ESP32-C3, ESP32-C6"),
        Arch("x64", "host", "the unix port on x86-64"),
    )
}
# Architecture of the firmware that MicroPython has for boards with a core.
_OF_CORES: Final = {
    "cortex-m0": "armv6m",
    "cortex-m7": "armv7emsp",
    "cortex-m33": "armv7emsp",
    "cortex-m55": "armv7emsp",
    "xtensa-lx7": "xtensawin",
    **{arch.core: arch.name for arch in ARCHS.values()},
}


def arch(name: str) -> Arch:
    """Architecture of a name; InputError names the nearest known ones."""
    if name not in ARCHS:
        near = difflib.get_close_matches(name, ARCHS, n=3, cutoff=0.4) or sorted(ARCHS)
        raise InputError(f"no MicroPython architecture is called {name!r}", f"did you mean {' or '.join(near)}?")
    return ARCHS[name]


def check_arch(chosen: Arch, board: str, core: str) -> None:
    """Raise InputError if MicroPython on a board with a core does not load modules of an architecture.

    Of Arm's it loads those below its own too.
    """
    usual = arch_of_core(core)
    arms = [name for name in ARCHS if name.startswith("armv")]
    below = arms[: arms.index(usual.name)] if usual.name in arms else []
    if chosen.name not in (usual.name, *below):
        raise InputError(
            f"{board} has a {core}: MicroPython loads modules for {usual.name} there, not for {chosen.name}",
            "leave --arch away, or the board",
        )


def arch_of_core(core: str) -> Arch:
    """Architecture of MicroPython's firmware for boards with a core."""
    return ARCHS[_OF_CORES[core]]
