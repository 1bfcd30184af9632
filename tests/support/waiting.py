"""Waiting in tests: for what still makes progress, however busy the machine is."""

import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import serial

from depthwise.host.link.patience import Patience

SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.1


def received(line: socket.socket) -> bytes:
    """What arrives next on a socket. Raises TimeoutError where nothing does."""
    line.settimeout(POLL_SECONDS)
    patience = Patience(SECONDS)
    while patience.lasts():
        with suppress(TimeoutError):
            return line.recv(4096)
    raise TimeoutError(f"nothing arrived within {SECONDS:.0f} s")


def started(line: socket.socket) -> bytes:
    """What a board says first that waits for any byte; one that comes before it listens is lost, so many are sent."""
    line.settimeout(POLL_SECONDS)
    patience = Patience(SECONDS)
    while patience.lasts():
        line.sendall(b"\0")
        with suppress(TimeoutError):
            return line.recv(4096)
    raise TimeoutError(f"it did not start within {SECONDS:.0f} s")


def read(port: serial.SerialBase, count: int, *, seconds: float = SECONDS) -> bytes:
    """So many bytes of a port, or those that came in time."""
    port.timeout = POLL_SECONDS
    data, patience = b"", Patience(seconds)
    while len(data) < count and patience.lasts():
        data += port.read(count - len(data))
    return data


def read_until(port: serial.SerialBase, end: bytes, *, seconds: float) -> bytes:
    """Bytes of a port up to an end, or those that came in time."""
    port.timeout = POLL_SECONDS
    data, patience = b"", Patience(seconds)
    while not data.endswith(end) and patience.lasts():
        data += port.read_until(end)
    return data


def happened(event: threading.Event) -> bool:
    """Tell whether an event comes."""
    patience = Patience(SECONDS)
    while patience.lasts():
        if event.wait(POLL_SECONDS):
            return True
    return False


def printed_by(command: list[str], *, seconds: float, folder: Path | None = None) -> str:
    """Output of a program that ends well and in time. Raises CalledProcessError, or TimeoutExpired."""
    patience = Patience(seconds)
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while patience.lasts():
            with suppress(subprocess.TimeoutExpired):
                out, errors = process.communicate(timeout=POLL_SECONDS)
                if process.returncode:
                    raise subprocess.CalledProcessError(process.returncode, command, out, errors)
                return out
        process.kill()
    raise subprocess.TimeoutExpired(command, seconds)
