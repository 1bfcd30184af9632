"""`depthwise build`: compiles an exported project."""

from pathlib import Path

import click

from depthwise.host.build import ImageSizes, build
from depthwise.host.console import out, print_json, progress
from depthwise.host.console.quoted import quoted
from depthwise.host.project import Project, open_project

from .build_natmod import build_and_show
from .known_names import arch_option


@click.command("build")
@click.argument("folder", type=click.Path(path_type=Path))
@arch_option("archs", multiple=True, help="MicroPython: architecture of the .mpy, may be given repeatedly.")
@click.option(
    "--mpy-dir",
    type=click.Path(path_type=Path),
    envvar="MPY_DIR",
    help="MicroPython: build with the tools of this checkout of its sources (default: none is needed).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the sizes as JSON.")
def command(folder: Path, archs: tuple[str, ...], mpy_dir: Path | None, *, as_json: bool) -> None:
    """Compile the project in FOLDER and show what it takes of the board."""
    project = open_project(folder)
    if project.kind.detached:
        build_and_show(project, archs, mpy_dir, as_json=as_json)
        return
    if archs:
        raise click.UsageError(f"--arch is for a MicroPython project, {folder} is of kind {project.kind.name}")
    with progress(f"building {folder}", None, quiet=as_json) as report:
        sizes = build(project, report)
    if as_json:
        print_json({"board": project.board.name, "firmware": str(project.firmware), **sizes.as_json()})
    else:
        show(project, sizes)
        out().print(_next(project, folder), soft_wrap=True)


def _next(project: Project, folder: Path) -> str:
    if project.kind.board is None:
        return f"next: link {project.firmware.relative_to(project.folder)}, or compile the sources in your own project"
    return (
        f"next: depthwise verify {quoted(folder)} --virtual"
        if project.runs_here
        else f"next: depthwise flash {quoted(folder)}"
    )


def show(project: Project, sizes: ImageSizes) -> None:
    """Print what an image takes, by its ELF, and what the board has."""
    board = project.board
    for what, used, library, available in (
        ("flash", sizes.flash_bytes, sizes.library_flash_bytes, board.flash_bytes),
        ("RAM", sizes.ram_bytes, sizes.library_ram_bytes, board.ram_bytes),
    ):
        of = f" of {available:,}" if available else ""
        out().print(f"  {what:5} {used:9,} bytes{of}, of which the network takes {library:,}")
    if sizes.ram_code_bytes:
        where = f", of {board.code_ram_bytes:,} for code alone" if board.code_ram_bytes else ""
        out().print(f"  {sizes.ram_code_bytes:,} bytes of the network's code lie in RAM{where}", soft_wrap=True)
