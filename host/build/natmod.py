"""Builds the native modules of a MicroPython project: by a linker of our own, or by MicroPython's tools."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError, ToolError
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.whole_file import write_whole
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.codegen.targets.archs import Arch, arch
from depthwise.codegen.targets.boards import bare_core
from depthwise.host.children import run
from depthwise.host.progress import Progress, nobody
from depthwise.host.project import Project, open_project

from .mpy.build_module import Sources, build_module
from .mpy.native_archs import arch_named
from .mpy.read_mpy import NativeModule, read_module
from .romfs import romfs_image

LAST_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class BuiltNatmod:
    """A module on disk, the weights beside it, and an image of a read-only filesystem with both.

    `project` holds its sources: the one that was asked for, or what was exported from it for another architecture.
    """

    project: Project
    path: Path
    weights: Path
    romfs: Path
    module: NativeModule

    @property
    def file_bytes(self) -> int:
        """Size of the .mpy file."""
        return self.path.stat().st_size

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        paths = {"path": str(self.path), "weights": str(self.weights), "romfs": str(self.romfs)}
        memory = {key: self.project.manifest[key] for key in ("ram_bytes", "constant_bytes", "buffer_bytes")}
        return {**paths, "file_bytes": self.file_bytes, **memory, **self.module.as_json()}


def build_natmods(
    project: Project, names: tuple[str, ...] = (), mpy_dir: Path | None = None, report: Progress = nobody
) -> tuple[BuiltNatmod, ...]:
    """Build `build/<arch>/<name>.mpy` for each architecture, by default the one that the project was exported for.

    For any other the model is exported again, with the same options, to `build/<arch>/project`: kernels and weights
    are an architecture's own. `mpy_dir` is a checkout of MicroPython whose rules are used instead of ours. Raises
    InputError for an unknown architecture, ToolError for a missing or failing compiler, NativeModuleError where the
    code breaks a limit of native modules.
    """
    archs = [arch(name) for name in names or (str(project.manifest["arch"]),)]
    built = []
    for done, chosen in enumerate(archs):
        report(done, len(archs))
        folder = project.folder / "build" / chosen.name
        folder.mkdir(parents=True, exist_ok=True)
        own = _project_for(project, chosen, folder / "project")
        path = _by_us(own, chosen, folder) if mpy_dir is None else _by_them(own, chosen, folder, mpy_dir)
        built.append(_with_weights(own, path))
    return tuple(built)


def _project_for(project: Project, chosen: Arch, folder: Path) -> Project:
    if chosen.name == project.manifest["arch"]:
        return project
    with scratch_folder("model") as scratch:
        model = scratch / str(project.manifest["model"]["file"])
        shutil.copyfile(project.folder / "model.tflite", model)
        export(model, folder, _options(project, chosen))
    return open_project(folder)


def _options(project: Project, chosen: Arch) -> ExportOptions:
    """What the project was exported with, for another architecture."""
    manifest = project.manifest
    return ExportOptions(
        board=bare_core(chosen.core),
        name=str(manifest["name"]),
        trace=bool(manifest["trace"]),
        force=True,
        passes=project.passes,
        canary=bool(manifest["canary"]),
        project=project.kind.name,
        labels=tuple(manifest["labels"]),
        arch=chosen.name,
        **manifest["options"],
    )


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
    command = ["make", f"MPY_DIR={mpy_dir.resolve()}", f"ARCH={chosen.name}", f"BUILD=build/{chosen.name}/mpy_dir"]
    done = run(command, folder=project.folder)
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:])
        raise ToolError(f"make failed in {project.folder}:\n{last}", "MicroPython's tools need pip install pyelftools")
    made = project.folder / f"{name}.mpy"
    return Path(shutil.move(made, folder / made.name))


def _with_weights(project: Project, path: Path) -> BuiltNatmod:
    data, weights = path.read_bytes(), path.with_suffix(".weights")
    shutil.copyfile(project.folder / weights.name, weights)
    romfs = path.with_suffix(".romfs")
    write_whole(romfs, romfs_image({path.name: data, weights.name: weights.read_bytes()}))
    return BuiltNatmod(project, path, weights, romfs, read_module(data, str(path)))
