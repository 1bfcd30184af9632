"""All ways of flashing by name, and the choice of one for a board."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import InputError, ToolError
from depthwise.codegen.targets.boards import Board
from depthwise.host.flash import drive, esptool, openocd, pyocd, st_flash, stm32loader, uf2

from .flash_method import Method
from .programs import Programs
from .usb_ports import Listing, find_port, machine_ports, matching

METHODS: Final[dict[str, Method]] = {
    "esptool": esptool.METHOD,
    "stm32loader": stm32loader.METHOD,
    "drive": drive.METHOD,
    "uf2": uf2.METHOD,
    "openocd": openocd.METHOD,
    "pyocd": pyocd.METHOD,
    "st-flash": st_flash.METHOD,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A method, its argument for the board, and the port it goes over (empty for one that needs none)."""

    name: str
    argument: str
    port: str


def choose(
    board: Board, programs: Programs, name: str | None = None, port: str | None = None, listing: Listing = machine_ports
) -> Choice:
    """The first of the board's methods that can be used now, or the given one.

    A given port leaves those that go over a port. Raises InputError for a method that the board or the port rules
    out, ToolError with everything that was looked for, LinkError for a port that cannot be told.
    """
    offered = _offered(board, name, port)
    lacking: list[str] = []
    for method, argument in offered:
        why = METHODS[method].missing(argument, programs)
        by_port = METHODS[method].by_port
        if not why and by_port and port is None and not name and not matching(board, listing):
            why = f"no serial port with USB number {' or '.join(board.usb)}" if board.usb else "needs --port"
        if not why:
            return Choice(method, argument, (port or find_port(board, listing)) if by_port else "")
        lacking.append(f"{method}: {why}")
    raise ToolError(
        f"{board.name} cannot be flashed from here. " + "; ".join(lacking),
        "plug the board in, or install one of these programs, or give --port",
    )


def _offered(board: Board, name: str | None, port: str | None) -> list[tuple[str, str]]:
    known = [(m, argument) for m, argument in board.flashing if m in METHODS]
    names = ", ".join(m for m, _ in known) or "nothing"
    if name is not None:
        known = [(m, argument) for m, argument in known if m == name]
        if not known:
            raise InputError(f"{board.name} is not flashed by {name}", f"it can be by {names}")
    if port is None:
        return known
    by_port = [(m, argument) for m, argument in known if METHODS[m].by_port]
    if not by_port:
        raise InputError(f"{name or board.name} is not flashed over a serial port ({names})", "leave --port out")
    return by_port
