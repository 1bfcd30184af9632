"""`depthwise export`: a project folder of C for a board."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click
from rich.markup import escape

from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.labels import read_labels
from depthwise.codegen.project.manifest import Manifest
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.schedule import SCHEDULES
from depthwise.codegen.targets.archs import arch
from depthwise.codegen.targets.boards import Board, bare_core, board
from depthwise.host.console import err, out, print_json, progress
from depthwise.host.console.quoted import quoted

from .grouped_options import grouped
from .known_names import arch_option, board_option, core_option, kind_names
from .pass_options import pass_options
from .size_type import size


@dataclass(frozen=True, slots=True)
class Target:
    """What is exported for: a board, or only a core or an architecture of MicroPython."""

    board_name: str | None
    core_name: str | None
    arch_name: str | None

    @property
    def board(self) -> Board:
        """The board, or what stands for it where only a core is given, or an architecture."""
        if self.arch_name is not None and self.board_name is None and self.core_name is None:
            return bare_core(arch(self.arch_name).core)
        if (self.board_name is None) == (self.core_name is None):
            raise click.UsageError("give either --board or --core (or --arch, for a MicroPython module)")
        return board(self.board_name) if self.board_name is not None else bare_core(self.core_name or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the project is to be: its kind, names, and what is built in."""

    kind: str | None
    name: str | None
    labels: Path | None
    app: bool
    trace: bool
    capture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """How the network uses memory: its schedule, budgets in bytes, guards, and whose its state is."""

    schedule: str
    ram: int | None
    flash: int | None
    canary: bool
    context: bool
    ram_code: bool
    psram: bool


target_options: Final = grouped(
    "target",
    Target,
    board_option("board_name", help="Board, as `depthwise boards` lists it."),
    core_option("core_name", help="Core instead of a board: only the network, as a library."),
    arch_option("arch_name", help="Architecture of a MicroPython module (default: by the board's core)."),
)
form_options: Final = grouped(
    "form",
    Form,
    click.option(
        "--project",
        "kind",
        shell_complete=kind_names,
        help="Kind of project (default: the board's usual one, see `depthwise boards`).",
    ),
    click.option("--name", help="Name of the network in C (default: the model file's)."),
    click.option("--labels", type=click.Path(path_type=Path), help="Names of the scores: a file, one on each line."),
    click.option("--app", is_flag=True, help="Bring what answers `verify`, for firmware of your own (kind library)."),
    click.option("--trace", is_flag=True, help="Build in a checksum per tensor, to find the layer that differs."),
    click.option("--capture", is_flag=True, help="Send pictures of the board's camera, too (see `depthwise capture`)."),
)
memory_options: Final = grouped(
    "memory",
    Memory,
    click.option(
        "--schedule",
        type=click.Choice(SCHEDULES),
        default="auto",
        show_default=True,
        help="Rows, whole tensors, or a mixture (see `depthwise plan`).",
    ),
    click.option("--ram", type=size, metavar="SIZE", help="RAM for the network: the fastest way within it."),
    click.option("--flash", type=size, metavar="SIZE", help="Flash for its constants."),
    click.option("--canary", is_flag=True, help="Put a guard behind every buffer, and report when one is written to."),
    click.option("--context", is_flag=True, help="Let the caller own the network's state (re-entrant)."),
    click.option(
        "--ram-code", "--iram", "ram_code", is_flag=True, help="Put the network's code into RAM, which does not wait."
    ),
    click.option("--psram", is_flag=True, help="ESP-IDF: put its buffers into PSRAM."),
)


@click.command("export")
@click.argument("model", type=click.Path(path_type=Path))
@target_options
@click.option("-o", "--out", "folder", required=True, type=click.Path(path_type=Path), help="Project folder.")
@form_options
@memory_options
@pass_options
@click.option("--force", is_flag=True, help="Replace the project that is there; files of your own stay.")
@click.option(
    "--overwrite-edited",
    is_flag=True,
    help="Replace its files that you edited, too; NAME.orig keeps yours.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def command(
    *,
    model: Path,
    target: Target,
    folder: Path,
    form: Form,
    memory: Memory,
    passes: PassOptions,
    force: bool,
    overwrite_edited: bool,
    as_json: bool,
) -> None:
    """Write C, firmware and all that builds them for MODEL (.tflite) into a project folder."""
    options = _options(target, form, memory, passes, force=force)
    copies: list[Path] = []
    with progress(f"planning {quoted(model)}", None, quiet=as_json) as report:
        manifest = export(model, folder, replace(options, overwrite_edited=overwrite_edited), copies.append, report)
    for copy in copies:
        _tell_copy(copy)
    if as_json:
        print_json(manifest)
    else:
        _show(manifest, folder, options.board)


def _options(target: Target, form: Form, memory: Memory, passes: PassOptions, *, force: bool) -> ExportOptions:
    kind = "micropython" if form.kind is None and target.arch_name is not None else form.kind
    return ExportOptions(
        board=target.board,
        name=form.name,
        trace=form.trace,
        capture=form.capture,
        force=force,
        passes=passes,
        schedule=memory.schedule,
        context=memory.context,
        canary=memory.canary,
        ram=memory.ram,
        flash=memory.flash,
        project=kind,
        labels=read_labels(form.labels) if form.labels is not None else (),
        arch=target.arch_name,
        app=form.app,
        placement=Placement(ram_code=memory.ram_code, psram=memory.psram),
    )


def _show(manifest: Manifest, folder: Path, target: Board) -> None:
    console = out()
    console.print(
        f"[bold]{escape(str(folder))}[/bold]: {manifest['name']} for {target.name or target.title}, a project of kind "
        f"{manifest['project']}"
    )
    console.print(f"  {manifest['macs']:,} MACs in {len(manifest['layers'])} layers{_saved(manifest)}")
    console.print(
        f"  {manifest['ram_bytes']:,} bytes of RAM for activations, {manifest['weight_bytes']:,} of constants"
    )
    if "buffer_bytes" in manifest:
        console.print(f"  {manifest['buffer_bytes']:,} more to read the constants from a file, a stretch at a time")
    for note in manifest.get("notes", ()):
        console.print(f"note: {escape(note)}", soft_wrap=True)
    if "capture" in manifest:
        console.print("camera.h says what your camera's file has to define; without one, pictures are made up")
    console.print(f"next: depthwise build {quoted(folder)}", soft_wrap=True)


def _tell_copy(copy: Path) -> None:
    err().print(f"[yellow]edited:[/yellow] what you had is in {escape(str(copy))}", soft_wrap=True)


def _saved(manifest: Manifest) -> str:
    """What the exact passes made of it, in words."""
    before = sum(layer["macs"] for layer in manifest["proof"])
    if before == manifest["macs"]:
        return ""
    constant = sum(layer["constant"] for layer in manifest["proof"])
    return f" ({before:,} in the model; {constant:,} channels are constant, see `depthwise inspect --proof`)"
