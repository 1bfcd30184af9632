"""Which way of running a network a project gets: the one answer of export, plan, inspect and fit."""

from dataclasses import dataclass, replace

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.schedule import Point, Report, nobody, pick, points
from depthwise.codegen.targets.boards import Board, core_of

from .memory import check_budget, network_room
from .within_ram import points_within


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a way is picked by: a schedule of SCHEDULES, budgets in bytes (None: no limit), a storage of weights.

    With a budget for RAM the fastest way within it is taken, else the one with the least RAM. `int16_from` is the
    planner's unless given (kernels/weight_storage.py).
    """

    schedule: str = "auto"
    ram: int | None = None
    flash: int | None = None
    int16_from: int | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way that no other beats in RAM, flash and cycles, and the one that is taken."""

    points: tuple[Point, ...]
    picked: Point


def ways_on(
    graph: Graph,
    board: Board,
    wishes: Wishes | None = None,
    *,
    name: str = "",
    detached: bool = False,
    application: int | None = None,
    report: Report = nobody,
) -> Ways:
    """Plan a network behind the exact passes for a board (or a bare core), and pick.

    Where RAM is short, kernels are those with less scratch; `application` is what lies there beside the network, that
    of a plain build unless given.

    Raises DoesNotFitError, with `name` in it, if no way keeps a budget that was wished for; whether the picked way fits
    the board's memories is for memory.py and fits.py to tell.
    """
    wishes = wishes or Wishes()
    target = core_of(board)
    if wishes.int16_from is None:
        room = wishes.ram if wishes.ram is not None or detached else network_room(graph, board, application)
        found = points_within(graph, target, room, wishes.schedule, report)
    else:
        stored = replace(variant(graph, target, wishes.int16_from), usual=True)
        found = points(graph, wishes.schedule, stored, report=report)
    check_budget(name or graph.name, found, wishes.ram, wishes.flash)
    return Ways(found, with_room(found, wishes, board, detached=detached))


def with_room(found: tuple[Point, ...], wishes: Wishes, board: Board, *, detached: bool = False) -> Point:
    """The way that is taken of those found: with weights as int16 where they are faster and the board's flash has room.

    Constants that are `detached` lie elsewhere.
    """
    image = None if detached or not board.flash_bytes else board.flash_bytes
    return pick(found, wishes.ram, wishes.flash, image)
