"""A chip behind a pyserial URL: one program at a time, the line's faults, and the firmware once it runs."""

import select
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Final

from depthwise.host.emulate.chips import Chip

from .faults import Fault, FaultyLine, Side
from .flash_memory import PowerLostError

HOST: Final = "127.0.0.1"
BOOT_KEY: Final = 0x7F
CHUNK: Final = 4096
FirmwareRunner = Callable[[], AbstractContextManager[socket.socket]]


class ServedChip:
    """A chip on a TCP port. `machine` starts what runs its flash, and yields the socket of that program's UART.

    A running board goes back to its boot loader where a program opens the port and sends the boot loader's first
    byte (0x7F): on the desk that is somebody who holds BOOT0 and presses reset.
    """

    def __init__(
        self, chip: Chip, port: int = 0, faults: tuple[Fault, ...] = (), machine: FirmwareRunner | None = None
    ) -> None:
        self.chip = chip
        self.line = FaultyLine(faults)
        self.unplugged = threading.Event()
        self._make_machine = machine
        self._machine: socket.socket | None = None
        self._running = ExitStack()
        self._stop, self._stopped = socket.socketpair()
        self._listener = socket.create_server((HOST, port))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where pyserial finds it."""
        return f"socket://{HOST}:{self.port}"

    def replug(self) -> None:
        """Put the cable back: the chip starts anew, behind the same URL."""
        self._thread.join()
        self.chip.power_on()
        self.unplugged.clear()
        self._listener = socket.create_server((HOST, self.port))
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it, with the firmware that runs."""
        self._stop.close()
        self._thread.join()
        self._listener.close()
        self._stopped.close()

    def _loop(self) -> None:
        with self._running:
            while self._wait(self._listener):
                line, _ = self._listener.accept()
                with line:
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    plugged = self._session(line)
                if not plugged:
                    self._listener.close()
                    self.unplugged.set()
                    return

    def _wait(self, *sources: socket.socket) -> list[socket.socket]:
        """Sources with something to read; none when all is to end."""
        ready = select.select([*sources, self._stopped], [], [])[0]
        return [] if self._stopped in ready else ready

    def _session(self, line: socket.socket) -> bool:
        """Serve one program; False where the cable went."""
        self.chip.opened()
        fresh = True
        while ready := self._wait(*filter(None, (line, self._machine))):
            try:
                if line in ready:
                    data = _read(line)
                    if not data:
                        return True
                    plugged, fresh = self._heard(line, data, fresh=fresh), False
                else:
                    assert self._machine is not None
                    plugged = self._said(line, self._machine.recv(CHUNK))
            except ConnectionError:
                return True
            if not plugged:
                return False
        return True

    def _heard(self, line: socket.socket, data: bytes, *, fresh: bool) -> bool:
        arrived, plugged = self.line.carry(Side.HOST, data)
        if self.chip.running and fresh and arrived[:1] == bytes([BOOT_KEY]):
            self._end_machine()
            self.chip.power_on()
        if self.chip.running:
            if self._machine is not None:
                self._machine.sendall(arrived)
            return plugged
        try:
            answer = self.chip.receive(arrived)
        except PowerLostError:
            return False
        if not self._said(line, answer):
            return False
        if self.chip.running and self._make_machine is not None:
            self._machine = self._running.enter_context(self._make_machine())
        return plugged

    def _said(self, line: socket.socket, data: bytes) -> bool:
        arrived, plugged = self.line.carry(Side.CHIP, data)
        line.sendall(arrived)
        return plugged

    def _end_machine(self) -> None:
        self._running.close()
        self._machine = None


def _read(line: socket.socket) -> bytes:
    """Read with TCP's delayed acknowledgement off: a program that writes byte by byte would wait 40 ms for each."""
    if sys.platform == "linux":
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
    return line.recv(CHUNK)


@contextmanager
def served(
    chip: Chip, port: int = 0, faults: tuple[Fault, ...] = (), machine: FirmwareRunner | None = None
) -> Iterator[ServedChip]:
    """Serve a chip as long as the `with` block lasts."""
    made = ServedChip(chip, port, faults, machine)
    try:
        yield made
    finally:
        made.close()
