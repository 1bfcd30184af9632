"""A serial port shared over the network: an RFC 2217 server in front of a board's own TCP port."""

import select
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import serial
from serial import rfc2217


@dataclass
class SharedPort:
    """What stands between. `speed` is the only one at which bytes pass unharmed; None: at every one.

    `ends_after`: bytes from the board after which the server goes away; above `most` baud no byte passes unharmed.
    `board` is one that says what speed it sets: at another one bytes are harmed, too.
    """

    speed: int | None = None
    ends_after: int | None = None
    most: int | None = None
    board: "SpeakingBoard | None" = None
    speeds: list[int] = field(default_factory=list)
    passed: int = 0

    def heard(self, port: serial.SerialBase, data: bytes) -> bytes:
        """What arrives of bytes that are sent to the board at the port's present speed."""
        self.speeds += [port.baudrate] if data else []
        board = port.baudrate if self.board is None else self.board.speed
        return data if self._passes(port.baudrate, board) else _harmed(data)

    def told(self, port: serial.SerialBase, data: bytes) -> bytes:
        """What arrives of the next bytes from the board."""
        self.speeds += [port.baudrate] if data else []
        speeds = [port.baudrate] * len(data) if self.board is None else self.board.speeds_of(self.passed, len(data))
        self.passed += len(data)
        each = zip(data, speeds, strict=True)
        return b"".join(bytes([b]) if self._passes(port.baudrate, s) else _harmed(bytes([b])) for b, s in each)

    def _passes(self, port: int, board: int) -> bool:
        return port == board and self.speed in (None, port) and (self.most is None or port <= self.most)


def _harmed(data: bytes) -> bytes:
    return bytes((byte * 7 + 13) % 256 for byte in data)


@dataclass
class SpeakingBoard:
    """The host's firmware as a process: where it listens, and what speeds it has set, each behind so many bytes."""

    process: subprocess.Popen[str]
    url: str = ""
    changes: list[tuple[int, int]] = field(default_factory=lambda: [(0, 115_200)])

    @property
    def speed(self) -> int:
        """The present speed of its port."""
        out = self.process.stdout
        assert out is not None
        while select.select([out], [], [], 0)[0] and (words := out.readline().split()):
            self.changes.append((int(words[2]), int(words[1])))
        return self.changes[-1][1]

    def speeds_of(self, first: int, count: int) -> list[int]:
        """The speed that each of some bytes was sent at. What is sent at a new speed is sent behind its line."""
        assert self.speed
        return [next(s for at, s in reversed(self.changes) if at <= n) for n in range(first, first + count)]


@contextmanager
def speaking_board(firmware: Path) -> Iterator[SpeakingBoard]:
    """Run the host's firmware."""
    pipe = subprocess.PIPE
    with subprocess.Popen([firmware], stdin=pipe, stdout=pipe, text=True, bufsize=0) as process:
        assert process.stdout is not None
        yield SpeakingBoard(process, f"socket://127.0.0.1:{process.stdout.readline().split()[1]}")
        process.kill()


@dataclass
class Connection:
    """What the port manager writes its answers to."""

    line: socket.socket

    def write(self, data: bytes) -> None:
        """Send bytes of the protocol."""
        self.line.sendall(data)


@contextmanager
def shared_port(board_url: str, shared: SharedPort | None = None) -> Iterator[str]:
    """Share a board's port; yields the rfc2217:// URL. One client after another."""
    how = shared or SharedPort()
    listener = socket.create_server(("127.0.0.1", 0))

    def loop() -> None:
        try:
            while True:
                line, _ = listener.accept()
                with line, serial.serial_for_url(board_url, timeout=0.002) as port:
                    _serve(line, port, how)
        except OSError:
            return

    threading.Thread(target=loop, daemon=True).start()
    try:
        yield f"rfc2217://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def _serve(line: socket.socket, port: serial.SerialBase, how: SharedPort) -> None:
    manager = rfc2217.PortManager(port, Connection(line))
    line.settimeout(0.002)
    while how.ends_after is None or how.passed < how.ends_after:
        try:
            data = line.recv(1024)
            if not data:
                return
            port.write(how.heard(port, b"".join(manager.filter(data))))
        except TimeoutError:
            pass
        except OSError:
            return
        arrived = port.read(4096)
        if arrived:
            line.sendall(b"".join(manager.escape(how.told(port, arrived))))
