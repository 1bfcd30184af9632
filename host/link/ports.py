"""Opens a serial port or a pyserial URL; every way it can fail is one clear error."""

import os
import socket
from typing import Final
from urllib.parse import urlsplit

import serial

from depthwise.codegen.errors import LinkError

BAUD: Final = 115_200
WRITE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.05
# What pyserial raises for a port it cannot open, wrong URLs among them.
OPENING: Final = (serial.SerialException, OSError, ValueError, TypeError, NotImplementedError)
LOST: Final = (serial.SerialException, OSError)


def open_port(url: str) -> serial.SerialBase:
    """Open a device (`/dev/ttyUSB0`) or a URL (`socket://host:port`, `rfc2217://host:port`) at 115200 baud, 8N1.

    Raises LinkError naming the port and the next step: missing, busy, refused, or not permitted.
    """
    # RFC 2217 has no time-out for writing; pyserial refuses to be asked for one.
    writing = None if scheme_of(url) == "rfc2217" else WRITE_SECONDS
    try:
        port = serial.serial_for_url(url, baudrate=BAUD, timeout=POLL_SECONDS, write_timeout=writing, exclusive=True)
    except OPENING as error:
        raise LinkError(f"cannot open port {url}: {_said(error)}", _hint(url, str(error))) from None
    send_at_once(port)
    return port


def send_at_once(port: serial.SerialBase) -> None:
    """Let what is written to a TCP connection go out at once: by itself it waits until what went before has arrived.

    Whoever listens may say so 40 ms later (RFC 896 and RFC 1122, 4.2.3.2), for each of several short writes.
    """
    line = getattr(port, "_socket", None)
    if isinstance(line, socket.socket):
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _said(error: Exception) -> str:
    """What the system said, once: pyserial wraps it in words of its own, with the number and the port again."""
    if "lock" in str(error).lower():
        return "another program uses it"
    number = error.errno if isinstance(error, OSError) else None
    return str(error) if number is None else os.strerror(number)


def scheme_of(url: str) -> str:
    """`socket`, `rfc2217`, … of a URL; empty for a device."""
    return urlsplit(url).scheme if "://" in url else ""


def _hint(url: str, reason: str) -> str:
    lower = reason.lower()
    if scheme_of(url) == "rfc2217" and "does not seem to support" in lower:
        return (
            "what listens there speaks no RFC 2217: try socket:// instead, or see whether another client has the port"
        )
    if "not known" in lower:
        return "give a device, socket://HOST:PORT or rfc2217://HOST:PORT; `--virtual` starts a virtual board by itself"
    if scheme_of(url):
        return f"give {scheme_of(url)}://HOST:PORT, and see that a server shares the board's port there"
    if "permission" in lower:
        return "add yourself to the group that owns the port (often dialout) and log in again"
    if "busy" in lower or "lock" in lower:
        return "close the program that uses it"
    return "list the ports of this machine with `depthwise ports`"
