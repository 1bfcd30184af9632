"""Will it fit: RAM and flash of a planned network against a budget or a board, and which board would do."""

from .boards import Board, boards
from .errors import DoesNotFitError
from .graph import Graph
from .pipeline import Point
from .views import NetworkView

# Static RAM of the serial application without the network's input, output and longest row.
APPLICATION_BYTES = 2048


def check_budget(name: str, found: tuple[Point, ...], ram: int | None, flash: int | None) -> None:
    """Raise DoesNotFitError if no plan of a network keeps a budget of `ram` and `flash` bytes."""
    if any(p.fits(ram, flash) for p in found):
        return
    least = min(found, key=lambda p: p.ram_bytes)
    if ram is not None and least.ram_bytes > ram:
        raise DoesNotFitError(
            f"{name} needs at least {least.ram_bytes:,} bytes of RAM, the budget is {ram:,}",
            _next_step(least.ram_bytes, least.flash_bytes),
        )
    least = min((p for p in found if p.fits(ram, None)), key=lambda p: p.flash_bytes)
    raise DoesNotFitError(
        f"{name} needs at least {least.flash_bytes:,} bytes of flash for constants, the budget is {flash or 0:,}",
        _next_step(least.ram_bytes, least.flash_bytes),
    )


def check_board(graph: Graph, net: NetworkView, board: Board, largest: str) -> None:
    """Raise DoesNotFitError if a board is too small for a network and the serial application."""
    if not board.ram_bytes:
        return
    application = application_bytes(graph, board)
    needed = net.ram_bytes + application
    if needed > board.ram_bytes:
        raise DoesNotFitError(
            f"{net.name} needs {needed:,} bytes of RAM ({net.ram_bytes:,} for activations, most of it at {largest}, "
            f"{application:,} for input row, application and stack), {board.name} has {board.ram_bytes:,}",
            _next_step(net.ram_bytes, net.weight_bytes),
        )
    if net.weight_bytes > board.flash_bytes:
        raise DoesNotFitError(
            f"{net.name} needs {net.weight_bytes:,} bytes of flash for constants, "
            f"{board.name} has {board.flash_bytes:,}",
            _next_step(net.ram_bytes, net.weight_bytes),
        )


def application_bytes(graph: Graph, board: Board) -> int:
    """Bytes of RAM that the serial application takes beside the network, stack included."""
    image, scores = graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]
    return APPLICATION_BYTES + image.row_bytes + scores.elements + board.stack_bytes


def closest_board(ram: int, flash: int) -> Board | None:
    """Board with the least RAM that has room for a network of `ram` and `flash` bytes; None if all are too small."""
    room = [b for b in boards().values() if b.ram_bytes >= ram + APPLICATION_BYTES + b.stack_bytes > 0]
    return min((b for b in room if b.flash_bytes >= flash), key=lambda b: b.ram_bytes, default=None)


def _next_step(ram: int, flash: int) -> str:
    board = closest_board(ram, flash)
    if board is None:
        return "no known board fits it: take a smaller input resolution or a narrower network"
    return f"the smallest known board that fits is {board.name} with {board.ram_bytes:,} bytes of RAM"
