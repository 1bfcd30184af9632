"""Will it fit: RAM and flash of a planned network against a budget or a board, and which board would do."""

from collections.abc import Callable
from typing import Final

from depthwise.codegen.emit.views import NetworkView
from depthwise.codegen.errors import DoesNotFitError
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.schedule import Point, RowPlan
from depthwise.codegen.targets.boards import Board
from depthwise.codegen.targets.cores import Core, core

from .closest import closest_board

# Static RAM of firmware/app and of a board's sources, object by object, each rounded up to words.
RECEIVER_BYTES: Final = 268  # link.h: one frame, its length, its state; answers are built in it too
SESSION_BYTES: Final = 32  # session.c: positions, state, ticks, the answer's place and length
RING_BYTES: Final = 272  # board: what arrives while the application computes, with both its ends
SPEED_BYTES: Final = 8  # speed.c: the line's speed, the next one, how long it is tried
CLOCKS_BYTES: Final = 8  # board: its frequency, the tick counter's upper half
ALIGNMENT_BYTES: Final = 8  # in front of the ticks of the session and of a board, which are 8 bytes wide
VECTOR_ALIGNMENT_BYTES: Final = 24  # in front of six arrays, on a core for which they are aligned to 8 bytes
WINDOW_BYTES: Final = 76  # trace.c: the captured bytes, where they lie, the checksum before them
PROMISE_BYTES: Final = 12  # trace.c: the first broken promise
SINCE_BYTES: Final = 4  # trace.c: when the last row was done with
LEAST_RAM_CODE_BYTES: Final = 512  # of a network's code that lies in RAM
WITHOUT_CODE: Final = "leave --ram-code away"
LEAST_CODE_BYTES: Final = 4096  # flash of a firmware's application, without its network
CANARY_BYTES: Final = 12  # canary.c: the first canary that died
CHECKSUM_BYTES: Final = 8  # trace.c, for each traced tensor: its checksum and its ticks
FIXED_BYTES: Final = RECEIVER_BYTES + SESSION_BYTES + RING_BYTES + SPEED_BYTES + CLOCKS_BYTES + ALIGNMENT_BYTES


def application_bytes(
    graph: Graph, traced: int | None = None, *, canary: bool = False, vectors: bool = False, sequence: int = 1
) -> int:
    """Static RAM of everything but the network's own state: an upper bound, a few bytes of alignment too high.

    One row of an input is collected before it goes into the network, and the outputs of a `sequence` are kept.
    `traced` is the number of traced tensors of a trace build, `vectors` as in Core.
    """
    row = max(graph.tensors[i].row_bytes for i in graph.inputs)
    scores = sum(graph.tensors[o].nbytes for o in graph.outputs)
    trace = 0 if traced is None else WINDOW_BYTES + PROMISE_BYTES + SINCE_BYTES + CHECKSUM_BYTES * traced
    extra = (CANARY_BYTES if canary else 0) + (VECTOR_ALIGNMENT_BYTES if vectors else 0)
    return FIXED_BYTES + _words(row) + _words(sequence * scores) + trace + extra


def ordered_row_bytes(graph: Graph, target: Core) -> int:
    """What a trace build takes of the stack more: a row that lies channel after channel is brought into order there."""
    chosen = choose_kernels(graph, target.families).chosen.values()
    return max((c.layer.output.row_bytes for c in chosen if c.layer.planar), default=0)


def network_room(graph: Graph, board: Board, application: int | None = None) -> int | None:
    """RAM that a board leaves for a network beside the stack and the application, of a plain build unless given."""
    if not board.ram_bytes:
        return None
    spent = _application(graph, board) if application is None else application
    return board.ram_bytes - board.stack_bytes - spent


def check_budget(name: str, found: tuple[Point, ...], ram: int | None, flash: int | None) -> None:
    """Raise DoesNotFitError if no plan of a network keeps a budget of `ram` and `flash` bytes."""
    if any(p.fits(ram, flash) for p in found):
        return
    graph, least = found[0].plan.graph, min(found, key=lambda p: p.ram_bytes)
    if ram is not None and least.ram_bytes > ram:
        raise DoesNotFitError(
            f"{name} needs at least {least.ram_bytes:,} bytes of RAM, the budget is {ram:,}",
            _next_step(least.plan, lambda b: _application(graph, b)),
        )
    least = min((p for p in found if p.fits(ram, None)), key=lambda p: p.flash_bytes)
    raise DoesNotFitError(
        f"{name} needs at least {least.flash_bytes:,} bytes of flash for constants, the budget is {flash or 0:,}",
        _next_step(least.plan, lambda b: _application(graph, b)),
    )


def check_memory(planned: RowPlan, net: NetworkView, board: Board, *, more: int = 0, code: int = 0) -> None:
    """Raise DoesNotFitError, with all the numbers, for a network that a board cannot hold.

    The application takes `more` bytes than usual, a trace build's stack a row more. `code` are estimated to lie in RAM:
    what is certain of them counts.
    """
    if not board.ram_bytes:
        return
    graph = planned.graph
    application, ordered = _application(graph, board, net) + more, net.longest_planar if net.trace else 0
    code, stack = min(code, LEAST_RAM_CODE_BYTES), board.stack_bytes + ordered
    needed = net.ram_bytes + code + application + stack
    if needed > board.ram_bytes:
        placed = f"at least {code:,} for its code, " if code else ""
        raise DoesNotFitError(
            f"{net.name} needs {needed:,} bytes of RAM ({net.ram_bytes:,} for activations, largest at "
            f"{max(graph.nodes, key=planned.ring_bytes)}, {placed}{application:,} for the application with an input "
            f"row and the scores, {stack:,} for the stack), {board.name} has {board.ram_bytes:,}",
            WITHOUT_CODE
            if needed - code <= board.ram_bytes
            else _next_step(planned, lambda b: _application(graph, b, net) + more + ordered),
        )
    if net.weight_bytes + LEAST_CODE_BYTES > board.flash_bytes:
        raise DoesNotFitError(
            f"{net.name} needs {net.weight_bytes:,} bytes of flash for constants and at least {LEAST_CODE_BYTES:,} for "
            f"code, {board.name} has {board.flash_bytes:,}",
            _next_step(planned, lambda b: _application(graph, b, net) + more + ordered),
        )


def _application(graph: Graph, board: Board, net: NetworkView | None = None) -> int:
    """RAM that the application takes on a board, of a plain build where the network's code is not known yet."""
    vectors = core(board.core).vectors
    if net is None:
        return application_bytes(graph, vectors=vectors)
    traced = net.traced_slots if net.trace else None
    return application_bytes(graph, traced, canary=net.has_guards, vectors=vectors, sequence=net.sequence)


def _next_step(plan: RowPlan, application: Callable[[Board], int]) -> str:
    board = closest_board(plan, application)
    if board is None:
        return "no known board holds it: take a smaller input resolution or a narrower network"
    return f"the closest board that holds it is {board.name} with {board.ram_bytes:,} bytes of RAM"


def _words(count: int) -> int:
    return -(-count // 4) * 4
