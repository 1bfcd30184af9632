"""`depthwise build` of a MicroPython project: native modules, and how they get onto the board."""

from pathlib import Path

from depthwise.host.build.natmod import BuiltNatmod, build_natmods
from depthwise.host.console import out, print_json, progress
from depthwise.host.console.quoted import quoted
from depthwise.host.project import Project


def build_and_show(project: Project, archs: tuple[str, ...], mpy_dir: Path | None, *, as_json: bool) -> None:
    """Build a module for each architecture and show what each takes."""
    with progress(f"building {quoted(project.folder)}", None, quiet=as_json) as report:
        built = build_natmods(project, archs, mpy_dir, report)
    if as_json:
        print_json({"name": project.manifest["name"], "modules": [b.as_json() for b in built]})
        return
    for one in built:
        _show(project, one)
    out().print(f"next: depthwise flash {quoted(project.folder)}", soft_wrap=True)
    out().print(f"      or mpremote cp {quoted(built[0].path)} {quoted(built[0].weights)} :", soft_wrap=True)
    out().print(f"      or mpremote romfs deploy {quoted(built[0].romfs)}", soft_wrap=True)


def _show(project: Project, built: BuiltNatmod) -> None:
    path, own = built.path.relative_to(project.folder), built.project.manifest
    sizes = f"{path} {_size(built.path)}, {built.weights.name} {_size(built.weights)}"
    out().print(f"  {built.module.arch}: {sizes}", soft_wrap=True)
    out().print(
        f"    RAM: {built.module.heap_bytes:,} bytes for the code, {own['ram_bytes']:,} for a model, "
        f"{own['buffer_bytes']:,} more where its weights are read from a file",
        soft_wrap=True,
    )


def _size(path: Path) -> str:
    return f"({path.stat().st_size:,} bytes)"
