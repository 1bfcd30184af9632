"""The closest board that holds a network: the plan is made for it, with the kernels of its core."""

from collections.abc import Callable

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.operators.costs import total_weight_bytes
from depthwise.codegen.schedule import Point, RowPlan, points_of
from depthwise.codegen.targets.boards import Board, boards
from depthwise.codegen.targets.cores import core


def closest_board(plan: RowPlan, application: Callable[[Board], int]) -> Board | None:
    """Board with the least RAM that has room for a network cut as in a plan; None if all are too small.

    Scratch and constants are those of each board's kernels; `application` says what else lies in its RAM.
    """
    least = plan.arena_bytes - plan.scratch_bytes
    by_core: dict[str, tuple[Point, ...]] = {}
    for board in sorted(boards().values(), key=lambda b: b.ram_bytes):
        room = board.ram_bytes - board.stack_bytes - application(board)
        if room < least or board.flash_bytes < total_weight_bytes(plan.graph):
            continue
        if board.core not in by_core:
            by_core[board.core] = _on_core(plan, board.core)
        if any(p.fits(room, None, board.flash_bytes) for p in by_core[board.core]):
            return board
    return None


def _on_core(plan: RowPlan, name: str) -> tuple[Point, ...]:
    """The same cuts with each way that a core stores weights."""
    return points_of(plan, variants(plan.graph, core(name)))
