"""`depthwise verify`: runs inputs on boards and compares every byte with the golden model."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import numpy as np
from rich.markup import escape

from depthwise.codegen.errors import InputError
from depthwise.host.api.picture_inputs import Accuracy, PictureInputs, accuracy, picture_inputs
from depthwise.host.api.verifying import NamedValues, can_be_found, chosen_project, found_port, inputs_of, outcomes_of
from depthwise.host.console import err, out, print_json, progress, progress_lines
from depthwise.host.project import Project
from depthwise.host.verify.bundle import write_bundle
from depthwise.host.verify.desktop import DESKTOPS, Comparison, compare_desktop
from depthwise.host.verify.generated import values_of
from depthwise.host.verify.verify_boards import BoardOutcome

from .accuracy_views import show_accuracy
from .desktop_views import show_comparison
from .grouped_options import grouped
from .known_names import baud_option, port_option
from .range_type import PIXELS
from .saved_measurement import save_option, saved
from .verify_views import show, show_layers, show_outcomes


@dataclass(frozen=True, slots=True)
class Bundling:
    """Where bundles are written (None: into the project), whether they are, and whether the model goes in."""

    bundle: Path | None
    no_bundle: bool
    bundle_model: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The inputs: so many generated ones, by a seed, those of a file, or pictures; whether every byte is compared.

    Of the pictures, `limit` at most, 0 and 255 are `within` to the network.
    """

    count: int
    seed: int
    file: Path | None
    images: Path | None
    within: tuple[float, float] | None
    limit: int
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
    click.option(
        "--images",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Labelled pictures, FOLDER/CLASS/image: accuracy on the board, too.",
    ),
    click.option(
        "--range", "within", type=PIXELS, help="What pixel values 0 and 255 are to the network.  [all it can hold]"
    ),
    click.option("--limit", default=500, show_default=True, type=click.IntRange(1), help="Pictures to use at most."),
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
@port_option(
    "ports",
    multiple=True,
    help="Serial port: /dev/ttyUSB0, socket://…, rfc2217://… (repeatable; default: the one with the board's USB id)",
)
@click.option("--virtual", is_flag=True, help="Run the built firmware on a virtual board.")
@baud_option
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
    baud: int | None,
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
    pictures = _pictures(project, given)
    inputs = pictures.inputs if pictures is not None else _inputs(project, given)
    speaking = ports or virtual
    outcomes = _outcomes(project, ports, inputs, full=given.full, baud=baud, quiet=as_json) if speaking else ()
    compared = _on_the_desktop(project, inputs, quiet=as_json) if desktop else ()
    bundles = [_bundled(project, o, bundling, n if len(ports) > 1 else None) for n, o in enumerate(outcomes, 1)]
    accuracies = [None if pictures is None else _accuracy(pictures, o) for o in outcomes]
    shown = tuple(map(Shown, outcomes, bundles, accuracies))
    _show(shown, compared, as_json=as_json)
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
    project: Project, ports: tuple[str, ...], inputs: NamedValues, *, full: bool, baud: int | None, quiet: bool
) -> tuple[BoardOutcome, ...]:
    """Verify the boards at the ports, or a virtual one. The error of a single board is raised."""
    with progress_lines(ports or (project.board.name,), quiet=quiet) as watch:
        outcomes = outcomes_of(project, ports, inputs, watch, full=full, baud=baud)
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


@dataclass(frozen=True, slots=True)
class Shown:
    """A board's outcome, the bundle of its difference, and how often it was right, where pictures are labelled."""

    outcome: BoardOutcome
    bundle: Path | None
    accuracy: Accuracy | None

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        accuracy = {} if self.accuracy is None else {"accuracy": self.accuracy.as_json()}
        return {**self.outcome.as_json(), "bundle": str(self.bundle) if self.bundle else None, **accuracy}


def _inputs(project: Project, given: Given) -> NamedValues:
    return inputs_of(project, given.count if given.file is None else given.file, given.seed)


def _pictures(project: Project, given: Given) -> PictureInputs | None:
    if given.images is None:
        if given.within is not None:
            raise InputError("--range is for pictures", "give them by --images FOLDER, or leave it out")
        return None
    if given.file is not None:
        raise InputError("--input and --images exclude each other", "leave one of them out")
    return picture_inputs(project, given.images, given.within, given.limit)


def _accuracy(pictures: PictureInputs, outcome: BoardOutcome) -> Accuracy | None:
    """How often a board is right about pictures that were compared, if any were."""
    answers = () if outcome.report is None else outcome.report.answers
    return accuracy(pictures, answers) if answers else None


def _show(shown: tuple[Shown, ...], compared: tuple[Comparison, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json([s.as_json() for s in shown], [c.as_json() for c in compared]))
        return
    if len(shown) == 1 and shown[0].outcome.report is not None:
        show(shown[0].outcome.report.verdict)
    elif shown:
        show_outcomes(tuple(s.outcome for s in shown))
    for one in shown:
        if one.bundle is not None:
            text = f"{escape(str(one.bundle))}: attach it to an issue, it says all of the above"
            out().print(f"[bold]bundle[/bold]: {text}", soft_wrap=True)
        if one.accuracy is not None:
            show_accuracy(one.accuracy, one.outcome.port)
    for comparison in compared:
        show_comparison(comparison)
