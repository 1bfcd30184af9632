"""Builds the native modules of a MicroPython project: by a linker of our own, or by MicroPython's tools."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.archs import ARCHS, Arch, arch
from depthwise.codegen.cores import core
from depthwise.codegen.errors import InputError, ToolError

from .mpy.arch import arch_named
from .mpy.compile import Sources, build_module
from .mpy.read import NativeModule, read_module
from .project import Project
from .romfs import romfs_image

LAST_LINES: Final = 12
Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A module on disk, the weights beside it, and an image of a read-only filesystem with both."""

    path: Path
    weights: Path
    romfs: Path
    module: NativeModule

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        paths = {"path": str(self.path), "weights": str(self.weights), "romfs": str(self.romfs)}
        return {**paths, "file_bytes": self.path.stat().st_size, **self.module.as_json()}


def build_natmods(
    project: Project, names: tuple[str, ...] = (), mpy_dir: Path | None = None, tick: Tick = lambda *_: None
) -> tuple[Built, ...]:
    """Build `build/<arch>/<name>.mpy` for each architecture, by default the one that the project was exported for.

    `mpy_dir` is a checkout of MicroPython whose own rules are used instead. Raises InputError for an architecture
    with other kernels than the project's, ToolError for a missing or failing compiler, NativeModuleError where the
    code breaks a limit of native modules.
    """
    archs = [_checked(project, arch(name)) for name in names or (str(project.manifest["arch"]),)]
    built = []
    for done, chosen in enumerate(archs):
        tick(done, len(archs))
        folder = project.folder / "build" / chosen.name
        folder.mkdir(parents=True, exist_ok=True)
        path = _by_us(project, chosen, folder) if mpy_dir is None else _by_them(project, chosen, folder, mpy_dir)
        built.append(_with_weights(project, path))
    return tuple(built)


def _checked(project: Project, chosen: Arch) -> Arch:
    """Refuse an architecture for which other C is rendered, or other weights."""
    own = str(project.manifest["arch"])
    if _kernels(chosen) != _kernels(ARCHS[own]):
        same = [a.name for a in ARCHS.values() if _kernels(a) == _kernels(ARCHS[own])]
        raise InputError(
            f"{project.folder} was exported for {own}, {chosen.name} takes other kernels",
            f"export it once more with --arch {chosen.name}; this one can be built for {', '.join(same)}",
        )
    return chosen


def _kernels(chosen: Arch) -> tuple[bool, bool]:
    return core(chosen.core).dsp, core(chosen.core).mve


def _by_us(project: Project, chosen: Arch, folder: Path) -> Path:
    name = str(project.manifest["name"])
    sources = project.folder / f"{name}_module"
    files = tuple(sources / f for f in ("natmod.c", "runtime.c", f"{name}.c"))
    flags = ("-std=c99", *str(project.manifest["build_flags"]).split())
    return build_module(Sources(name, files, flags=flags), arch_named(chosen.name), folder).path


def _by_them(project: Project, chosen: Arch, folder: Path, mpy_dir: Path) -> Path:
    if not (mpy_dir / "py" / "dynruntime.mk").is_file():
        raise InputError(f"{mpy_dir} is no checkout of MicroPython", "give the folder that holds py/dynruntime.mk")
    name = str(project.manifest["name"])
    command = ["make", f"MPY_DIR={mpy_dir.resolve()}", f"ARCH={chosen.name}", f"BUILD=build/{chosen.name}/mpy"]
    run = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
    if run.returncode:
        last = "\n".join((run.stdout + run.stderr).strip().splitlines()[-LAST_LINES:])
        raise ToolError(f"make failed in {project.folder}:\n{last}", "MicroPython's tools need pip install pyelftools")
    made = project.folder / f"{name}.mpy"
    return Path(shutil.move(made, folder / made.name))


def _with_weights(project: Project, path: Path) -> Built:
    data, weights = path.read_bytes(), path.with_suffix(".weights")
    shutil.copyfile(project.folder / weights.name, weights)
    romfs = path.with_suffix(".romfs")
    romfs.write_bytes(romfs_image({path.name: data, weights.name: weights.read_bytes()}))
    return Built(path, weights, romfs, read_module(data, str(path)))
