"""Which boards may be at a serial port: by the USB number, and by the name of the drive that a Nucleo's probe shows."""

from collections.abc import Callable
from pathlib import Path

from depthwise.codegen.targets.boards import boards

from .drive import volumes
from .usb_ports import SerialPort


def guessed_boards(port: SerialPort, drives: Callable[[str], list[Path]] = volumes) -> tuple[str, ...]:
    """Names of boards with the port's USB number; where drives of some of them are mounted, of these alone."""
    found = [b for b in boards().values() if port.usb and port.usb in b.usb]
    shown = [b for b in found if drives(dict(b.flashing).get("drive", "") or "no drive")]
    return tuple(b.name for b in shown or found)
