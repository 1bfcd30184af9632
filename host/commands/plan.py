"""`depthwise plan`: ways to run a model, what each takes of RAM, flash and time, and which one a budget picks."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.formats.front_end import read_int8
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.memory import check_budget, network_room
from depthwise.codegen.project.within_ram import points_within
from depthwise.codegen.schedule import SCHEDULES, Point, RowPlan, Variant, pick
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import Core, core
from depthwise.host.console import out, print_json, progress, table
from depthwise.host.console.quoted import quoted

from .grouped_options import grouped
from .pass_options import pass_options
from .size_type import size


@dataclass(frozen=True, slots=True)
class Wanted:
    """Budgets in bytes, or a board whose memories they are, and whose kernels are used."""

    ram: int | None
    flash: int | None
    board_name: str | None
    core_name: str
    schedule: str

    def on_board(self, graph: Graph, ways: tuple[Variant, ...]) -> "Wanted":
        """What the board leaves for a network, but for what was given; `ways` to store it are those of its core."""
        if self.board_name is None:
            return self
        target = board(self.board_name)
        ram = network_room(graph, target) if self.ram is None else self.ram
        flash = target.flash_bytes - ways[0].code_bytes if self.flash is None else self.flash
        return replace(self, ram=ram, flash=flash)

    @property
    def core(self) -> Core:
        """The core whose kernels are used."""
        return core(self.core_name if self.board_name is None else board(self.board_name).core)


@click.command("plan")
@click.argument("model", type=click.Path(path_type=Path))
@grouped(
    "wanted",
    Wanted,
    click.option(
        "--ram", type=size, metavar="SIZE", help="RAM for the network, such as 32K: the fastest way within it."
    ),
    click.option("--flash", type=size, metavar="SIZE", help="Flash for its constants."),
    click.option("-b", "--board", "board_name", help="Take the budget from a board, firmware and stack left out."),
    click.option("--core", "core_name", default="cortex-m4", show_default=True, help="Core whose kernels are used."),
    click.option("--schedule", type=click.Choice(SCHEDULES), default="auto", show_default=True),
)
@pass_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(model: Path, wanted: Wanted, passes: PassOptions, *, as_json: bool) -> None:
    """Show the ways to run MODEL (.tflite) that no other way beats in RAM, flash and time.

    Rows: a stretch of layers runs as a pipeline, each keeps only the rows that the next one still needs.
    Whole tensors: layer after layer, each output whole. Every way computes the same bytes, and nothing twice.
    """
    with progress(f"planning {quoted(model)}", None, quiet=as_json) as report:
        graph = optimize(read_int8(model), passes).graph
        ways = variants(graph, wanted.core)
        wanted = wanted.on_board(graph, ways)
        found = points_within(graph, wanted.core, wanted.ram, wanted.schedule, report)
    check_budget(model.stem, found, wanted.ram, wanted.flash)
    picked = pick(found, wanted.ram, wanted.flash)
    if as_json:
        rows = [{**_row(p), "picked": p is picked} for p in found]
        print_json({"model": model.name, "ram_budget": wanted.ram, "flash_budget": wanted.flash, "points": rows})
        return
    _show(model, wanted.core.name, found, picked)


def _show(model: Path, core_name: str, found: tuple[Point, ...], picked: Point) -> None:
    graph = picked.plan.graph
    image = sum(graph.tensors[i].elements for i in graph.inputs)
    shown = table(
        f"{model.name}: {len(found)} ways to run it on a {core_name}",
        ("", "left"),
        ("RAM", "right"),
        ("with the image" if len(graph.inputs) == 1 else "with the inputs", "right"),
        ("constants", "right"),
        ("cycles" if picked.variant.cycles else "more cycles", "right"),
        ("layers", "left"),
    )
    rows = [p for p in found if p is picked or p.variant.usual or _is_end(p, found)]
    for p in rows:
        numbers = (p.ram_bytes, p.ram_bytes + image, p.flash_bytes, p.cycles)
        mark = "[green]>[/green]" if p is picked else ""
        shown.add_row(mark, *(f"{n:,}" for n in numbers), stretches(p.plan))
    console = out()
    console.print(shown)
    console.print("\nRAM is all that the network keeps, to the byte. Given row by row, the image itself is never kept.")
    console.print(
        "Cycles are predicted (zero flash wait states); fewer for more flash: weights kept as int16."
        if picked.variant.cycles
        else "Cycles are those of following the order alone: every way multiplies equally often."
    )
    if len(rows) < len(found):
        console.print(f"{len(found) - len(rows)} more ways lie between these, with fewer layers as int16: see --json.")
    budget = f"--ram {picked.ram_bytes} --flash {picked.flash_bytes}"
    console.print(f"next: depthwise export {quoted(model)} {budget} -b BOARD -o PROJECT", soft_wrap=True)


def _is_end(p: Point, found: tuple[Point, ...]) -> bool:
    """Tell whether no way of the same cuts takes less flash, or none less time."""
    same = [q for q in found if q.plan is p.plan]
    return p.flash_bytes == min(q.flash_bytes for q in same) or p.cycles == min(q.cycles for q in same)


def _row(p: Point) -> dict[str, Any]:
    return {
        "segments": [list(segment) for segment in p.plan.segments],
        "layers": stretches(p.plan),
        "ram_bytes": p.ram_bytes,
        "flash_bytes": p.flash_bytes,
        "cycles": p.cycles,
    }


def stretches(plan: RowPlan) -> str:
    """Layers of each stretch, in words: rows through several layers at once, or whole tensors.

    Numbers are the operators' in the model.
    """
    texts: list[tuple[str, int, int]] = []
    for start, stop in plan.segments:
        kind = "rows" if stop - start > 1 else "whole"
        first, last = plan.graph.nodes[start].layer, plan.graph.nodes[stop - 1].layer
        if kind == "whole" and texts and texts[-1][0] == "whole":
            first = texts.pop()[1]
        texts.append((kind, first, last))
    return ", ".join(f"{kind} {first}" if first == last else f"{kind} {first}-{last}" for kind, first, last in texts)
