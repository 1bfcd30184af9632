"""Does a network fit a board: its state, the serial application and the stack in RAM, its constants in flash."""

from typing import Final

from .boards import Board
from .errors import DoesNotFitError
from .pipeline import RowPlan
from .views import NetworkView

# Static RAM of firmware/app and of a board's sources, object by object, each rounded up to words.
RECEIVER_BYTES: Final = 268  # link.h: one frame, its length, its state; answers are built in it too
SESSION_BYTES: Final = 24  # session.c: position, state, ticks, the answer's place and length
RING_BYTES: Final = 272  # board: what arrives while the application computes, with both its ends
CLOCKS_BYTES: Final = 8  # board: its frequency, the tick counter's upper half
ALIGNMENT_BYTES: Final = 4  # in front of the ticks, which are 8 bytes wide
WINDOW_BYTES: Final = 76  # trace.c: the captured bytes, where they lie, the checksum before them
PROMISE_BYTES: Final = 12  # trace.c: the first broken promise
CHECKSUM_BYTES: Final = 4  # trace.c, for each traced tensor
FIXED_BYTES: Final = RECEIVER_BYTES + SESSION_BYTES + RING_BYTES + CLOCKS_BYTES + ALIGNMENT_BYTES


def application_bytes(net: NetworkView) -> int:
    """Static RAM of everything but the network's own state: an upper bound, a few bytes of alignment too high.

    One row of the input is collected before it goes into the network, and the scores are kept.
    """
    trace = WINDOW_BYTES + PROMISE_BYTES + CHECKSUM_BYTES * net.traced_slots if net.trace else 0
    return FIXED_BYTES + _words(net.input.row_bytes) + _words(net.output.size) + trace


def check_memory(planned: RowPlan, net: NetworkView, board: Board) -> None:
    """Raise DoesNotFitError, with all the numbers, for a network that a board cannot hold."""
    if not board.ram_bytes:
        return
    application = application_bytes(net)
    needed = net.ram_bytes + application + board.stack_bytes
    if needed > board.ram_bytes:
        layer = max(
            planned.graph.nodes, key=lambda n: planned.ring_of(n.output)[1] * planned.graph.output_of(n).row_bytes
        )
        raise DoesNotFitError(
            f"{net.name} needs {needed:,} bytes of RAM ({net.ram_bytes:,} for activations, largest at {layer}, "
            f"{application:,} for the application with an input row and the scores, {board.stack_bytes:,} for the "
            f"stack), {board.name} has {board.ram_bytes:,}",
            "take a board with more RAM or a smaller input resolution",
        )
    if net.weight_bytes > board.flash_bytes:
        raise DoesNotFitError(
            f"{net.name} needs {net.weight_bytes:,} bytes of flash for constants, "
            f"{board.name} has {board.flash_bytes:,}",
            "take a board with more flash or a narrower network",
        )


def _words(count: int) -> int:
    return -(-count // 4) * 4
