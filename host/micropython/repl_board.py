"""A board with MicroPython at a serial port: code is executed there, by mpremote's transport."""

import importlib
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass
from types import SimpleNamespace
from typing import Any, Final

import serial

from depthwise.codegen.errors import LinkError, ToolError
from depthwise.host.link.patience import Clock
from depthwise.host.link.ports import BAUD, OPENING, open_port, send_at_once

from .board_exceptions import board_error

ANSWER_SECONDS: Final = 10.0
# Reading and hashing a file, or computing an image, is silent for so long at most.
WORK_SECONDS: Final = 120.0
CLOCK: Final = Clock()
SAME_AGAIN: Final = "check cable and supply, press reset, and run the same command again"
# What the transport and pyserial raise when the line is lost or carries nonsense; TransportError is added to it.
BROKEN: Final = (serial.SerialException, OSError, struct.error, UnicodeDecodeError)

HASH: Final = """import hashlib,binascii
try:
 f=open({path!r},'rb')
 h=hashlib.sha256()
 b=memoryview(bytearray(1024))
 n=f.readinto(b)
 while n:
  h.update(b[:n])
  n=f.readinto(b)
 f.close()
 print(binascii.hexlify(h.digest()).decode())
except OSError:
 print('none')"""


@dataclass(slots=True)
class ReplBoard:
    """An open line to a board in its raw REPL; it was reset when the line was opened, and counts what it took."""

    port: str
    transport: Any
    seconds: float
    _: KW_ONLY
    requests: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0

    def run(self, code: str, seconds: float | None = None) -> str:
        """Execute code and return what it prints; `seconds` is the longest silence.

        Raises LinkError if the line is lost, and what `refusal` makes of an exception that the code ends with.
        """
        self.requests += 1
        self.sent_bytes += len(code)
        try:
            printed, raised = self.transport.exec_raw(code, timeout=seconds or self.seconds)
            text, error = printed.decode(), raised.decode(errors="replace")
        except (*BROKEN, _transport().TransportError) as lost:
            raise LinkError(f"lost the board at {self.port}: {lost or type(lost).__name__}", SAME_AGAIN) from None
        self.received_bytes += len(printed) + len(raised)
        if error:
            raise board_error(self.port, error)
        return str(text).strip()

    def sha256(self, path: str) -> str:
        """SHA-256 of a file on the board in hexadecimal, `none` if there is no such file."""
        return self.run(HASH.format(path=path), WORK_SECONDS)


@contextmanager
def open_board(port: str, seconds: float | None = None) -> Iterator[ReplBoard]:
    """Open a port or a pyserial URL, reset MicroPython there and enter its raw REPL.

    Raises ToolError without mpremote, LinkError if the port cannot be opened or no MicroPython answers.
    """
    seconds = seconds or ANSWER_SECONDS
    transport = _opened(port, seconds)
    try:
        _enter(transport, port, seconds)
        yield ReplBoard(port, transport, seconds)
    finally:
        with suppress(*BROKEN):
            transport.exit_raw_repl()
        with suppress(*BROKEN):
            transport.close()


def _transport() -> Any:
    """The transport's module, silent (what it prints of surprises is no output of ours) and patient with programs."""
    try:
        module: Any = importlib.import_module("mpremote.transport_serial")
    except ImportError:
        raise ToolError("mpremote is not installed", "pip install 'depthwise[micropython]'") from None
    module.print = lambda *_: None
    module.time = SimpleNamespace(monotonic=CLOCK.now, sleep=time.sleep)
    return module


def _opened(port: str, seconds: float) -> Any:
    module = _transport()
    try:
        transport = module.SerialTransport(port, baudrate=BAUD, timeout=seconds)
    except (*OPENING, module.TransportError) as error:
        open_port(port).close()  # says why it cannot be opened
        raise LinkError(f"cannot open port {port}: {error}", "run the same command again") from None
    send_at_once(transport.serial)
    return transport


def _enter(transport: Any, port: str, seconds: float) -> None:
    try:
        transport.enter_raw_repl(soft_reset=True, timeout_overall=seconds)
    except (*BROKEN, _transport().TransportError) as error:
        raise LinkError(
            f"no MicroPython answers at {port}: {error}",
            "press reset, close whatever else uses the port, and see that MicroPython is on the board",
        ) from None
