"""A board in Python that speaks the link protocol over TCP, with faults that can be switched on."""

import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.host.link import InputPattern, PatternKind
from depthwise.host.link.frames import cobs_encode, unframe
from depthwise.host.project import Project

Network = Callable[[bytes], bytes]
Spoil = Callable[[list[bytes], int], list[bytes]]
DATA_BYTES = 64
WINDOW_BYTES = 24


@dataclass
class FakeBoard:
    """State of the board. `spoil` sees each answer and its number and says what really goes over the line.

    `trace` gives the traced tensors of an image and the number of the run; without it, the one tensor is the image.
    `others` answers other commands, with a status and a body.
    """

    network: Network
    input_bytes: int
    output_bytes: int
    spoil: Callable[[bytes, int], bytes] = lambda answer, _: answer
    hear: Callable[[bytes, int], bytes] = lambda request, _: request
    trace: Callable[[bytes, int], list[bytes]] = lambda image, _: [image]
    version: int = 1
    flags: int = 0
    traced: int = 0
    ram_bytes: int = 100
    texts: tuple[str, ...] = ("0" * 64, "fake", "none", "-O2")
    runs: int = 0
    answers: int = 0
    requests: int = 0
    generated: int = 0
    image: bytearray = field(default_factory=bytearray)
    output: bytes | None = None
    tensors: list[bytes] = field(default_factory=list)
    slot: int = -1
    captured: int = 0
    others: Callable[[int, bytes], tuple[int, bytes]] = lambda _command, _body: (1, b"")

    def answer(self, request: bytes) -> bytes:
        """Payload that answers a request payload."""
        sequence, command, body = request[0], request[1], request[2:]
        status, reply = self._dispatch(command, body)
        return bytes([sequence, command | 0x80, status]) + reply

    def _dispatch(self, command: int, body: bytes) -> tuple[int, bytes]:
        match command:
            case 1:
                taken = ((DATA_BYTES, 2), (self.input_bytes, 4), (self.output_bytes, 4))
                sizes = (*taken, (self.ram_bytes, 4), (1000, 4), (self.traced, 2))
                numbers = b"".join(n.to_bytes(size, "little") for n, size in sizes)
                return 0, bytes([self.version, self.flags]) + numbers + b"".join(t.encode() + b"\0" for t in self.texts)
            case 2:
                self.image.clear()
                self.output = None
                self.slot = int.from_bytes(body[:2], "little", signed=True)
                self.captured = int.from_bytes(body[2:6], "little")
                return 0, b""
            case 3:
                offset = int.from_bytes(body[:4], "little")
                if offset > len(self.image):
                    return 3, len(self.image).to_bytes(4, "little")
                self.image[offset:] = body[4:]
                return 0, len(self.image).to_bytes(4, "little")
            case 4 if len(self.image) != self.input_bytes:
                return 4, len(self.image).to_bytes(4, "little")
            case 4:
                if self.output is None:
                    self.runs += 1
                    self.output = self.network(bytes(self.image))
                    self.tensors = self.trace(bytes(self.image), self.runs)
                return 0, (12345).to_bytes(8, "little") + (77).to_bytes(4, "little")
            case 5:
                assert self.output is not None
                offset, count = int.from_bytes(body[:4], "little"), int.from_bytes(body[4:6], "little")
                return 0, self.output[offset : offset + count]
            case 6 | 9:
                first, count = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
                found = [zlib.crc32(t) if command == 6 else 1000 + n for n, t in enumerate(self.tensors)]
                return 0, b"".join(number.to_bytes(4, "little") for number in found[first : first + count])
            case 7:
                tensor = self.tensors[self.slot]
                window = tensor[self.captured : self.captured + WINDOW_BYTES]
                return 0, zlib.crc32(tensor[: self.captured]).to_bytes(4, "little") + window
            case 8:
                return self._generate(body)
        return self.others(command, body)

    def _generate(self, body: bytes) -> tuple[int, bytes]:
        offset, count, first, seed = (int.from_bytes(body[i : i + 4], "little") for i in (0, 4, 8, 12))
        low, high = (int.from_bytes(body[i : i + 1], "little", signed=True) for i in (16, 17))
        if offset > len(self.image):
            return 3, len(self.image).to_bytes(4, "little")
        self.generated += 1
        made = InputPattern(PatternKind(body[18]), low, high, seed).values(count, first).tobytes()
        self.image[offset:] = made
        return 0, len(self.image).to_bytes(4, "little") + zlib.crc32(made).to_bytes(4, "little")

    def serve(self, connection: socket.socket) -> None:
        """Answer until the line is cut; every byte that arrives may be spoiled by `hear`."""
        pending = b""
        while data := connection.recv(4096):
            self.requests += 1
            pending += self.hear(data, self.requests)
            *frames, pending = pending.split(b"\0")
            for encoded in frames:
                payload = unframe(encoded)
                if payload is not None and len(payload) >= 2:
                    self.answers += 1
                    reply = self.answer(payload)
                    framed = cobs_encode(reply + zlib.crc32(reply).to_bytes(4, "little")) + b"\0"
                    connection.sendall(self.spoil(framed, self.answers))


@contextmanager
def serving(board: FakeBoard) -> Iterator[str]:
    """The board behind a pyserial URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def loop() -> None:
        try:
            while True:
                connection, _ = listener.accept()
                with connection:
                    board.serve(connection)
        except OSError:
            return

    thread = threading.Thread(target=loop, daemon=True)
    thread.start()
    try:
        yield f"socket://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def traced_board(project: Project, change: Spoil = lambda tensors, _: tensors) -> FakeBoard:
    """A board that runs a project's trace build; `change` sees the tensors of each run, and the run's number."""
    graph, manifest = project.graph, project.manifest

    def tensors(image: bytes) -> dict[int, Array]:
        shaped = np.frombuffer(image, np.int8).reshape(graph.tensors[graph.inputs[0]].shape)
        return project.computed(run(project.reference, shaped))

    def trace(image: bytes, number: int) -> list[bytes]:
        made = tensors(image)
        return change([made[t].tobytes() for t in project.traced], number)

    return FakeBoard(
        lambda image: tensors(image)[graph.outputs[0]].tobytes(),
        sum(graph.tensors[i].nbytes for i in graph.inputs),
        sum(graph.tensors[i].nbytes for i in graph.outputs),
        trace=trace,
        flags=1,
        traced=len(project.traced),
        ram_bytes=manifest["ram_bytes"],
        texts=(project.model_sha256, manifest["name"], manifest["core"], manifest["build_flags"], manifest["build_id"]),
    )
