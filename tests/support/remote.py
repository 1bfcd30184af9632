"""A serial port shared over the network: an RFC 2217 server in front of a board's own TCP port."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import serial
from serial import rfc2217


@dataclass
class SharedPort:
    """What stands between. `speed` is the only one at which bytes pass unharmed; None: at every one.

    `ends_after`: bytes from the board after which the server goes away.
    """

    speed: int | None = None
    ends_after: int | None = None
    speeds: list[int] = field(default_factory=list)
    passed: int = 0

    def heard(self, port: serial.SerialBase, data: bytes) -> bytes:
        """What arrives of bytes at the port's present speed."""
        self.speeds += [port.baudrate] if data else []
        if self.speed is None or port.baudrate == self.speed:
            return data
        return bytes((byte * 7 + 13) % 256 for byte in data)


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
        how.passed += len(arrived)
        if arrived:
            line.sendall(b"".join(manager.escape(how.heard(port, arrived))))
