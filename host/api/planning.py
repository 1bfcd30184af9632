"""Ways to run a network within budgets, or on a board, and the one that an export takes."""

from dataclasses import dataclass
from typing import Any

from depthwise.codegen.errors import InputError
from depthwise.codegen.graph import Graph
from depthwise.codegen.project.memory import application_bytes, check_budget
from depthwise.codegen.project.picked_way import Wishes, ways_on
from depthwise.codegen.project.placement import USUAL, Placement
from depthwise.codegen.schedule import Point, Report, RowPlan, nobody, pick
from depthwise.codegen.targets.boards import Board, bare_core, board
from depthwise.codegen.targets.cores import core

from .html import html_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Ways that no other beats, `picked` what `export` takes with the same wishes; budgets in bytes, None: no limit.

    On a board the budgets are what it leaves for the network and its constants, unless others were wished for, and
    `fastest` is the fastest way within them. `code_bytes` of the network's code lie in RAM, beside the budget.
    """

    model: str
    board: Board
    points: tuple[Point, ...]
    picked: Point
    fastest: Point
    ram_budget: int | None
    flash_budget: int | None
    code_bytes: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        picked = {"ram_bytes": self.picked.ram_bytes, "flash_bytes": self.picked.flash_bytes}
        rows = [{**_row(p), "picked": p is self.picked, "fits": self.fits(p)} for p in self.points]
        budgets = {"ram_budget": self.ram_budget, "flash_budget": self.flash_budget}
        code = {"ram_code_bytes": self.code_bytes} if self.code_bytes else {}
        place = {"board": self.board.name or None, "core": self.board.core}
        time = {"cycles": self.picked.cycles, "wait_cycles": self.picked.waits}
        return {"model": self.model, **budgets, "points": rows, **place, **picked, **time, **code}

    def fits(self, point: Point) -> bool:
        """Tell whether a way keeps the budgets."""
        return point.fits(self.ram_budget, self.flash_budget)

    def _repr_html_(self) -> str:
        what = f"{self.model}: {len(self.points)} ways to run it on {self.board.name or self.board.core}"
        headings = ("", "RAM", "constants", "cycles" if self.picked.variant.cycles else "more cycles", "layers")
        rows = [
            (">" if p is self.picked else "", p.ram_bytes, p.flash_bytes, p.time, segments_text(p.plan))
            for p in self.points
        ]
        return html_table(what, headings, rows)


def target_of(board_name: str | None, core_name: str | None) -> Board:
    """The board of a name, or what stands for one where only a core is given. Raises InputError for both, or none."""
    if (board_name is None) == (core_name is None):
        raise InputError("a board is needed, or a core", "give one of the two")
    return board(board_name) if board_name is not None else bare_core(core_name or "")


def plans_on(
    model: str,
    graph: Graph,
    target: Board,
    wishes: Wishes,
    *,
    report: Report = nobody,
    placement: Placement = USUAL,
) -> Plans:
    """Plan a network behind the exact passes. Raises DoesNotFitError where nothing keeps the budgets."""
    code = placement.code_bytes(graph, target)
    target = placement.left(graph, target)
    found = ways_on(graph, target, wishes, name=model, report=report)
    ram, flash = _budgets(graph, target, wishes, found.picked)
    check_budget(model, found.points, ram, flash)
    fastest = pick(found.points, ram, wishes.flash, target.flash_bytes or None)
    return Plans(
        model=model,
        board=target,
        points=found.points,
        picked=found.picked,
        fastest=fastest,
        ram_budget=ram,
        flash_budget=flash,
        code_bytes=code,
    )


def _budgets(graph: Graph, target: Board, wishes: Wishes, picked: Point) -> tuple[int | None, int | None]:
    """What was wished for, or else what the board leaves for a network."""
    if not target.ram_bytes:
        return wishes.ram, wishes.flash
    spent = application_bytes(graph, vectors=core(target.core).vectors)
    ram = target.ram_bytes - target.stack_bytes - spent if wishes.ram is None else wishes.ram
    return ram, target.flash_bytes - picked.variant.code_bytes if wishes.flash is None else wishes.flash


def _row(p: Point) -> dict[str, Any]:
    return {
        "segments": [list(segment) for segment in p.plan.segments],
        "layers": segments_text(p.plan),
        "ram_bytes": p.ram_bytes,
        "flash_bytes": p.flash_bytes,
        "cycles": p.cycles,
        "wait_cycles": p.waits,
    }


def segments_text(plan: RowPlan) -> str:
    """Layers of each segment, in words: rows through several layers at once, or whole tensors.

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
