"""A line between the host and a real board that does something wrong once, at a chosen request or answer."""

import select
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import Board
from depthwise.host.emulate.qemu import virtual_board
from depthwise.host.link.frames import unframe
from depthwise.host.link.protocol import Command

GARBAGE: Final = b"\x00rst:0x10 (RTCWDT_RTC_RESET),boot:0x13\r\n\xff\xfe\x00\x05ab\x00"


def _middle(data: bytes) -> int:
    return len(data) // 2


# What becomes of a frame on the line, with the zero byte that ends it.
CHANGES: Final[dict[str, Callable[[bytes], bytes]]] = {
    "byte lost": lambda data: data[: _middle(data)] + data[_middle(data) + 1 :],
    "byte flipped": lambda data: (
        data[: _middle(data)] + bytes([data[_middle(data)] ^ 0x14]) + data[_middle(data) + 1 :]
    ),
    "byte added": lambda data: data[: _middle(data)] + b"\x07" + data[_middle(data) :],
    "end lost": lambda data: data[:-1],
    "frame lost": lambda _: b"",
    "frame twice": lambda data: data + data,
    "garbage before": lambda data: GARBAGE + data,
    "garbage inside": lambda data: data[: _middle(data)] + GARBAGE + data[_middle(data) :],
    "cut and sent again": lambda data: data[: _middle(data)] + data,
}
# What happens to the line or the board; `late` is an answer that comes behind the next request.
EVENTS: Final = ("late", "unplugged", "board reset")
KINDS: Final = (*CHANGES, *EVENTS)
# A link recovers from these.
HARMLESS: Final = (*CHANGES, "late")


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong (one of KINDS) with the request or the answer number `number`, from 1, of a command."""

    kind: str
    command: Command
    number: int
    answer: bool

    @property
    def possible(self) -> bool:
        """Only answers are late."""
        return self.kind != "late" or self.answer


@dataclass
class FaultyLine:
    """The line's state; `struck` tells whether the fault has happened."""

    firmware: Path
    board: Board
    fault: Fault
    struck: bool = False
    held: bytes = b""
    counts: Counter[tuple[bool, int]] = field(default_factory=Counter)

    def serve(self, client: socket.socket, boards: ExitStack) -> None:
        """Carry frames both ways until one side closes."""
        board, pending = self._connected(boards), {True: b"", False: b""}
        while True:
            ready, _, _ = select.select([client, board], [], [])
            for source in ready:
                answer = source is board
                data = source.recv(4096)
                if not data:
                    return
                *frames, pending[answer] = (pending[answer] + data).split(b"\0")
                for encoded in frames:
                    event = self._strikes(encoded, answer=answer)
                    if event == "unplugged":
                        return
                    if event == "board reset":
                        board.close()
                        boards.close()
                        board, pending[True] = self._connected(boards), b""
                        if answer:
                            break
                    if event is not None and answer and event == "late":
                        self.held = encoded + b"\0"
                        continue
                    out = encoded + b"\0"
                    if event in CHANGES:
                        out = CHANGES[event](out)
                    if not answer and self.held and encoded:
                        client.sendall(self.held)
                        self.held = b""
                    (client if answer else board).sendall(out)

    def _connected(self, boards: ExitStack) -> socket.socket:
        host, port = boards.enter_context(virtual_board(self.firmware, self.board)).removeprefix("socket://").split(":")
        return _prompt(boards.enter_context(socket.create_connection((host, int(port)))))

    def _strikes(self, encoded: bytes, *, answer: bool) -> str | None:
        """Kind of the fault, if this is the frame that it befalls."""
        payload = unframe(encoded)
        if payload is None:
            return None
        self.counts[answer, payload[1] & 0x7F] += 1
        fault = self.fault
        if self.struck or (fault.answer, fault.command) != (answer, payload[1] & 0x7F):
            return None
        self.struck = self.counts[answer, fault.command] == fault.number
        return fault.kind if self.struck else None


def _prompt(connection: socket.socket) -> socket.socket:
    """Send small frames at once."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


@contextmanager
def faulty_line(line: FaultyLine) -> Iterator[str]:
    """A board behind a faulty line; yields its pyserial URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def loop() -> None:
        try:
            client, _ = listener.accept()
            listener.close()
            with client, ExitStack() as boards:
                line.serve(_prompt(client), boards)
        except OSError:
            return

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        thread.join(10)
