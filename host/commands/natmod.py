"""`depthwise build` of a MicroPython project: native modules, and how they get onto the board."""

from pathlib import Path

from depthwise.host.console import out, print_json, progress
from depthwise.host.natmod import Built, build_natmods
from depthwise.host.project import Project


def build_and_show(project: Project, archs: tuple[str, ...], mpy_dir: Path | None, *, as_json: bool) -> None:
    """Build a module for each architecture and show what each takes."""
    with progress(f"building {project.folder}", None, quiet=as_json) as report:
        built = build_natmods(project, archs, mpy_dir, report)
    if as_json:
        memory = {key: project.manifest[key] for key in ("ram_bytes", "constant_bytes", "buffer_bytes")}
        print_json({"name": project.manifest["name"], **memory, "modules": [b.as_json() for b in built]})
        return
    for one in built:
        _show(project, one)
    ram, buffer = project.manifest["ram_bytes"], project.manifest["buffer_bytes"]
    out().print(f"  a model takes {ram:,} bytes of RAM, {buffer:,} more where its weights are read from a file")
    out().print(f"next: mpremote cp {built[0].path} {built[0].weights} :", soft_wrap=True)
    out().print(f"      or mpremote romfs deploy {built[0].romfs}", soft_wrap=True)


def _show(project: Project, built: Built) -> None:
    size, path = built.path.stat().st_size, built.path.relative_to(project.folder)
    out().print(
        f"  {built.module.arch:10} {path}: {size:,} bytes, {built.module.heap_bytes:,} of RAM when imported; "
        f"{built.weights.name} {built.weights.stat().st_size:,} bytes",
        soft_wrap=True,
    )
