"""A link to one board: requests with sequence numbers, time-outs, retries, resync from any garbage."""

import time
import zlib
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Final, Self

import serial

from depthwise.codegen.errors import InputError, LinkError, TimeoutLinkError
from depthwise.host.progress import Progress, nobody

from .camera import CameraFormat, parse_format, row_parts
from .channel import Channel, Traffic
from .patterns import PatternedInput, SentInput, bytes_of
from .ports import BAUD, OPENING, open_port, scheme_of
from .protocol import Capture, CapturedWindow, Command, Hello, InferenceResult, Status, parse_hello
from .raise_speed import CHECK_COPIES, CHECK_WAITS, LOWERED_SECONDS, PAUSE_SECONDS, SPEEDS, body_of, raised_speed
from .refusals import refusal

TRIES: Final = 6
ANSWER_SECONDS: Final = 1.0
RUN_SECONDS: Final = 120.0
# Tries of a request at a raised speed, before the line goes back to the first one.
RAISED_TRIES: Final = 2
# Requests of a window of PUT: all of it fits where a board keeps one request of the longest kind. A virtual board has
# no adapter to wait for, and QEMU does not count the same every time if the next request waits while one is taken.
WINDOW: Final = 2
# The first wait, as a multiple of what others have. Runs are asked for late again: receiving would disturb their count.
# Who is there is asked for early again: a board that has just got its supply or its reset hears nothing yet. So is a
# speed: a board may just be about to go back to its first one.
PATIENCE: Final = {
    Command.RUN: 10.0,
    Command.GENERATE: 10.0,
    Command.TAKE: 10.0,
    Command.HELLO: 0.125,
    Command.SPEED: 0.3,
}


