"""Inputs that a board can make itself, from a few bytes (docs/reference/protocol.md, "Patterns")."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]
# One request generates so many bytes at most, and so computes a part of an inference only.
MOST_GENERATED: Final = 4096


class PatternKind(IntEnum):
    """How a pattern goes on."""

    ALTERNATING = 0
    NOISE = 1


@dataclass(frozen=True, slots=True)
class InputPattern:
    """Values from `low` to `high`: alternately the two, or noise of a seed of 32 bits."""

    kind: PatternKind
    low: int
    high: int
    seed: int = 0

    def values(self, count: int, first: int = 0) -> npt.NDArray[np.int8]:
        """Values at `count` positions from `first` on; each depends on its position alone."""
        positions = np.arange(first, first + count, dtype=np.uint32)
        if self.kind is PatternKind.ALTERNATING:
            return np.where(positions % 2, self.high, self.low).astype(np.int8)
        above = _upper(_upper(_mixed(np.uint32(self.seed), positions)) * np.uint32(self.high - self.low + 1))
        return (above.astype(np.int16) + self.low).astype(np.int8)


@dataclass(frozen=True, slots=True)
class PatternedPiece:
    """The next `count` bytes of an input: a pattern from its position `first` on."""

    pattern: InputPattern
    first: int
    count: int

    def parts(self) -> Iterator["PatternedPiece"]:
        """The same, in pieces for one request each."""
        for at in range(0, self.count, MOST_GENERATED):
            yield replace(self, first=self.first + at, count=min(MOST_GENERATED, self.count - at))

    def body(self, offset: int) -> bytes:
        """What a request says of it."""
        pattern = self.pattern
        numbers = (n.to_bytes(4, "little") for n in (offset, self.count, self.first, pattern.seed))
        ends = (end.to_bytes(1, "little", signed=True) for end in (pattern.low, pattern.high))
        return b"".join((*numbers, *ends, bytes([pattern.kind])))


@dataclass(frozen=True, slots=True)
class PatternedInput:
    """An input's bytes, and the pieces that a board makes the same bytes of."""

    data: bytes
    fills: tuple[PatternedPiece, ...]


# What goes to a board: bytes, or such as it may make itself.
SentInput = bytes | PatternedInput


def bytes_of(image: SentInput) -> bytes:
    """The bytes themselves."""
    return image if isinstance(image, bytes) else image.data


def _mixed(seed: np.uint32, positions: Words) -> Words:
    """Numbers that look like chance: positions spread over 32 bits, then mixed; modulo 2 to the power of 32."""
    x = positions * np.uint32(0x9E3779B9) + seed
    x = (x ^ _upper(x)) * np.uint32(0x85EBCA6B)
    x = (x ^ x >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return x ^ _upper(x)


def _upper(x: Words) -> Words:
    return x >> np.uint32(16)
