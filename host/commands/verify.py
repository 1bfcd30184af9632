"""`depthwise verify`: runs inputs on a board and compares every byte with the golden model."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from depthwise.codegen.errors import ToolError
from depthwise.host.console import out, print_json, progress, table
from depthwise.host.inputs import generated_inputs, inputs_from_file
from depthwise.host.link import Link
from depthwise.host.project import Project, open_project
from depthwise.host.verdict import Verdict
from depthwise.host.verify import verify
from depthwise.host.virtual import virtual_board


@click.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("-p", "--port", help="Serial port of the board: /dev/ttyUSB0, socket://…, rfc2217://…")
@click.option("--virtual", is_flag=True, help="Run the built firmware on a virtual board.")
@click.option("-n", "--inputs", "count", default=6, show_default=True, help="Number of generated inputs.")
@click.option("--seed", default=0, show_default=True, help="Seed of the random inputs.")
@click.option("--input", "file", type=click.Path(path_type=Path), help="Inputs of your own (.npy, int8).")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    port: str | None,
    count: int,
    seed: int,
    file: Path | None,
    *,
    virtual: bool,
    as_json: bool,
) -> None:
    """Compare a board with the golden model of the project in FOLDER, bit for bit.

    Exit code 0: equal. 1: different, and the first layer, row, column and channel is named. 2: an error.
    """
    if (port is None) == (not virtual):
        raise click.UsageError("give either --port or --virtual")
    project = open_project(folder)
    if virtual and not project.runs_here:
        board = project.board.name or project.board.title
        raise ToolError(
            f"a project of kind {project.kind.name} for {board} has no virtual twin",
            "flash it and give --port" if project.kind.app else "it has no application to speak to",
        )
    made = (
        inputs_from_file(project.graph, file)
        if file
        else generated_inputs(project.graph, count, seed, project.passes.input_range)
    )
    cases = list(made)
    with _board(project, port) as link, progress("verifying", len(cases), quiet=as_json) as report:
        verdict = verify(project, link, cases, _counter(report, len(cases)))
    if as_json:
        print_json(verdict.as_json())
    else:
        show(verdict)
    ctx.exit(0 if verdict.equal else 1)


@contextmanager
def _board(project: Project, port: str | None) -> Iterator[Link]:
    if port is not None:
        with Link.open(port) as link:
            yield link
        return
    with virtual_board(project.firmware, project.board) as url, Link.open(url) as link:
        yield link


def _counter(report: Callable[[int, int], None], total: int) -> Callable[[str], None]:
    done = iter(range(total + 1))
    return lambda _: report(next(done), total)


def show(verdict: Verdict) -> None:
    """Print a verdict."""
    console = out()
    rows = table(f"{verdict.name} on {verdict.board} ({verdict.core})", ("", "left"), ("", "left"))
    rows.show_header = False
    rows.add_row("inputs", f"{verdict.inputs}")
    rows.add_row("compared", f"{verdict.bytes_compared:,} bytes in {verdict.tensors} tensors per input")
    rows.add_row("network's RAM", f"{verdict.ram_bytes:,} bytes")
    if verdict.stack_bytes:
        rows.add_row("stack used", f"{verdict.stack_bytes:,} bytes")
    rows.add_row("counter", f"{verdict.ticks:,} ticks for one inference of {verdict.macs:,} MACs")
    if verdict.damaged_frames:
        rows.add_row("damaged frames", f"{verdict.damaged_frames} (repeated)")
    console.print(rows)
    if verdict.difference is None:
        console.print("[green]equal[/green]: 0 bytes differ from the golden model")
    else:
        console.print(f"[red]different[/red]: {verdict.difference}")
        console.print(f"  {verdict.difference.meaning}")
