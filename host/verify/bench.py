"""One input on one board: runs it again as often as needed, each time looking at another piece of a tensor."""

from dataclasses import dataclass

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.errors import LinkError
from depthwise.codegen.graph import Node
from depthwise.host.link import BoardLink, Capture, Hello
from depthwise.host.project import Project

from .cases import Case, run_case


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a tensor that one run computed, from `offset` on; CRC-32 of all before them, and of the whole."""

    offset: int
    data: bytes
    crc_before: int
    crc: int


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """A board, a case, and the traced tensor that is looked at."""

    project: Project
    link: BoardLink
    hello: Hello
    case: Case
    node: Node

    @property
    def slot(self) -> int:
        """Trace slot of the tensor."""
        return self.project.traced.index(self.node.output)

    @property
    def wanted(self) -> bytes:
        """The tensor as it has to be."""
        return self.case.golden[self.node.output].tobytes()

    @property
    def outputs(self) -> bytes:
        """All outputs as they have to be, one after the other."""
        return self.project.given_back(self.case.golden)

    def look(self, offset: int) -> Piece:
        """Run the case again and capture what lies at an offset. Raises LinkError if nothing was captured."""
        run_case(self.project, self.link, self.hello, self.case, Capture(self.slot, offset))
        window, crc = self.link.window(), self.link.crc(self.slot)
        if not window.data and offset < len(self.wanted):
            raise LinkError(f"the board captured nothing of {self.node}", "build and flash this project again")
        return Piece(offset, window.data, window.crc_before, crc)

    def first_difference(self, piece: Piece) -> int | None:
        """Position of the first byte of a piece that differs."""
        for at, (expected, got) in enumerate(zip(self.wanted[piece.offset :], piece.data, strict=False)):
            if expected != got:
                return piece.offset + at
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Bytes of one tensor seen on a board: flat positions, sorted, and the values there."""

    positions: Int64
    expected: Int64
    got: Int64


def samples_of(bench: Bench, pieces: tuple[Piece, ...]) -> Samples:
    """What pieces of one and the same tensor show."""
    seen = {p.offset + at: byte for p in pieces for at, byte in enumerate(p.data)}
    positions = np.array(sorted(seen), np.int64)
    got = np.array([seen[p] for p in positions.tolist()], np.uint8).view(np.int8).astype(np.int64)
    expected = np.frombuffer(bench.wanted, np.int8).astype(np.int64)[positions]
    return Samples(positions, expected, got)
