"""`depthwise export`: a project folder of C for a board."""

from pathlib import Path

import click
from rich.markup import escape

from depthwise.codegen.passes.intervals import Range
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.project.labels import read_labels
from depthwise.codegen.project.manifest import Manifest
from depthwise.codegen.schedule import SCHEDULES
from depthwise.codegen.targets.archs import arch
from depthwise.codegen.targets.boards import Board, bare_core, board
from depthwise.host.console import err, out, print_json
from depthwise.host.console.quoted import quoted

from .pass_options import chosen, pass_options
from .size_type import size


@click.command("export")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("-b", "--board", "board_name", help="Board, as `depthwise boards` lists it.")
@click.option("--core", "core_name", help="Core instead of a board: only the network, as a library.")
@click.option("--arch", "arch_name", help="Architecture of a MicroPython module (default: by the board's core).")
@click.option("-o", "--out", "folder", required=True, type=click.Path(path_type=Path), help="Project folder.")
@click.option("--project", "kind", help="Kind of project (default: the board's usual one, see `depthwise boards`).")
@click.option("--name", help="Name of the network in C (default: the model file's).")
@click.option("--labels", type=click.Path(path_type=Path), help="Names of the scores: a file, one on each line.")
@click.option("--trace", is_flag=True, help="Build in a checksum per tensor, to find the layer that differs.")
@click.option(
    "--schedule",
    type=click.Choice(SCHEDULES),
    default="auto",
    show_default=True,
    help="Rows, whole tensors, or a mixture (see `depthwise plan`).",
)
@click.option(
    "--ram",
    type=size,
    metavar="SIZE",
    help="RAM for the network: the fastest way within it.",
)
@click.option("--flash", type=size, metavar="SIZE", help="Flash for its constants.")
@click.option("--canary", is_flag=True, help="Put a guard behind every buffer, and report when one is written to.")
@click.option("--context", is_flag=True, help="Let the caller own the network's state (re-entrant).")
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
    board_name: str | None,
    core_name: str | None,
    arch_name: str | None,
    folder: Path,
    kind: str | None,
    name: str | None,
    labels: Path | None,
    schedule: str,
    ram: int | None,
    flash: int | None,
    assume_input_range: Range,
    output: str,
    trace: bool,
    context: bool,
    canary: bool,
    no_passes: bool,
    force: bool,
    overwrite_edited: bool,
    as_json: bool,
) -> None:
    """Write C, firmware and all that builds them for MODEL (.tflite) into a project folder."""
    kind = "micropython" if kind is None and arch_name is not None else kind
    target = _target(board_name, core_name, arch_name)
    passes = chosen(assume_input_range, output, no_passes=no_passes)
    options = ExportOptions(
        board=target,
        name=name,
        trace=trace,
        force=force,
        passes=passes,
        schedule=schedule,
        context=context,
        canary=canary,
        ram=ram,
        flash=flash,
        project=kind,
        labels=read_labels(labels) if labels is not None else (),
        arch=arch_name,
        overwrite_edited=overwrite_edited,
    )
    manifest = export(model, folder, options, _tell_copy)
    if as_json:
        print_json(manifest)
        return
    console = out()
    console.print(
        f"[bold]{folder}[/bold]: {manifest['name']} for {target.name or target.title}, a project of kind "
        f"{manifest['project']}"
    )
    console.print(f"  {manifest['macs']:,} MACs in {len(manifest['layers'])} layers{_saved(manifest)}")
    console.print(
        f"  {manifest['ram_bytes']:,} bytes of RAM for activations, {manifest['weight_bytes']:,} of constants"
    )
    if "buffer_bytes" in manifest:
        console.print(f"  {manifest['buffer_bytes']:,} more to read the constants from a file, a stretch at a time")
    console.print(f"next: depthwise build {quoted(folder)}", soft_wrap=True)


def _tell_copy(copy: Path) -> None:
    err().print(f"[yellow]edited:[/yellow] what you had is in {escape(str(copy))}", soft_wrap=True)


def _target(board_name: str | None, core_name: str | None, arch_name: str | None) -> Board:
    """The board, or what stands for it where only a core is given, or an architecture."""
    if arch_name is not None and board_name is None and core_name is None:
        return bare_core(arch(arch_name).core)
    if (board_name is None) == (core_name is None):
        raise click.UsageError("give either --board or --core (or --arch, for a MicroPython module)")
    return board(board_name) if board_name is not None else bare_core(core_name or "")


def _saved(manifest: Manifest) -> str:
    """What the exact passes made of it, in words."""
    before = sum(layer["macs"] for layer in manifest["proof"])
    if before == manifest["macs"]:
        return ""
    constant = sum(layer["constant"] for layer in manifest["proof"])
    return f" ({before:,} in the model; {constant:,} channels are constant, see `depthwise inspect --proof`)"
