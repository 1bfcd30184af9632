"""`depthwise capture`: pictures for training from the very camera that the network will see through."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.markup import escape

from depthwise.host.api.verifying import chosen_project
from depthwise.host.capture.capturing import Captured, CaptureRequest, capture
from depthwise.host.console import err, out, print_json, progress
from depthwise.host.console.endings import INTERRUPTED, WELL
from depthwise.host.console.quoted import quoted
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link import Link

from .known_names import baud_option


@click.command("capture")
@click.option("-p", "--port", help="Serial port of the board: /dev/ttyUSB0, COM3, socket://…, rfc2217://…")
@click.option(
    "--virtual",
    type=click.Path(path_type=Path),
    metavar="PROJECT",
    help="Run a built project on its virtual board instead: it makes pictures up.",
)
@baud_option
@click.option("--label", required=True, help="What the pictures show: the class, the folder that they go to.")
@click.option("-o", "--out", "folder", required=True, type=click.Path(path_type=Path), help="Folder of all classes.")
@click.option(
    "--count",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="Pictures that there are to be of the class, with those that are there.  [default: until Ctrl-C]",
)
@click.option("--every", default=0.0, type=click.FloatRange(0), metavar="S", help="Seconds from one to the next.")
@click.option("--json", "as_json", is_flag=True, help="Print what was taken as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    port: str | None,
    baud: int | None,
    virtual: Path | None,
    label: str,
    folder: Path,
    count: int | None,
    every: float,
    as_json: bool,
) -> None:
    """Take pictures with the camera of a board, for training, into the folder of a class.

    The board runs a project that was exported with --capture. Pictures in FOLDER/LABEL stay and count: the same
    command goes on where it was interrupted.

    Exit code 0: all are there. 130: Ctrl-C ended it before (the whole pictures stay). 2: an error.
    """
    if (port is None) == (virtual is None):
        raise click.UsageError("give either --port or --virtual PROJECT")
    request = CaptureRequest(folder=folder, label=label, count=count, every=every)
    showing = progress(f"taking {label}", None, quiet=as_json)
    with _url(port, virtual) as url, Link.open(url, baud=baud) as link, showing as report:
        taken = capture(link, request, report)
    _show(taken, as_json=as_json)
    ctx.exit(INTERRUPTED if taken.interrupted and count is not None else WELL)


@contextmanager
def _url(port: str | None, virtual: Path | None) -> Iterator[str]:
    if virtual is None:
        yield port or ""
        return
    project = chosen_project(virtual, None, virtual=True)
    with virtual_board(project.firmware, project.board) as url:
        yield url


def _show(taken: Captured, *, as_json: bool) -> None:
    if as_json:
        print_json(taken.as_json())
        return
    camera, place = taken.camera, taken.folder / taken.label
    what = f"{camera.height}x{camera.width}x{camera.channels} of {camera.type.name.lower()}"
    out().print(f"[bold]{escape(str(place))}[/bold]: {len(taken.files)} new pictures, {what}; {taken.there} in all")
    if taken.damaged:
        err().print(f"[yellow]line:[/yellow] {taken.damaged} damaged frames, fetched again", soft_wrap=True)
    said = "train --images" if camera.is_image else "quantize MODEL --data"
    out().print(f"next: other classes by --label, then depthwise {said} {quoted(taken.folder)}", soft_wrap=True)
