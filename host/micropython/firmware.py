"""Which MicroPython a board runs, which native modules that loads, and which of those that are built it gets."""

from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from shlex import quote
from typing import Final

from depthwise.codegen.errors import LinkError, ProjectError
from depthwise.codegen.targets.archs import ARCHS as EXPORTED
from depthwise.host.build.mpy.native_archs import NATIVE_ARCHS
from depthwise.host.build.mpy.read_mpy import NativeModule, read_module
from depthwise.host.project import Project, open_project

from .repl_board import ReplBoard

# Names by number (py/persistentcode.h); firmware without native code has number 0.
NAMES: Final = (
    *("", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp"),
    *("xtensa", "xtensawin", "rv32imc", "rv64imc"),
)
# A core without what modules of xtensawin are compiled for (docs/reference/mac16.md).
LESSER: Final = "ESP32S2"
THUMB: Final = range(NAMES.index("armv6m"), NAMES.index("armv7emdp") + 1)
WHO: Final = """import sys
i=sys.implementation
v='.'.join(str(n) for n in i.version[:3])
print('%s|%s|%d|%s'%(i.name,v,getattr(i,'_mpy',0),getattr(i,'_machine','')))"""
# Without a path only modules of the firmware are found; ours tell their model, if there is memory to make one.
BUILT_IN: Final = """import sys
p=sys.path[:]
sys.path.clear()
try:
 import {name} as m
 try:
  print(m.Model(None,None,False).model_sha256)
 except MemoryError:
  print('ours')
 except Exception:
  print('other')
except ImportError:
 print('no')
sys.path.extend(p)"""


@dataclass(frozen=True, slots=True)
class Firmware:
    """MicroPython on a board; `number` is that of its native architecture."""

    name: str
    version: str
    machine: str
    _: KW_ONLY
    mpy_version: int
    mpy_sub_version: int
    number: int

    @property
    def arch(self) -> str:
        """Its native architecture by name, empty if it loads no native modules."""
        return NAMES[self.number] if self.number < len(NAMES) else f"number {self.number}"

    @property
    def loads(self) -> str:
        """What it loads, in words."""
        version = f".mpy {self.mpy_version}.{self.mpy_sub_version}"
        if self._is_lesser:
            return f"{version} of {self.arch}, without the MAC16 and loops of an ESP32"
        return f"{version} of {self.arch}" if self.arch else f"{version} without native code"

    @property
    def _is_lesser(self) -> bool:
        return LESSER in self.machine.upper().replace("-", "")

    def takes(self, module: NativeModule) -> bool:
        """Tell whether it loads a module: the same version, and an architecture whose code it runs."""
        versions = (module.version, module.sub_version) == (self.mpy_version, self.mpy_sub_version)
        return versions and module.arch in NATIVE_ARCHS and self._runs(NATIVE_ARCHS[module.arch].number)

    def _runs(self, number: int) -> bool:
        if self._is_lesser:
            return False
        return number == self.number or (number in THUMB and self.number in THUMB and number < self.number)

    @property
    def wanted(self) -> str:
        """The best architecture to build for it, empty if there is none."""
        return max(
            (n for n in EXPORTED if self._runs(NATIVE_ARCHS[n].number)),
            key=lambda n: NATIVE_ARCHS[n].number,
            default="",
        )


@dataclass(frozen=True, slots=True)
class ModuleForBoard:
    """A built module, the weights beside it, and the project with its sources."""

    project: Project
    path: Path
    weights: Path
    native: NativeModule


def firmware_of(board: ReplBoard) -> Firmware:
    """Ask a board what it runs. Raises LinkError if the answer is none."""
    answer = board.run(WHO)
    try:
        name, version, number, machine = answer.split("|", 3)
        code = int(number)
    except ValueError:
        raise LinkError(
            f"the board at {board.port} says {answer!r} of itself", "press reset and run it again"
        ) from None
    return Firmware(
        name, version, machine, mpy_version=code & 0xFF, mpy_sub_version=code >> 8 & 3, number=code >> 10 & 0xF
    )


def built_in(board: ReplBoard, name: str) -> str | None:
    """SHA-256 of the model whose module is a part of the firmware, empty if it cannot be told; None: there is none.

    Raises ProjectError if the firmware has a module of this name that is MicroPython's own: it would be found first.
    """
    answer = board.run(BUILT_IN.format(name=name))
    if answer == "other":
        raise ProjectError(
            f"MicroPython on the board at {board.port} has a module {name} of its own, which would be found first",
            "export the network with another --name",
        )
    return {"no": None, "ours": ""}.get(answer, answer)


def pick(project: Project, firmware: Firmware) -> ModuleForBoard:
    """The best of the project's modules for a board. Raises ProjectError, with both names, if none is for it."""
    name = str(project.manifest["name"])
    paths = sorted((project.folder / "build").glob(f"*/{name}.mpy"))
    if not paths:
        arch = f" --arch {firmware.wanted}" if firmware.wanted not in ("", project.manifest["arch"]) else ""
        raise ProjectError(
            f"{project.folder} is not built: there is no build/*/{name}.mpy",
            f"run `depthwise build {quote(str(project.folder))}{arch}`",
        )
    modules = [(path, read_module(path.read_bytes(), str(path))) for path in paths]
    fitting = [(path, native) for path, native in modules if firmware.takes(native)]
    if not fitting:
        raise _none_for(project, firmware, [native for _, native in modules])
    path, native = max(fitting, key=lambda m: NATIVE_ARCHS[m[1].arch].number)
    other = path.parent / "project"
    own = project if native.arch == project.manifest["arch"] else open_project(other)
    return ModuleForBoard(own, path, path.with_suffix(".weights"), native)


def _none_for(project: Project, firmware: Firmware, natives: list[NativeModule]) -> ProjectError:
    built = ", ".join(f".mpy {n.version}.{n.sub_version} of {n.arch}" for n in natives)
    of = f" ({firmware.machine})" if firmware.machine else ""
    hint = "build it into the firmware: docs/guide/micropython.md"
    if firmware.wanted:
        hint = f"run `depthwise build {quote(str(project.folder))} --arch {firmware.wanted}`"
        if any(firmware.wanted == n.arch for n in natives):
            hint = "use a MicroPython release whose .mpy version is the same"
    return ProjectError(
        f"the board{of} runs {firmware.name} {firmware.version}, which loads {firmware.loads}; built is {built}", hint
    )
