"""`depthwise verify`: runs inputs on boards and compares every byte with the golden model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from rich.markup import escape

from depthwise.host.api.verifying import NamedValues, can_be_found, chosen_project, found_port, inputs_of, outcomes_of
from depthwise.host.console import err, out, print_json, progress, progress_lines
from depthwise.host.project import Project
from depthwise.host.verify.bundle import write_bundle
from depthwise.host.verify.desktop import DESKTOPS, Comparison, compare_desktop
from depthwise.host.verify.generated import values_of
from depthwise.host.verify.verify_boards import BoardOutcome

from .desktop_views import show_comparison
from .grouped_options import grouped
from .saved_measurement import save_option, saved
from .verify_views import show, show_layers, show_outcomes


@dataclass(frozen=True, slots=True)
class Bundling:
    """Where bundles are written (None: into the project), whether they are, and whether the model goes in."""

    bundle: Path | None
    no_bundle: bool
    bundle_model: bool


@dataclass(frozen=True, slots=True)
class Given:
    """The inputs: so many generated ones, by a seed, or those of a file; whether every byte is compared."""

    count: int
    seed: int
    file: Path | None
    full: bool


GIVE: Final = "give --port or --virtual, or --desktop"
input_options: Final = grouped(
    "given",
    Given,
    click.option("-n", "--inputs", "count", default=6, show_default=True, help="Number of generated inputs."),
    click.option("--seed", default=0, show_default=True, help="Seed of the random inputs."),
    click.option(
        "--input",
        "file",
        type=click.Path(path_type=Path),
        help="Inputs of your own: int8, .npy, or .npz with an array for each input.",
    ),
    click.option("--full", is_flag=True, help="Compare tensors byte by byte, not by CRC-32: a run for each 64 bytes."),
)
bundle_options: Final = grouped(
    "bundling",
    Bundling,
    click.option(
        "--bundle",
        type=click.Path(path_type=Path),
        help="Where the bundle of a difference goes (default: verify-bundle-N.zip in FOLDER).",
    ),
    click.option("--no-bundle", is_flag=True, help="Write no bundle."),
    click.option("--bundle-model", is_flag=True, help="Put the model, weights and all, into the bundle."),
)


@click.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-p",
    "--port",
    "ports",
    multiple=True,
    help="Serial port: /dev/ttyUSB0, socket://…, rfc2217://… (repeatable; default: the one with the board's USB id)",
)
@click.option("--virtual", is_flag=True, help="Run the built firmware on a virtual board.")
@click.option("--desktop", is_flag=True, help="Compare with LiteRT on this computer, and explain what differs.")
@input_options
@bundle_options
@click.option("--layers", is_flag=True, help="Show what each layer took on the board (trace builds).")
@save_option
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON; a list for several ports.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    folder: Path,
    ports: tuple[str, ...],
    virtual: bool,
    desktop: bool,
    layers: bool,
    given: Given,
    bundling: Bundling,
    save: Path | None,
    as_json: bool,
) -> None:
    """Compare boards with the golden model of the project in FOLDER, bit for bit.

    A difference is named by layer, row, column and channel and explained, and everything about it is written into
    a bundle to be attached to an issue (docs/guide/verify.md).

    Exit code 0: equal. 1: a board differs. 2: an error.
    """
    if ports and virtual:
        raise click.UsageError(GIVE)
    project = chosen_project(folder, None, virtual=virtual)
    ports = ports if ports or virtual or desktop else (_found_port(project),)
    inputs = inputs_of(project, given.count if given.file is None else given.file, given.seed)
    outcomes = _outcomes(project, ports, inputs, full=given.full, quiet=as_json) if ports or virtual else ()
    compared = _on_the_desktop(project, inputs, quiet=as_json) if desktop else ()
    bundles = [_bundled(project, o, bundling, n if len(ports) > 1 else None) for n, o in enumerate(outcomes, 1)]
    _show(outcomes, bundles, compared, as_json=as_json)
    if layers and not as_json:
        for outcome in outcomes:
            _show_layers(outcome)
    saved(save, [o.as_json() for o in outcomes])
    words = {outcome.word for outcome in outcomes}
    ctx.exit(1 if "different" in words else 2 if "failed" in words else 0)


def _show_layers(outcome: BoardOutcome) -> None:
    if outcome.report is not None:
        show_layers(outcome.report.verdict)


def _found_port(project: Project) -> str:
    if not can_be_found(project):
        raise click.UsageError(GIVE)
    return found_port(project)


def _on_the_desktop(project: Project, inputs: NamedValues, *, quiet: bool) -> tuple[Comparison, ...]:
    found = list[Comparison]()
    given = [values_of(project.graph, of) for _, of in inputs]
    values = {i: np.concatenate([of[i] for of in given]) for i in project.graph.inputs}
    with progress("running LiteRT", len(DESKTOPS), quiet=quiet) as report:
        for number, desktop in enumerate(DESKTOPS):
            report(number, len(DESKTOPS))
            found.append(compare_desktop(project, desktop, values))
    return tuple(found)


def _as_json(boards: list[dict[str, Any]], desktop: list[dict[str, Any]]) -> Any:
    """One board's verdict, a list of several; with the desktop an object that holds both."""
    if desktop:
        return {"boards": boards, "desktop": desktop}
    return boards if len(boards) > 1 else boards[0]


def _outcomes(
    project: Project, ports: tuple[str, ...], inputs: NamedValues, *, full: bool, quiet: bool
) -> tuple[BoardOutcome, ...]:
    """Verify the boards at the ports, or a virtual one. The error of a single board is raised."""
    with progress_lines(ports or (project.board.name,), quiet=quiet) as watch:
        outcomes = outcomes_of(project, ports, inputs, watch, full=full)
    if len(outcomes) == 1 and outcomes[0].error is not None:
        raise outcomes[0].error
    return outcomes


def _bundled(project: Project, outcome: BoardOutcome, bundling: Bundling, number: int | None) -> Path | None:
    """Write the bundle of a difference; that it cannot be written is told, and changes no verdict."""
    if outcome.report is None or outcome.report.verdict.equal or bundling.no_bundle:
        return None
    to = bundling.bundle
    if to is not None and number is not None:
        to = to.with_stem(f"{to.stem}-{number}")
    try:
        return write_bundle(project, outcome.report, outcome.port, to, model=bundling.bundle_model)
    except OSError as error:
        err().print(f"[yellow]no bundle:[/yellow] {escape(str(error))}; give --bundle PATH", soft_wrap=True)
        return None


def _show(
    outcomes: tuple[BoardOutcome, ...], bundles: list[Path | None], compared: tuple[Comparison, ...], *, as_json: bool
) -> None:
    if as_json:
        found = [{**o.as_json(), "bundle": str(b) if b else None} for o, b in zip(outcomes, bundles, strict=True)]
        print_json(_as_json(found, [c.as_json() for c in compared]))
        return
    if len(outcomes) == 1 and outcomes[0].report is not None:
        show(outcomes[0].report.verdict)
    elif outcomes:
        show_outcomes(outcomes)
    for path in filter(None, bundles):
        out().print(
            f"[bold]bundle[/bold]: {escape(str(path))}: attach it to an issue, it says all of the above", soft_wrap=True
        )
    for comparison in compared:
        show_comparison(comparison)
