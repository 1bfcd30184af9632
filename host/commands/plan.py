"""`depthwise plan`: ways to run a model, what each takes of RAM, flash and time, and which one a budget picks."""

from pathlib import Path
from typing import Any

import click

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.formats.front_end import read_int8
from depthwise.codegen.passes import optimize
from depthwise.codegen.passes.intervals import Range
from depthwise.codegen.project.memory import application_bytes, check_budget
from depthwise.codegen.schedule import SCHEDULES, Point, RowPlan, pick, points
from depthwise.codegen.targets.boards import board
from depthwise.codegen.targets.cores import core
from depthwise.host.console import out, print_json, table
from depthwise.host.console.quoted import quoted

from .pass_options import chosen, pass_options
from .size_type import size


@click.command("plan")
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--ram", type=size, metavar="SIZE", help="RAM for the network, such as 32K: the fastest way within it.")
@click.option("--flash", type=size, metavar="SIZE", help="Flash for its constants.")
@click.option("-b", "--board", "board_name", help="Take the budget from a board, firmware and stack left out.")
@click.option("--core", "core_name", default="cortex-m4", show_default=True, help="Core whose kernels are used.")
@click.option("--schedule", type=click.Choice(SCHEDULES), default="auto", show_default=True)
@pass_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(
    *,
    model: Path,
    ram: int | None,
    flash: int | None,
    board_name: str | None,
    core_name: str,
    schedule: str,
    assume_input_range: Range,
    output: str,
    no_passes: bool,
    as_json: bool,
) -> None:
    """Show the ways to run MODEL (.tflite) that no other way beats in RAM, flash and time.

    Rows: a stretch of layers runs as a pipeline, each keeps only the rows that the next one still needs.
    Whole tensors: layer after layer, each output whole. Every way computes the same bytes, and nothing twice.
    """
    graph = optimize(read_int8(model), chosen(assume_input_range, output, no_passes=no_passes)).graph
    if board_name is not None:
        target = board(board_name)
        spent = application_bytes(graph, vectors=core(target.core).vectors)
        ram = target.ram_bytes - target.stack_bytes - spent if ram is None else ram
        flash = target.flash_bytes if flash is None else flash
        core_name = target.core
    found = points(graph, schedule, *variants(graph, core(core_name)))
    check_budget(model.stem, found, ram, flash)
    picked = pick(found, ram, flash)
    if as_json:
        rows = [{**_row(p), "picked": p is picked} for p in found]
        print_json({"model": model.name, "ram_budget": ram, "flash_budget": flash, "points": rows})
        return
    _show(model, core_name, found, picked)


def _show(model: Path, core_name: str, found: tuple[Point, ...], picked: Point) -> None:
    image = picked.plan.graph.tensors[picked.plan.graph.inputs[0]].elements
    shown = table(
        f"{model.name}: {len(found)} ways to run it on a {core_name}",
        ("", "left"),
        ("RAM", "right"),
        ("with the image", "right"),
        ("constants", "right"),
        ("cycles" if picked.variant.cycles else "more cycles", "right"),
        ("layers", "left"),
    )
    for p in found:
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
    budget = f"--ram {picked.ram_bytes} --flash {picked.flash_bytes}"
    console.print(f"next: depthwise export {quoted(model)} {budget} -b BOARD -o PROJECT", soft_wrap=True)


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
