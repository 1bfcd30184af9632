"""Emulated chips: what the ROM boot loaders of real ones do, for tests and for those without a board.

A chip is plain state (above all the contents of its flash memory) and a function from bytes in to bytes out. Faults
of the line are apart (`faults.py`), and so is the socket it all hangs on (`served_chip.py`).
"""

from typing import Protocol


class Chip(Protocol):
    """A chip in its boot loader."""

    def power_on(self) -> None:
        """Start anew: only flash memory keeps its contents."""

    def opened(self) -> None:
        """Take notice that a program opens the port: where it is wired so, this resets the chip."""

    def receive(self, data: bytes) -> bytes:
        """What the chip sends in answer to these bytes. Raises PowerLostError where the supply goes half-way."""
        ...

    @property
    def running(self) -> bool:
        """Tell whether it has left the boot loader for what its flash holds."""
        ...
