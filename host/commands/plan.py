"""`depthwise plan`: ways to run a model, what each takes of RAM, flash and time, and which one a budget picks."""

from dataclasses import dataclass
from pathlib import Path

import click

from depthwise.codegen.formats.front_end import read_int8
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.picked_way import Wishes
from depthwise.codegen.project.placement import Placement
from depthwise.codegen.schedule import SCHEDULES, Point
from depthwise.codegen.targets.boards import Board, bare_core, board
from depthwise.host.api.planning import Plans, plans_on, segments_text
from depthwise.host.console import out, print_json, progress, table
from depthwise.host.console.quoted import quoted

from .grouped_options import grouped
from .known_names import board_option, core_option
from .pass_options import pass_options
from .size_type import size


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Budgets in bytes, or a board whose memories they are, and whose kernels are used."""

    ram: int | None
    flash: int | None
    board_name: str | None
    core_name: str
    schedule: str
    ram_code: bool

    @property
    def target(self) -> Board:
        """The board, or what stands for it where there is only a core."""
        return bare_core(self.core_name) if self.board_name is None else board(self.board_name)


@click.command("plan")
@click.argument("model", type=click.Path(path_type=Path))
@grouped(
    "wanted",
    Wanted,
    click.option(
        "--ram", type=size, metavar="SIZE", help="RAM for the network, such as 32K: the fastest way within it."
    ),
    click.option("--flash", type=size, metavar="SIZE", help="Flash for its constants."),
    board_option("board_name", help="Take the budget from a board, firmware and stack left out."),
    core_option("core_name", default="cortex-m4", show_default=True, help="Core whose kernels are used."),
    click.option("--schedule", type=click.Choice(SCHEDULES), default="auto", show_default=True),
    click.option("--ram-code", is_flag=True, help="With the network's code in RAM, too, with --board."),
)
@pass_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(model: Path, wanted: Wanted, passes: PassOptions, *, as_json: bool) -> None:
    """Show the ways to run MODEL (.tflite) that no other way beats in RAM, flash and time.

    Rows: a segment of the layers runs as a pipeline, each keeps only the rows that the next one still needs.
    Whole tensors: layer after layer, each output whole. Every way computes the same bytes, and nothing twice.
    """
    with progress(f"planning {quoted(model)}", None, quiet=as_json) as report:
        graph = optimize(read_int8(model), passes).graph
        wishes = Wishes(wanted.schedule, wanted.ram, wanted.flash)
        plans = plans_on(
            model.stem, graph, wanted.target, wishes, report=report, placement=Placement(ram_code=wanted.ram_code)
        )
    if as_json:
        print_json({**plans.as_json(), "model": model.name})
    else:
        _show(model, plans, wishes)


def _show(model: Path, plans: Plans, wishes: Wishes) -> None:
    graph, picked = plans.picked.plan.graph, plans.picked
    image = sum(graph.tensors[i].elements for i in graph.inputs)
    shown = table(
        f"{model.name}: {len(plans.points)} ways to run it on a {plans.board.core}",
        ("", "left"),
        ("RAM", "right"),
        ("with the image" if len(graph.inputs) == 1 else "with the inputs", "right"),
        ("constants", "right"),
        ("cycles" if picked.variant.cycles else "more cycles", "right"),
        ("layers", "left"),
    )
    rows = [p for p in plans.points if p is picked or p.variant.usual or _is_end(p, plans.points)]
    for p in rows:
        numbers = (p.ram_bytes, p.ram_bytes + image, p.flash_bytes, p.time)
        mark = "[green]>[/green]" if p is picked else ""
        shown.add_row(mark, *(f"{n:,}" for n in numbers), segments_text(p.plan))
    console = out()
    console.print(shown)
    console.print(f"\n{_of_ram(plans)}")
    console.print(
        f"Cycles are predicted ({_waiting(picked)}); fewer for more flash: weights kept as int16."
        if picked.variant.cycles
        else "Cycles are those of following the order alone: every way multiplies equally often."
    )
    if len(rows) < len(plans.points):
        more = len(plans.points) - len(rows)
        console.print(f"{more} more ways lie between these, with fewer layers as int16: see --json.")
    _show_next(model, plans, wishes)


def _waiting(picked: Point) -> str:
    """What flash adds to the cycles of the way that is taken."""
    return f"{picked.waits:,} of them are waits for flash" if picked.waits else "zero flash wait states"


def _of_ram(plans: Plans) -> str:
    code = f" Its code takes at most {plans.code_bytes:,} bytes more." if plans.code_bytes else ""
    return f"RAM is all that the network keeps, to the byte. Given row by row, the image itself is never kept.{code}"


def _show_next(model: Path, plans: Plans, wishes: Wishes) -> None:
    """The export that takes the way which is marked, and on a board the budget for the fastest that it holds."""
    console, picked = out(), plans.picked
    if not plans.board.name:
        budget = f"--ram {picked.ram_bytes} --flash {picked.flash_bytes}"
        console.print(f"next: depthwise export {quoted(model)} {budget} -b BOARD -o PROJECT", soft_wrap=True)
        return
    if plans.fastest.time < picked.time:
        console.print(
            f"{plans.board.name} has room for the way with {plans.fastest.time:,} cycles: --ram {plans.ram_budget}",
            soft_wrap=True,
        )
    sizes = (("ram", wishes.ram), ("flash", wishes.flash))
    budget = "".join(f" --{what} {size}" for what, size in sizes if size is not None)
    budget += " --ram-code" if plans.code_bytes else ""
    console.print(f"next: depthwise export {quoted(model)} -b {plans.board.name}{budget} -o PROJECT", soft_wrap=True)


def _is_end(p: Point, found: tuple[Point, ...]) -> bool:
    """Tell whether no way of the same cuts takes less flash, or none less time."""
    same = [q for q in found if q.plan is p.plan]
    return p.flash_bytes == min(q.flash_bytes for q in same) or p.time == min(q.time for q in same)
