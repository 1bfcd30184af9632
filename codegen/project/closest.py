"""The closest board that holds a network: the plan is made for it, with the kernels of its core."""

from collections.abc import Callable

from depthwise.codegen.emit.network_view import variants
from depthwise.codegen.operators.costs import total_weight_bytes
from depthwise.codegen.schedule import Point, RowPlan, points_of
from depthwise.codegen.targets.boards import Board, boards, core_of


def closest_board(plan: RowPlan, application: Callable[[Board], int]) -> Board | None:
    """Board with the least RAM that has room for a network cut as in a plan; None if all are too small.

    Scratch and constants are those of each board's kernels; `application` says what else lies in its RAM.
    """
    least = plan.arena_bytes - plan.scratch_bytes
    by_kernels: dict[tuple[int, ...], tuple[Point, ...]] = {}
    for board in sorted(boards().values(), key=lambda b: b.ram_bytes):
        room = board.ram_bytes - board.stack_bytes - application(board)
        if room < least or board.flash_bytes < total_weight_bytes(plan.graph):
            continue
        core = core_of(board)
        kernels = tuple(map(id, core.families))
        if kernels not in by_kernels:
            by_kernels[kernels] = points_of(plan, variants(plan.graph, core))
        if any(p.fits(room, None, board.flash_bytes) for p in by_kernels[kernels]):
            return board
    return None
