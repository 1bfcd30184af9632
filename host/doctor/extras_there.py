"""Optional parts of the installation: the modules that each extra brings."""

from collections.abc import Iterator
from typing import Final

from .finding import Finding, FoundState, ThisMachine

# Extra: what it is for, and its modules; pyproject.toml has their versions.
EXTRAS: Final = {
    "build": ("build for ARM and RISC-V boards without their gcc, and the playground of a report", ("ziglang",)),
    "desktop": ("verify --desktop", ("ai_edge_litert",)),
    "flash": ("flash: ESP32, and STM32 by their boot loader", ("esptool", "stm32loader")),
    "images": ("quantize --data with a folder of images", ("PIL",)),
    "micropython": ("MicroPython: build, flash and verify modules", ("mpremote", "elftools")),
    "report": ("report", ("matplotlib",)),
    "train": ("train, and reading .keras files", ("tensorflow", "h5py", "sklearn", "PIL")),
}


def extras(machine: ThisMachine) -> Iterator[Finding]:
    """Whether every module of each extra can be imported; none is."""
    for name, (needed_for, modules) in EXTRAS.items():
        missing = [module for module in modules if not machine.importable(module)]
        yield Finding(
            group="extra",
            name=name,
            state=FoundState.OPTIONAL if missing else FoundState.WELL,
            detail=f"without {', '.join(missing)}" if missing else "",
            needed_for=needed_for,
            mend=f"pip install 'depthwise[{name}]'" if missing else "",
        )
