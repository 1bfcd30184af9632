"""`depthwise fit`: which boards hold a model, by how much, and how fast it is on each."""

from pathlib import Path

import click

from depthwise.codegen.formats.front_end import read_network
from depthwise.codegen.passes import PassOptions
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.targets.boards import board
from depthwise.host.api.fitting import fits_of
from depthwise.host.console import print_json, progress
from depthwise.host.console.quoted import quoted

from .fit_views import show_fits
from .known_names import board_option
from .pass_options import pass_options


@click.command("fit")
@click.argument("model", type=click.Path(path_type=Path))
@board_option("names", multiple=True, help="Ask about this board alone (repeatable).")
@click.option("--ram-code", is_flag=True, help="With the network's code in RAM, as `export --ram-code` puts it there.")
@pass_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(model: Path, names: tuple[str, ...], passes: PassOptions, *, ram_code: bool, as_json: bool) -> None:
    """Show which boards hold MODEL (int8, or a float one, estimated): RAM, flash, predicted time.

    Boards that hold it come first, the fastest of them on top. Every answer is for the way that `depthwise export -b
    BOARD` takes; `depthwise plan -b BOARD` shows the others.
    """
    targets = [board(name) for name in names]
    with progress(f"planning {quoted(model)}", None, quiet=as_json):
        found = fits_of(model.name, read_network(model), passes, targets or None, Placement(ram_code=ram_code))
    if as_json:
        print_json(found.as_json())
    else:
        show_fits(found)
