"""A link to one board: requests with sequence numbers, time-outs, retries, resync from any garbage."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

import serial

from depthwise.codegen.errors import InputError, LinkError, TimeoutLinkError

from .frames import frame, unframe
from .protocol import Capture, Command, Hello, Result, Status, Window, parse_hello

BAUD: Final = 115_200
TRIES: Final = 6
ANSWER_SECONDS: Final = 1.0
RUN_SECONDS: Final = 120.0
# A run is asked for again this many times later than anything else: receiving would disturb its count.
PATIENCE: Final = 10
Progress = Callable[[int, int], None]


class Link:
    """An open serial port with a board behind it; use it in a `with` statement.

    Every request carries a sequence number that the board repeats; answers to earlier requests, damaged
    frames and garbage are skipped and counted in `damaged`. Every request may be repeated without harm.
    """

    def __init__(self, port: serial.SerialBase, name: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._port = port
        self._name = name
        self._seconds = answer_seconds
        self._sequence = 0
        self._received = bytearray()
        self.damaged = 0

    @classmethod
    def open(cls, url: str, *, answer_seconds: float = ANSWER_SECONDS) -> Self:
        """Open a pyserial URL or a device (`/dev/ttyUSB0`, `socket://…`, `rfc2217://…`).

        Raises LinkError naming the port and the next step: missing, busy, or not permitted.
        """
        try:
            port = serial.serial_for_url(url, baudrate=BAUD, timeout=0.05, write_timeout=10, exclusive=True)
        except (serial.SerialException, OSError, ValueError) as error:
            raise LinkError(f"cannot open port {url}: {error}", _port_hint(str(error))) from None
        return cls(port, url, answer_seconds=answer_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._port.close()

    def hello(self) -> Hello:
        """Ask who is there. Raises TimeoutLinkError if nobody answers, LinkError for another protocol."""
        return parse_hello(self._ask(Command.HELLO))

    def infer(
        self, image: bytes, hello: Hello, capture: Capture | None = None, progress: Progress | None = None
    ) -> Result:
        """Send an input, run the network once, fetch the scores."""
        if len(image) != hello.input_bytes:
            raise InputError(f"the input has {len(image)} bytes, the board takes {hello.input_bytes}")
        slot, first = (capture.slot, capture.offset) if capture else (-1, 0)
        self._ask(Command.BEGIN, slot.to_bytes(2, "little", signed=True) + first.to_bytes(4, "little"))
        for offset in range(0, len(image), hello.data_bytes):
            part = image[offset : offset + hello.data_bytes]
            self._ask(Command.PUT, offset.to_bytes(4, "little") + part)
            if progress:
                progress(offset + len(part), len(image))
        body = self._ask(Command.RUN, seconds=RUN_SECONDS)
        output = self._fetch_scores(hello)
        return Result(output, int.from_bytes(body[:8], "little"), int.from_bytes(body[8:12], "little"))

    def crcs(self, hello: Hello) -> tuple[int, ...]:
        """CRC-32 of every traced tensor of the last run, in slot order."""
        found: list[int] = []
        while len(found) < hello.traced:
            count = min(hello.data_bytes // 4, hello.traced - len(found))
            body = self._ask(Command.CRCS, len(found).to_bytes(2, "little") + count.to_bytes(2, "little"))
            found += [int.from_bytes(body[i : i + 4], "little") for i in range(0, 4 * count, 4)]
        return tuple(found)

    def window(self) -> Window:
        """What the last run captured."""
        body = self._ask(Command.WINDOW)
        return Window(int.from_bytes(body[:4], "little"), body[4:])

    def _fetch_scores(self, hello: Hello) -> bytes:
        data = b""
        while len(data) < hello.output_bytes:
            count = min(hello.data_bytes, hello.output_bytes - len(data))
            body = self._ask(Command.OUTPUT, len(data).to_bytes(4, "little") + count.to_bytes(2, "little"))
            if len(body) != count:
                raise LinkError(f"the board sent {len(body)} bytes, {count} were asked for")
            data += body
        return data

    def _ask(self, command: Command, body: bytes = b"", *, seconds: float | None = None) -> bytes:
        self._sequence = (self._sequence + 1) % 256
        request = frame(bytes([self._sequence, command]) + body)
        first = self._seconds * (PATIENCE if seconds else 1)
        waits = _waits(first, seconds or TRIES * self._seconds)
        for wait in waits:
            self._write(request)
            answer = self._answer(command, wait)
            if answer is not None:
                return self._checked(command, answer)
        raise TimeoutLinkError(
            f"no answer to {command.name} from {self._name} after {len(waits)} tries in {sum(waits):.1f} s "
            f"({self.damaged} damaged frames seen)",
            "check that the firmware is flashed, press reset, and that nothing else uses the port",
        )

    def _checked(self, command: Command, answer: bytes) -> bytes:
        status = answer[2]
        if status == Status.OK:
            return answer[3:]
        name = Status(status).name if status in set(Status) else str(status)
        number = int.from_bytes(answer[3:7], "little")
        if status == Status.CANARY_DIED:
            call = int.from_bytes(answer[7:11], "little")
            raise LinkError(
                f"memory is corrupted: bytes behind the buffer that ends at offset {number:,} were written to, "
                f"first noticed behind call {call}",
                "the memory map at the head of the generated C names the buffer",
            )
        if status == Status.BROKEN_PROMISE:
            value = int.from_bytes(answer[7:8], "little", signed=True)
            raise InputError(
                f"the board found input value {value} at position {number}, outside of the range "
                "that the network was exported for",
                "export it again with a wider --assume-input-range, or without",
            )
        raise LinkError(
            f"the board refused {command.name}: {name} ({number})",
            "it may have restarted in between; run again" if status == Status.NOT_READY else "",
        )

    def _answer(self, command: Command, seconds: float) -> bytes | None:
        """Wait for the frame that answers the current request; anything else is skipped."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for encoded in self._frames():
                payload = unframe(encoded)
                if payload is None:
                    self.damaged += bool(encoded)
                elif len(payload) >= 3 and payload[:2] == bytes([self._sequence, command | 0x80]):
                    return payload
        return None

    def _frames(self) -> list[bytes]:
        """Whole frames among what has arrived; an unfinished one is kept."""
        try:
            self._received += self._port.read(max(1, self._port.in_waiting))
        except (serial.SerialException, OSError) as error:
            raise LinkError(f"lost port {self._name}: {error}", "check the cable and run again") from None
        *whole, rest = self._received.split(b"\0")
        self._received = bytearray(rest)
        return [bytes(w) for w in whole]

    def _write(self, request: bytes) -> None:
        try:
            self._port.write(b"\0" + request)
        except (serial.SerialException, OSError) as error:
            raise LinkError(f"lost port {self._name}: {error}", "check the cable and run again") from None


def _waits(first: float, total: float) -> tuple[float, ...]:
    """Seconds to wait after each try: half as long again each time, `total` in all.

    A long computation is asked for again now and then, since its answer may have been lost on the way.
    """
    waits: list[float] = []
    while sum(waits) < total:
        waits.append(first * 1.5 ** len(waits))
    return tuple(waits)


def _port_hint(reason: str) -> str:
    lower = reason.lower()
    if "permission" in lower:
        return "add yourself to the group that owns the port (often dialout) and log in again"
    if "busy" in lower or "lock" in lower:
        return "close the program that uses it"
    return "list the ports of this machine with `depthwise boards`"
