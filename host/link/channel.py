"""Frames over an open port: sends them, finds them among whatever arrives, counts and remembers the rest."""

import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import serial
from serial.urlhandler.protocol_socket import Serial as SocketPort

from depthwise.codegen.errors import LinkError

from .frames import frame, unframe
from .patience import Patience
from .ports import LOST, POLL_SECONDS

NOISE_BYTES: Final = 400
LONGEST_FRAME: Final = 4096
TEXT: Final = re.compile(rb"[\x20-\x7e\t]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What went over a link: requests and how many of them were repeats; frames that were damaged or late; bytes.

    `baud` is the speed that a serial port was at in the end; None where there is none, as behind a `socket://`.
    """

    requests: int = 0
    repeats: int = 0
    damaged: int = 0
    late: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    baud: int | None = None


class Channel:
    """A byte stream that carries frames, and its counts."""

    def __init__(self, port: serial.SerialBase, name: str) -> None:
        self.name = name
        self.port = port
        self.requests = self.repeats = self.damaged = self.late = self.sent = self.received = 0
        self._pending = bytearray()
        self._whole = deque[bytes]()
        self._noise = b""

    @property
    def traffic(self) -> Traffic:
        """Counts so far."""
        return Traffic(
            requests=self.requests,
            repeats=self.repeats,
            damaged=self.damaged,
            late=self.late,
            sent_bytes=self.sent,
            received_bytes=self.received,
        )

    @property
    def text(self) -> str:
        """Readable text that the line carried outside of frames, such as a boot loader's; the last of it."""
        found = TEXT.findall(self._noise + bytes(self._pending))
        return " ".join(b" ".join(found).decode("ascii").split())[-80:]

    def send(self, payload: bytes) -> None:
        """Send one frame, and a zero byte before it that ends whatever the line held. Raises LinkError if it is cut."""
        data = b"\0" + frame(payload)
        try:
            self.port.write(data)
        except LOST as error:
            raise self._lost(error) from None
        self.sent += len(data)

    def receive(self, wanted: Callable[[bytes], bool], seconds: float) -> bytes | None:
        """First payload that is wanted; None if it does not come in time. All before it is skipped and counted.

        Time in which this process or a virtual board of its own stands in the queue for a processor does not count.
        """
        patience = Patience(seconds)
        lasts = True
        while lasts:
            lasts = patience.lasts()
            if not self._whole:  # reading waits for a byte
                self._whole += self._frames()
            while self._whole:
                encoded = self._whole.popleft()
                payload = unframe(encoded)
                if payload is not None and wanted(payload):
                    return payload
                self.damaged += payload is None and bool(encoded)
                self.late += payload is not None
                self._noise = self._noise if payload is not None else (self._noise + encoded)[-NOISE_BYTES:]
        return None

    def forget(self) -> None:
        """Throw away what has arrived."""
        self._frames()
        self._pending.clear()
        self._whole.clear()

    def close(self) -> None:
        """Close the port."""
        self.port.close()

    def _frames(self) -> list[bytes]:
        """Whole frames among what has arrived; an unfinished one is kept."""
        try:
            arrived = self._read()
        except LOST as error:
            raise self._lost(error) from None
        self.received += len(arrived)
        *whole, rest = (self._pending + arrived).split(b"\0")
        if len(rest) > LONGEST_FRAME:
            whole, rest = [*whole, rest], bytearray()
        self._pending = bytearray(rest)
        return [bytes(w) for w in whole]

    def _read(self) -> bytes:
        """What has arrived; waits a little for the first byte."""
        arrived = bytes(self.port.read(max(1, self.port.in_waiting)))
        if isinstance(self.port, SocketPort) and arrived:
            # pyserial does not know how much a socket holds: 1 byte at least. Without waiting it gives all.
            self.port.timeout = 0
            with suppress(*LOST):  # the next call meets it again
                arrived += self.port.read(LONGEST_FRAME)
            self.port.timeout = POLL_SECONDS
        return arrived

    def _lost(self, error: Exception) -> LinkError:
        said = f" (it said: {self.text!r})" if self.text else ""
        hint = "check the cable and the supply, and run again"
        if not self.received or self.text:
            hint = "the other end may be in use, or the board without power; then run again"
        return LinkError(f"lost port {self.name}: {error}{said}", hint)