class Link:
    """An open serial port with a board behind it; use it in a `with` statement.

    Every request carries a sequence number that the board repeats; answers to earlier requests, damaged
    frames and garbage are skipped and counted. Every request may be repeated without harm. After HELLO the line's speed
    is raised to what both ends take; where a raised line falls silent, it goes back, and the request is repeated.
    """

    def __init__(
        self,
        port: serial.SerialBase,
        name: str,
        *,
        answer_seconds: float = ANSWER_SECONDS,
        speeds: tuple[int, ...] = SPEEDS,
    ) -> None:
        self._channel = Channel(port, name)
        self._seconds = answer_seconds
        self._sequence = 0
        self._speeds = speeds
        self._baud = BAUD
        self._heard = 0.0
        self._window = 1 if scheme_of(name) == "socket" else WINDOW

    @classmethod
    def open(cls, url: str, *, answer_seconds: float = ANSWER_SECONDS, baud: int | None = None) -> Self:
        """Open a device or a pyserial URL (`/dev/ttyUSB0`, `socket://…`, `rfc2217://…`). Raises LinkError.

        `baud`: the one speed that the line may be raised to.
        """
        speeds = SPEEDS if baud is None else (baud,) if baud > BAUD else ()
        return cls(open_port(url), url, answer_seconds=answer_seconds, speeds=speeds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(LinkError):
            if self._baud != BAUD:
                self._choose((BAUD,), CHECK_WAITS)
        self._channel.close()

    @property
    def baud(self) -> int:
        """The speed that the line is at."""
        return self._baud

    @property
    def damaged(self) -> int:
        """Damaged frames so far."""
        return self._channel.damaged

    @property
    def traffic(self) -> Traffic:
        """What went over the link so far."""
        return replace(self._channel.traffic, baud=None if scheme_of(self.name) == "socket" else self._baud)

    @property
    def name(self) -> str:
        """The port, as it was given."""
        return self._channel.name

    def hello(self) -> Hello:
        """Ask who is there, and raise the line's speed where that can be done.

        Raises TimeoutLinkError if nobody answers, LinkError for another protocol.
        """
        hello = parse_hello(self._ask(Command.HELLO))
        if hello.raises_speed and self._baud == BAUD:
            self._raise()
        return hello

    def _raise(self) -> None:
        """Raise the speed. What is damaged at one that does not do is no fault of the line."""
        if self._speeds and scheme_of(self.name) != "socket":
            damaged = self._channel.damaged
            self._baud = raised_speed(self, self._speeds)
            self._channel.damaged = damaged

    def set_speed(self, baud: int) -> bool:
        """Set the port to another speed; False if it cannot take it, as a `socket://` never can."""
        if scheme_of(self.name) == "socket":
            return False
        try:
            self._channel.port.baudrate = baud
        except OPENING:
            return False
        self._channel.forget()
        return True

    def choose_speed(self, speeds: tuple[int, ...]) -> int:
        """Ask the board for the first of some speeds that it takes, and which it sets; 0: none."""
        seconds = max(TRIES * self._seconds, LOWERED_SECONDS)
        return int.from_bytes(self._ask(Command.SPEED, body_of(speeds), seconds=seconds)[:4], "little")

    def heard_at(self, baud: int) -> bool:
        """Tell whether the longest requests and answers come through at the speed that both ends are set to."""
        checks = (self._choose((baud,) * CHECK_COPIES, CHECK_WAITS) == baud for _ in range(2))
        return all(checks) and self._exchange(Command.HELLO, self._next(Command.HELLO), CHECK_WAITS) is not None

    def _choose(self, speeds: tuple[int, ...], waits: tuple[float, ...]) -> int | None:
        answer = self._exchange(Command.SPEED, self._next(Command.SPEED, body_of(speeds)), waits)
        return None if answer is None or answer[2] != Status.OK else int.from_bytes(answer[3:7], "little")

    def answers(self) -> bool:
        """Tell whether somebody answers, without patience."""
        waits = (self._seconds / 4, self._seconds / 4)
        return self._exchange(Command.HELLO, self._next(Command.HELLO), waits) is not None

    def infer(
        self, image: SentInput, hello: Hello, capture: Capture | None = None, progress: Progress | None = None
    ) -> InferenceResult:
        """Send an input, or several for a network with state; run the network on each, fetch the scores.

        What follows patterns is made on the board, where its firmware knows how.
        """
        data = bytes_of(image)
        runs, rest = divmod(len(data), hello.input_bytes)
        if rest or not runs:
            raise InputError(f"the input has {len(data)} bytes, the board takes {hello.input_bytes}")
        slot, first = (capture.slot, capture.offset) if capture else (-1, 0)
        self._ask(Command.BEGIN, slot.to_bytes(2, "little", signed=True) + first.to_bytes(4, "little"))
        if isinstance(image, PatternedInput) and hello.generates:
            self._generate(image)
        else:
            self._put(data, hello.data_bytes, progress)
        body = self._ask(Command.RUN, seconds=RUN_SECONDS)
        output = self.scores(hello, runs)
        return InferenceResult(output, int.from_bytes(body[:8], "little"), int.from_bytes(body[8:12], "little"))

    def _put(self, data: bytes, most: int, progress: Progress | None) -> None:
        """Send an input in windows of pieces, which together are no longer than one request of `most` bytes."""
        size, done, sent = most // self._window, 0, list[tuple[bytes, int]]()
        while done < len(data):
            end = sent[-1][1] if sent else done
            while len(sent) < self._window and end < len(data):
                begin, end = end, min(end + size, len(data))
                sent.append((self._next(Command.PUT, begin.to_bytes(4, "little") + data[begin:end]), end))
                self._channel.send(sent[-1][0])
                self._channel.requests += 1
            taken = self._acknowledged([request for request, _ in sent])
            if not taken:
                self._channel.repeats += 1
                self._ask(Command.PUT, sent[0][0][2:])
            done = sent[max(taken, 1) - 1][1]
            sent = sent[taken:] if taken else []
            if progress:
                progress(done, len(data))

    def _acknowledged(self, requests: list[bytes]) -> int:
        """How many of these requests the board has taken, by the first answer to one; 0 if none came, or none did."""
        heads = [bytes([request[0], request[1] | 0x80]) for request in requests]
        answer = self._channel.receive(lambda payload: len(payload) >= 3 and payload[:2] in heads, self._seconds)
        self._heard = time.monotonic() if answer is not None else self._heard
        return heads.index(answer[:2]) + 1 if answer is not None and answer[2] == Status.OK else 0

    def _generate(self, image: PatternedInput) -> None:
        """Let the board make an input. Raises LinkError where it made another."""
        offset = 0
        for part in (part for fill in image.fills for part in fill.parts()):
            body = self._ask(Command.GENERATE, part.body(offset), seconds=RUN_SECONDS)
            crc = zlib.crc32(image.data[offset : offset + part.count])
            if body[4:8] != crc.to_bytes(4, "little"):
                raise LinkError(
                    f"the board made other bytes {offset:,} to {offset + part.count - 1:,} of an input than those "
                    f"described: checksum {body[4:8][::-1].hex() or 'none'}, expected {crc:08x}",
                    "its firmware is not of this version, or damaged: build and flash again",
                )
            offset += part.count

    def scores(self, hello: Hello, runs: int = 1) -> bytes:
        """Scores of the last run, or of so many."""
        data, wanted = b"", runs * hello.output_bytes
        while len(data) < wanted:
            count = min(hello.data_bytes, wanted - len(data))
            body = self._ask(Command.OUTPUT, len(data).to_bytes(4, "little") + count.to_bytes(2, "little"))
            if len(body) != count:
                raise LinkError(f"the board sent {len(body)} bytes, {count} were asked for")
            data += body
        return data

    def crcs(self, hello: Hello) -> tuple[int, ...]:
        """CRC-32 of every traced tensor of the last run, in slot order."""
        return self._of_all(Command.CRCS, hello)

    def ticks(self, hello: Hello) -> tuple[int, ...]:
        """Ticks of every traced tensor in the last run, in slot order; none from a board that does not count them."""
        return self._of_all(Command.TICKS, hello) if hello.counts_layers else ()

    def crc(self, slot: int) -> int:
        """CRC-32 of one traced tensor of the last run."""
        return self._of_slots(Command.CRCS, slot, 1)[0]

    def window(self) -> CapturedWindow:
        """What the last run captured."""
        body = self._ask(Command.WINDOW)
        return CapturedWindow(int.from_bytes(body[:4], "little"), body[4:])

    def camera(self) -> CameraFormat:
        """Ask what pictures the board's camera takes. Raises LinkError where its firmware takes none."""
        return parse_format(self._ask(Command.CAMERA))

    def picture(self, number: int, camera: CameraFormat, hello: Hello, progress: Progress = nobody) -> bytes:
        """Let the camera take a picture, and fetch it row by row; another `number` is another picture."""
        self._ask(Command.TAKE, number.to_bytes(4, "little"), seconds=RUN_SECONDS)
        rows = list[bytes]()
        for row in range(camera.height):
            rows += [self._ask(Command.ROW, body) for body in row_parts(row, camera.row_bytes, hello.data_bytes)]
            progress(row + 1, camera.height)
        data = b"".join(rows)
        if len(data) != camera.height * camera.row_bytes:
            raise LinkError(f"the board sent {len(data):,} bytes of a picture of {camera.height * camera.row_bytes:,}")
        return data

    def _of_all(self, command: Command, hello: Hello) -> tuple[int, ...]:
        found: list[int] = []
        while len(found) < hello.traced:
            found += self._of_slots(command, len(found), min(hello.data_bytes // 4, hello.traced - len(found)))
        return tuple(found)

    def _of_slots(self, command: Command, first: int, count: int) -> list[int]:
        body = self._ask(command, first.to_bytes(2, "little") + count.to_bytes(2, "little"))
        if len(body) != 4 * count:
            raise LinkError(f"the board sent {len(body)} bytes for {command.name}, {4 * count} were asked for")
        return [int.from_bytes(body[i : i + 4], "little") for i in range(0, 4 * count, 4)]

    def _next(self, command: Command, body: bytes = b"") -> bytes:
        self._sequence = (self._sequence + 1) % 256
        return bytes([self._sequence, command]) + body

    def _ask(self, command: Command, body: bytes = b"", *, seconds: float | None = None) -> bytes:
        self._meet()
        first = self._seconds * PATIENCE.get(command, 1.0)
        waits = _waits(first, seconds or TRIES * self._seconds)
        request = self._next(command, body)
        answer = self._exchange(command, request, waits if self._baud == BAUD else waits[:RAISED_TRIES])
        if answer is None and self._baud != BAUD:
            self._lower()
            waits = _waits(first, max(seconds or TRIES * self._seconds, LOWERED_SECONDS))
            answer = self._exchange(command, request, waits)
        if answer is None:
            raise self._silence(command, waits)
        status, rest = answer[2], answer[3:]
        if status != Status.OK:
            raise refusal(command, status, rest)
        return rest

    def _meet(self) -> None:
        """After a pause the board may be back at its first speed: ask, and raise it again."""
        if self._baud == BAUD or time.monotonic() - self._heard < PAUSE_SECONDS:
            return
        if self._choose((self._baud,), CHECK_WAITS) is None:
            self._lower()
            self._raise()

    def _lower(self) -> None:
        self.set_speed(BAUD)
        self._baud = BAUD

    def _exchange(self, command: Command, request: bytes, waits: tuple[float, ...]) -> bytes | None:
        """The answer to a request, which is repeated after each wait; None if none came."""
        channel, head = self._channel, bytes([request[0], command | 0x80])
        for number, wait in enumerate(waits):
            channel.send(request)
            channel.requests += 1
            channel.repeats += number > 0
            answer = channel.receive(lambda payload: len(payload) >= 3 and payload[:2] == head, wait)
            if answer is not None:
                self._heard = time.monotonic()
                return answer
        return None

    def _silence(self, command: Command, waits: tuple[float, ...]) -> TimeoutLinkError:
        text = f"; the line carried the text {self._channel.text!r}" if self._channel.text else ""
        return TimeoutLinkError(
            f"no answer to {command.name} from {self.name} after {len(waits)} tries in {sum(waits):.1f} s "
            f"({self.damaged} damaged frames seen){text}",
            "check that the firmware is flashed, press reset, and that nothing else uses the port",
        )


def _waits(first: float, total: float) -> tuple[float, ...]:
    """Seconds to wait after each try: half as long again each time, `total` in all.

    A long computation is asked for again now and then, since its answer may have been lost on the way.
    """
    waits: list[float] = []
    while sum(waits) < total:
        waits.append(first * 1.5 ** len(waits))
    return tuple(waits)
