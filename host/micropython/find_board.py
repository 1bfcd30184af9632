"""The serial port at which a board shows MicroPython's own USB number, or that of an ESP32's USB."""

from typing import Final

from depthwise.codegen.errors import LinkError
from depthwise.codegen.targets.boards import Board
from depthwise.host.flash.usb_ports import Listing, machine_ports

# pyboard and other STM32, RP2040 and RP2350, ESP32-S3 and C3 with USB of their own.
USB: Final = ("f055:9800", "f055:9801", "f055:9802", "2e8a:0005", "303a:4001", "303a:1001")


def find_board(board: Board, listing: Listing = machine_ports) -> str:
    """Device of the one port with MicroPython's USB number or the board's own. LinkError if it cannot be told."""
    ports = list(listing())
    found = [p for p in ports if p.usb in (*USB, *board.usb)]
    if len(found) == 1:
        return found[0].device
    shown = ", ".join(f"{p.device} ({p.description})" for p in found or ports) or "none"
    what = f"{len(found)} ports can be a MicroPython board" if found else "no port has a USB number of MicroPython"
    raise LinkError(f"{what}: {shown}", "give the right one with --port")
