"""Compilers, emulators, build systems and flashing programs of this machine."""

from collections.abc import Iterator

from depthwise.codegen.targets.archs import ARCHS
from depthwise.codegen.targets.boards import Board, boards
from depthwise.codegen.targets.cores import core
from depthwise.host.compilers import WINDOWED, stand_in
from depthwise.host.emulate.qemu import QEMU_PACKAGES
from depthwise.host.flash.programs import INSTALL, PYTHON_PROGRAMS
from depthwise.host.kinds import BUILDERS, MAKE, BuildTool, behind, compiler

from .finding import Finding, FoundState, ThisMachine

SHOWN = 3


def compilers(machine: ThisMachine) -> Iterator[Finding]:
    """`make`, and the compiler of each toolchain that boards name, and what drivers call beside them."""
    known = [b for b in boards().values() if b.toolchain or b.project == "host"]
    yield _found(machine, "compiler", MAKE, "every project that make builds")
    for prefix in dict.fromkeys(b.toolchain for b in known):
        other = stand_in(prefix, machine.which, machine.importable)
        where = other.name if other else machine.which(f"{prefix}gcc")
        users = _named([b for b in known if b.toolchain == prefix])
        yield _of(where, "compiler", compiler(prefix), f"{users} ({other.name} stands in)" if other else users)
    for driven in (b for b in known if b.driver):
        for tool in behind(driven):
            yield _found(machine, "compiler", tool, f"{driven.name}, MicroPython modules of {_windowed()}")


def emulators(machine: ThisMachine) -> Iterator[Finding]:
    """QEMU for each system that boards name."""
    known = tuple(boards().values())
    for system in dict.fromkeys(b.emulator.system for b in known if b.emulator is not None):
        tool = BuildTool(system, f"apt install {QEMU_PACKAGES.get(system, system)}")
        users = [b for b in known if b.emulator is not None and b.emulator.system == system]
        yield _found(machine, "emulator", tool, f"verify --virtual: {_named(users)}")


def builders(machine: ThisMachine) -> Iterator[Finding]:
    """The program of each framework."""
    for kind, tool in BUILDERS.items():
        yield _found(machine, "framework", tool, f"projects of kind {kind.name}")


def flashers(machine: ThisMachine) -> Iterator[Finding]:
    """Programs that flash; those of Python may be modules of this Python."""
    for name, install in INSTALL.items():
        users = [b for b in boards().values() if name in dict(b.flashing)]
        inside = name in PYTHON_PROGRAMS and machine.importable(name)
        where = machine.which(name) or ("a module of this Python" if inside else None)
        yield _of(where, "flashing", BuildTool(name, install), f"flash --method {name}: {_named(users)}")


def _found(machine: ThisMachine, group: str, tool: BuildTool, needed_for: str) -> Finding:
    return _of(machine.which(tool.name), group, tool, needed_for)


def _of(where: str | None, group: str, tool: BuildTool, needed_for: str) -> Finding:
    state, mend = (FoundState.OPTIONAL, tool.install) if where is None else (FoundState.WELL, "")
    return Finding(group=group, name=tool.name, state=state, detail=where or "", needed_for=needed_for, mend=mend)


def _windowed() -> str:
    """Architectures of modules that LLVM compiles where Espressif's gcc is missing."""
    return ", ".join(a.name for a in ARCHS.values() if core(a.core).toolchain in WINDOWED)


def _named(users: list[Board]) -> str:
    names = [b.name for b in users]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
