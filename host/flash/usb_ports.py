"""The serial port a board is at, by the USB numbers of its interface chip or probe."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from serial.tools import list_ports

from depthwise.codegen.errors import LinkError
from depthwise.codegen.targets.boards import Board


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A serial port of this machine: device, description, `vid:pid` in hexadecimal (empty: not on USB)."""

    device: str
    description: str
    usb: str


Listing = Callable[[], Iterable[SerialPort]]


def machine_ports() -> list[SerialPort]:
    """Every serial port of this machine."""
    return [
        SerialPort(p.device, p.description or "", "" if p.vid is None else f"{p.vid:04x}:{p.pid:04x}")
        for p in list_ports.comports()
    ]


def matching(board: Board, listing: Listing) -> list[SerialPort]:
    """Ports whose USB numbers are those of the board."""
    return [p for p in listing() if p.usb in board.usb]


def find_port(board: Board, listing: Listing = machine_ports) -> str:
    """Device of the one port the board can be at. Raises LinkError if there is none, or more than one."""
    found = matching(board, listing)
    if len(found) == 1:
        return found[0].device
    if found:
        named = ", ".join(f"{p.device} ({p.description})" for p in found)
        raise LinkError(f"{len(found)} ports can be {board.name}: {named}", "give the right one with --port")
    sought = f"with USB number {' or '.join(board.usb)} " if board.usb else ""
    others = ", ".join(f"{p.device} ({p.description})" for p in listing()) or "none"
    raise LinkError(
        f"no serial port {sought}for {board.name}; ports of this machine: {others}",
        "plug the board in with a cable that carries data, or give --port",
    )
