"""Builds a native module out of C files: compiles them, links them, writes the .mpy file."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.project.whole_file import write_whole
from depthwise.codegen.targets.boards import FREESTANDING
from depthwise.host.children import run
from depthwise.host.compilers import install_of, stand_in

from .abi import SUB_VERSION, VERSION
from .linker import link
from .linker_values import Broken, Image
from .native_archs import COMMON, NativeArch
from .qstrs import config_header, names_in
from .source_lines import located
from .write_mpy import write_module

FIRMWARE: Final = Path(__file__).resolve().parents[3] / "firmware"
ABI: Final = FIRMWARE / "micropython"
CONFIG: Final = "names.config.h"
# Clang calls functions for 64-bit shifts there, where GCC writes instructions.
SHIFTED: Final = ("armv6m",)
SHIFTS: Final = FREESTANDING / "shifts.c"


@dataclass(frozen=True, slots=True)
class Sources:
    """What a module called `name` is made of; `flags` are the compiler's beside those of the architecture."""

    name: str
    files: tuple[Path, ...]
    includes: tuple[Path, ...] = ()
    flags: tuple[str, ...] = ("-std=c99", "-Os")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltModule:
    """A module on disk, and its parts' sizes in bytes."""

    path: Path
    arch: str
    file_bytes: int
    text_bytes: int
    rodata_bytes: int
    bss_bytes: int
    names: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        fields = ("arch", "file_bytes", "text_bytes", "rodata_bytes", "bss_bytes", "names")
        return {"path": str(self.path), "mpy": f"{VERSION}.{SUB_VERSION}", **{f: getattr(self, f) for f in fields}}


def build_module(sources: Sources, arch: NativeArch, folder: Path) -> BuiltModule:
    """Compile, link, write `folder/<name>.mpy`; objects lie in `folder/<arch>`.

    Raises ToolError for a missing or failing compiler, NativeModuleError where the code breaks a limit of native
    modules, naming symbol and source line.
    """
    _installed(arch)
    work = folder / arch.name
    work.mkdir(parents=True, exist_ok=True)
    names = _collect_names(sources, arch, work)
    files = (*sources.files, *((SHIFTS,) if arch.name in SHIFTED and stand_in(arch.prefix) else ()))
    paths = [_compile(file, number, sources, arch, work) for number, file in enumerate(files)]
    image = link_files(paths, arch)
    path = folder / f"{sources.name}.mpy"
    data = write_module(image, arch, path.name, names)
    write_whole(path, data)
    return BuiltModule(
        path=path,
        arch=arch.name,
        file_bytes=len(data),
        text_bytes=len(image.text),
        rodata_bytes=len(image.rodata),
        bss_bytes=image.bss_bytes,
        names=names,
    )


def link_files(paths: Sequence[Path], arch: NativeArch) -> Image:
    """Link object files. Raises NativeModuleError for every limit that they break."""
    if find_spec("elftools") is None:
        raise ToolError(
            "pyelftools, which reads object files, is not installed", "pip install 'depthwise[micropython]'"
        )
    from .objects import read_object  # noqa: PLC0415 (pyelftools is an extra)

    objects = [read_object(path.read_bytes(), str(path), number, arch) for number, path in enumerate(paths)]
    try:
        return link(objects, arch)
    except Broken as broken:
        raise located(broken, objects, arch) from None


def _installed(arch: NativeArch) -> None:
    if shutil.which(arch.compiler) is None and stand_in(arch.prefix) is None:
        raise ToolError(f"{arch.compiler}, the compiler for {arch.name}, is not installed", install_of(arch.prefix))


def _command(sources: Sources, arch: NativeArch, work: Path) -> list[str]:
    includes = (f"-I{folder}" for folder in (work, ABI, *sources.includes))
    other = stand_in(arch.prefix)
    return [
        *(other.gcc if other else (arch.compiler,)),
        *(*sources.flags, "-g", *arch.flags, *COMMON, *includes),
        *("-idirafter", str(FREESTANDING), f'-DMP_CONFIGFILE="{CONFIG}"'),
    ]


def _collect_names(sources: Sources, arch: NativeArch, work: Path) -> tuple[str, ...]:
    """Preprocess with an empty table of names, see which are left, and write the header that defines them."""
    header = work / CONFIG
    header.write_text(config_header(()))
    names = names_in(_run([*_command(sources, arch, work), "-E", "-P", str(file)], file) for file in sources.files)
    header.write_text(config_header(names))
    return names


def _compile(file: Path, number: int, sources: Sources, arch: NativeArch, work: Path) -> Path:
    target = work / f"{number}_{file.stem}.o"
    _run([*_command(sources, arch, work), "-c", str(file), "-o", str(target)], file)
    return target


def _run(command: list[str], file: Path) -> str:
    done = run(command)
    if done.returncode:
        last = "\n".join(done.stderr.strip().splitlines()[-12:])
        raise ToolError(f"{command[0]} cannot compile {file.name}:\n{last}")
    return done.stdout
