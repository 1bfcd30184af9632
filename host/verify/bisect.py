"""Finds the first byte of a tensor that differs by bisection, one run of the network for each step."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from .bench import Bench, Piece


@dataclass(frozen=True, slots=True)
class Bisected:
    """Where the first difference is (None: it did not come again, or was another one), and all that was seen."""

    position: int | None
    pieces: tuple[Piece, ...]

    @property
    def crcs(self) -> tuple[int, ...]:
        """CRC-32 of the tensor in each run."""
        return tuple(p.crc for p in self.pieces)


def bisect(bench: Bench, crc: int, count: Callable[[int], None]) -> Bisected:
    """Find the first byte that differs in a tensor whose checksum was `crc`; `count` is called before each run.

    All bytes before `low` are equal. Checksums that differ once differ for every longer stretch of the tensor.
    Stops as soon as a run computes anything else than the first one did.
    """
    wanted, pieces = bench.wanted, list[Piece]()
    low, high, width = 0, len(wanted), 0
    while low < high:
        count(len(pieces))
        piece = bench.look(low if high - low <= width else (low + high) // 2)
        pieces.append(piece)
        width = len(piece.data)
        position = bench.first_difference(piece)
        if piece.crc != crc:
            break
        if piece.crc_before != zlib.crc32(wanted[: piece.offset]):
            high = piece.offset
        elif position is None:
            low = piece.offset + width
        else:
            return Bisected(position, tuple(pieces))
    return Bisected(None, tuple(pieces))
