"""`depthwise demo`: a bundled digits MobileNet through every stage, onto a virtual board, verified."""

from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from rich.markup import escape

from depthwise.codegen.errors import ToolError
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.codegen.targets.boards import board
from depthwise.host.build import build
from depthwise.host.console import out, print_json, progress, progress_lines
from depthwise.host.demo import MODEL, Digits, find_trained, load_digits, load_trained
from depthwise.host.emulate.qemu import clock_of, virtual_board
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verify import verify
from depthwise.host.verify.verdict import Verdict

from .build import show as show_sizes
from .known_names import board_option
from .verify_views import show as show_verdict

SHADES = " ░▒▓█"
SHOWN = 4


@click.command("demo")
@board_option("board_name", default="netduinoplus2", show_default=True, help="Virtual board.")
@click.option("--model", type=click.Path(path_type=Path), help="A model that `depthwise train` wrote.")
@click.option("--bundled", is_flag=True, help="The bundled digits, even if this folder has a trained model.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the project in this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.pass_context
def command(
    ctx: click.Context, board_name: str, model: Path | None, keep: Path | None, *, bundled: bool, as_json: bool
) -> None:
    """Export, build, run and verify a digits network on a virtual board. Needs no network and no hardware.

    It is the one that `depthwise train --digits` left in this folder, else a bundled one.
    """
    if not board(board_name).virtual:
        raise ToolError(f"{board_name} has no virtual twin", "`depthwise boards` lists the virtual ones")
    trained = None if bundled else model or find_trained(Path())
    digits = load_digits() if trained is None else load_trained(trained)
    with scratch_folder("demo") as scratch:
        folder = keep or scratch / "digits"
        verdict = _demo(digits, folder, board_name, quiet=as_json)
    if as_json:
        print_json(verdict.as_json())
    ctx.exit(0 if verdict.equal else 1)


def _demo(digits: Digits, folder: Path, board_name: str, *, quiet: bool) -> Verdict:
    console = out()
    console.quiet = quiet
    source = "bundled" if digits.model == MODEL else f"trained, {digits.model}"
    console.print(f"[bold]model[/bold]   {escape(str(source))}", soft_wrap=True)
    manifest = export(
        digits.model, folder, ExportOptions(board=board(board_name), name=digits.model.stem, trace=True, force=True)
    )
    console.print(
        f"[bold]export[/bold]  {digits.model.name}: {manifest['macs']:,} MACs in {len(manifest['layers'])} layers"
    )
    project = open_project(folder)
    with progress("compiling", None, quiet=quiet):
        sizes = build(project)
    console.print(f"[bold]build[/bold]   for {project.board.title}")
    if not quiet:
        show_sizes(project, sizes)
    verdict = _verify(project, digits, quiet=quiet)
    if not quiet:
        _show_digits(project, digits)
        show_verdict(verdict)
    return verdict


def _verify(project: Project, digits: Digits, *, quiet: bool) -> Verdict:
    cases = [
        (f"picture of {digits.classes[label]}", digits.images[i : i + 1])
        for i, label in enumerate(digits.labels.tolist())
    ]
    with (
        virtual_board(project.firmware, project.board) as url,
        Link.open(url) as link,
        progress_lines((project.board.name,), quiet=quiet) as watch,
    ):
        verdict = verify(project, link, cases, lambda step: watch(0, step))
    return replace(verdict, clock=clock_of(project.board))


def _show_digits(project: Project, digits: Digits) -> None:
    """Draw the first images of different digits side by side, with what the network makes of them."""
    scores = run(project.graph, digits.images)[project.graph.outputs[0]].reshape(len(digits.images), -1)
    found = scores.argmax(axis=1)
    shown = np.unique(digits.labels, return_index=True)[1][:SHOWN]
    pictures = [_drawn(digits.images[i]) for i in shown]
    console = out()
    console.print("[bold]images[/bold]")
    for line in zip(*pictures, strict=True):
        console.print("  " + "  ".join(line), soft_wrap=True)
    width = len(pictures[0][0])
    captions = (f"{digits.classes[digits.labels[i]]} -> {digits.classes[found[i]]}".center(width) for i in shown)
    console.print("  " + "  ".join(captions), soft_wrap=True)
    console.print(f"  {int(np.sum(found == digits.labels))} of {len(found)} test images are classified as labelled\n")


def _drawn(image: Array) -> list[str]:
    """One image as text, a character for each 2 by 4 pixels."""
    height, width = image.shape[0] // 4 * 4, image.shape[1] // 2 * 2
    level = image[:height, :width, 0].astype(np.float64).reshape(height // 4, 4, width // 2, 2).mean(axis=(1, 3))
    steps = ((level - level.min()) / max(float(np.ptp(level)), 1.0) * (len(SHADES) - 1)).round().astype(int)
    return ["".join(SHADES[s] for s in row) for row in steps.tolist()]
