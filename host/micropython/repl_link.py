"""A module on a MicroPython board as `verify` sees any board: inputs go there in pieces, answers carry a checksum."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from struct import iter_unpack
from typing import Final

from depthwise.codegen.errors import InputError, LinkError, OtherBuildError
from depthwise.host.link import Capture, CapturedWindow, Hello, InferenceResult, SentInput, Traffic
from depthwise.host.link.patterns import bytes_of
from depthwise.host.project import Project

from .copy_module import CHUNK
from .firmware import ModuleForBoard, built_in, firmware_of, pick
from .repl_board import SAME_AGAIN, WORK_SECONDS, ReplBoard, open_board

TRIES: Final = 3
TICKS_HZ: Final = 1_000_000
# The weights are not compared with their checksum: verify finds what is wrong with them, and where.
START: Final = """import time,binascii
def say(d):
 print(binascii.hexlify(d).decode(),binascii.crc32(d))
import {name} as mod
net=mod.Model(None,None,False)
x=bytearray(mod.INPUT_BYTES)"""
WHO: Final = """print(mod.INPUT_BYTES,mod.OUTPUT_BYTES,net.ram_bytes,mod.TRACED,int(hasattr(net,'crcs')),sep=',')
print(net.model_sha256)
print(getattr(mod,'__file__',''))"""
RUN: Final = """t=time.ticks_us()
net.run({given})
t=time.ticks_diff(time.ticks_us(),t)"""
SCORES: Final = "bytes(memoryview(net.scores))"
OUTPUTS: Final = "b''.join(bytes(memoryview(o)) for o in net.outputs)"


@dataclass(slots=True)
class MicroPythonLink:
    """The line to a module; `module` is what was built for the board, None if it is a part of the firmware."""

    project: Project
    board: ReplBoard
    module: ModuleForBoard | None
    damaged: int = 0

    @property
    def name(self) -> str:
        """The port, as it was given."""
        return self.board.port

    @property
    def traffic(self) -> Traffic:
        """What went over the line so far."""
        board = self.board
        return Traffic(
            requests=board.requests,
            repeats=0,
            damaged=self.damaged,
            late=0,
            sent_bytes=board.sent_bytes,
            received_bytes=board.received_bytes,
        )

    def set_speed(self, _: int, /) -> bool:
        """A REPL answers at its own speed alone."""
        return False

    def answers(self) -> bool:
        """It did when the line was opened."""
        return True

    def hello(self) -> Hello:
        """Import the module and ask what it is. Raises OtherBuildError if the file is not the one that was built."""
        name, manifest = str(self.project.manifest["name"]), self.project.manifest
        self.board.run(START.format(name=name), WORK_SECONDS)
        answer = self.board.run(WHO)
        try:
            numbers, sha, *file = answer.split()
            taken, given, ram, traced, trace = (int(n) for n in numbers.split(","))
        except ValueError:
            raise LinkError(f"the board at {self.name} says {answer!r} of {name}", SAME_AGAIN) from None
        if sha == self.project.model_sha256:
            self._check_file(" ".join(file))
        core, flags = str(manifest["core"]), str(manifest["build_flags"])
        built = str(manifest["build_id"]) if self.module and sha == self.project.model_sha256 else ""
        return Hello(
            trace=bool(trace),
            data_bytes=CHUNK,
            input_bytes=taken,
            output_bytes=given,
            ram_bytes=ram,
            clock_hz=TICKS_HZ,
            traced=traced,
            model_sha256=sha,
            name=name,
            core=core,
            build_flags=flags,
            build_id=built,
        )

    def infer(self, image: SentInput, hello: Hello, capture: Capture | None = None) -> InferenceResult:
        """Send an input, or several for a network with state; run the network on each, fetch the scores."""
        data = bytes_of(image)
        if len(data) % hello.input_bytes or not data:
            raise InputError(f"the input has {len(data)} bytes, the board takes {hello.input_bytes}")
        if hello.trace:
            slot, first = (capture.slot, capture.offset) if capture else (-1, 0)
            self.board.run(f"net.capture({slot},{first})")
        if self.project.graph.states:
            self.board.run("net.reset()", WORK_SECONDS)
        starts = range(0, len(data), hello.input_bytes)
        runs = [self._run_once(data[start : start + hello.input_bytes]) for start in starts]
        return InferenceResult(b"".join(output for output, _ in runs), sum(ticks for _, ticks in runs), 0)

    def _run_once(self, image: bytes) -> tuple[bytes, int]:
        """Scores of an input, and the ticks that they took."""
        self._send(image)
        self.board.run(RUN.format(given=self._given()), WORK_SECONDS)
        ticks = int.from_bytes(self._fetch("t.to_bytes(4,'little')"), "little")
        outputs = self._fetch(OUTPUTS if "outputs" in self.project.manifest else SCORES)
        return outputs, ticks

    def crcs(self, hello: Hello) -> tuple[int, ...]:
        """CRC-32 of every traced tensor of the last run, in slot order; none without a trace."""
        return self._crcs() if hello.trace else ()

    def ticks(self, _: Hello, /) -> tuple[int, ...]:
        """A module counts whole runs alone."""
        return ()

    def crc(self, slot: int) -> int:
        """CRC-32 of one traced tensor of the last run."""
        return self._crcs()[slot]

    def window(self) -> CapturedWindow:
        """What the last run captured."""
        data = self._fetch("net.captured()")
        return CapturedWindow(int.from_bytes(data[:4], "little"), data[4:])

    def _given(self) -> str:
        """What a run is given: the input, or a tuple of several that lie one after the other."""
        sizes = self.project.input_sizes
        if len(sizes) == 1:
            return "x"
        ends = list(accumulate(sizes))
        parts = ",".join(f"memoryview(x)[{end - size}:{end}]" for end, size in zip(ends, sizes, strict=True))
        return f"({parts})"

    def _check_file(self, path: str) -> None:
        if self.module is None:
            return
        found, built = self.board.sha256(path), hashlib.sha256(self.module.path.read_bytes()).hexdigest()
        if found != built:
            raise OtherBuildError(
                f"the board holds another build of {self.module.path.name} than this project's: "
                f"{path} has SHA-256 {found[:12]}, {self.module.path} has {built[:12]}",
                "run `depthwise flash` on this project",
            )

    def _crcs(self) -> tuple[int, ...]:
        return tuple(value for (value,) in iter_unpack("<I", self._fetch("net.crcs()")))

    def _send(self, image: bytes) -> None:
        """Put an input there, again if it did not arrive as it was sent."""
        for _ in range(TRIES):
            for start in range(0, len(image), CHUNK):
                part = base64.b64encode(image[start : start + CHUNK]).decode()
                self.board.run(f"x[{start}:{start + CHUNK}]=binascii.a2b_base64('{part}')")
            if self.board.run("print(len(x),binascii.crc32(x))") == f"{len(image)} {zlib.crc32(image)}":
                return
            self.damaged += 1
        raise LinkError(
            f"an input of {len(image)} bytes did not arrive whole at {self.name} in {TRIES} tries", SAME_AGAIN
        )

    def _fetch(self, expression: str) -> bytes:
        """Bytes from there, asked for again if they did not arrive as they were sent."""
        for _ in range(TRIES):
            text, _, crc = self.board.run(f"say({expression})").partition(" ")
            try:
                data = binascii.unhexlify(text)
                if zlib.crc32(data) == int(crc):
                    return data
            except ValueError:
                pass
            self.damaged += 1
        raise LinkError(f"answers from {self.name} were damaged {TRIES} times in a row", SAME_AGAIN)


@contextmanager
def open_link(project: Project, port: str) -> Iterator[tuple[Project, MicroPythonLink]]:
    """Open a board; yields the project as it was built for the board's architecture, and the line to its module."""
    with open_board(port) as board:
        firmware = firmware_of(board)
        module = None if built_in(board, str(project.manifest["name"])) is not None else pick(project, firmware)
        own = project if module is None else module.project
        yield own, MicroPythonLink(own, board, module)
