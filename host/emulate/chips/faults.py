"""Faults of a serial line, each at a fixed place, so that a run repeats exactly: lost and spoilt bytes, no cable."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

FLIPPED: Final = 0x20


class Side(Enum):
    """Who sends the byte that a fault meets."""

    HOST = "host"
    CHIP = "chip"


class FaultKind(Enum):
    """What happens to it: it never arrives, one bit of it arrives wrong, or the cable goes instead."""

    DROP = "drop"
    CORRUPT = "corrupt"
    UNPLUG = "unplug"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that meets byte number `at` of what a side sends, from 0, and each `every` bytes again (0: once)."""

    kind: FaultKind
    side: Side
    at: int
    every: int = 0

    def meets(self, position: int) -> bool:
        """Tell whether the byte at this position is met."""
        if self.every and position >= self.at:
            return (position - self.at) % self.every == 0
        return position == self.at


@dataclass(slots=True)
class FaultyLine:
    """A line with its faults, and how many bytes each side has sent over it in all its time."""

    faults: tuple[Fault, ...] = ()
    sent: dict[Side, int] = field(default_factory=lambda: dict.fromkeys(Side, 0))

    def carry(self, side: Side, data: bytes) -> tuple[bytes, bool]:
        """What of some bytes arrives, and whether the cable is still there afterwards."""
        arrived = bytearray()
        faults = [f for f in self.faults if f.side is side]
        for byte in data:
            position, self.sent[side] = self.sent[side], self.sent[side] + 1
            kinds = {f.kind for f in faults if f.meets(position)}
            if FaultKind.UNPLUG in kinds:
                return bytes(arrived), False
            if FaultKind.DROP not in kinds:
                arrived.append(byte ^ (FLIPPED if FaultKind.CORRUPT in kinds else 0))
        return bytes(arrived), True
