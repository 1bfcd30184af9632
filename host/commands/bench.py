"""`depthwise bench`: how long an inference takes on a board, repeated, beside what was predicted."""

from pathlib import Path
from statistics import median

import click

from depthwise.host.api.benching import bench
from depthwise.host.console import out, print_json, progress_lines, table
from depthwise.host.verify.repeated_runs import RepeatedRuns

from .known_names import baud_option, port_option
from .saved_measurement import save_option, saved
from .verify_views import predicted_text, whose_ticks


@click.command("bench")
@click.argument("folder", type=click.Path(path_type=Path))
@port_option(help="Serial port of the board (default: the one with its USB id).")
@baud_option
@click.option("--virtual", is_flag=True, help="Run the built firmware on a virtual board: its ticks are no chip's.")
@click.option("-r", "--repeats", default=10, show_default=True, type=click.IntRange(1), help="Runs of the one input.")
@click.option("--input", "file", type=click.Path(path_type=Path), help="Take the first input of an .npy or .npz file.")
@save_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    folder: Path,
    port: str | None,
    baud: int | None,
    virtual: bool,
    repeats: int,
    file: Path | None,
    save: Path | None,
    as_json: bool,
) -> None:
    """Run one input again and again on the board of the project in FOLDER: min, median and max of its counter.

    Exit code 0: outputs were right every time. 1: they were not. 2: an error.
    """
    with progress_lines((str(folder),), quiet=as_json) as watch:
        found = bench(
            folder,
            port,
            virtual=virtual,
            repeats=repeats,
            inputs=1 if file is None else file,
            baud=baud,
            watch=lambda step: watch(0, step),
        )
    saved(save, found.as_json())
    if as_json:
        print_json(found.as_json())
    else:
        _show(found)
    ctx.exit(1 if found.wrong else 0)


def _show(found: RepeatedRuns) -> None:
    rows = table(
        f"{found.name} on {found.board} ({found.core}), {len(found.ticks)} runs of one input",
        ("", "left"),
        ("ticks", "right"),
        ("time", "right"),
    )
    for what, ticks in (("min", min(found.ticks)), ("median", median(found.ticks)), ("max", max(found.ticks))):
        time = found.milliseconds(ticks)
        rows.add_row(what, f"{ticks:,.0f}", "" if time is None else f"{time:,.3f} ms")
    console = out()
    console.print(rows)
    console.print(f"ticks are {whose_ticks(found.clock)}", soft_wrap=True)
    if found.predicted is not None:
        console.print(f"predicted: {predicted_text(found.predicted)}", soft_wrap=True)
    right = "[green]equal[/green] every time" if not found.wrong else f"[red]different[/red] in {found.wrong} runs"
    console.print(f"outputs: {right}; `depthwise verify` compares every tensor", soft_wrap=True)
