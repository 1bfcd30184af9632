"""Flash memory: sectors that erase to ones, programming that only clears bits, power that can go half-way."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

ERASED: Final = 0xFF


class PowerLostError(Exception):
    """The supply went in the middle of an erasure or of programming: only a part of it happened."""


class ProgramError(Exception):
    """The memory refuses to program a unit that is not erased."""


@dataclass(slots=True)
class FlashMemory:
    """Contents of a flash memory of `sectors` (bytes each), all ones when new.

    `unit` bytes are programmed together. A `strict` memory (one with error correcting bits) programs erased units
    only, any other clears the bits that are zero in the data. After `endurance` bytes more have been erased or
    programmed the power goes, in the midst of what is being done (None: never).
    """

    sectors: tuple[int, ...]
    unit: int = 1
    strict: bool = False
    endurance: int | None = None
    data: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.data = bytearray([ERASED]) * sum(self.sectors)

    @property
    def starts(self) -> tuple[int, ...]:
        """Offset of each sector, and the memory's size at last."""
        return tuple(accumulate(self.sectors, initial=0))

    def erase(self, sector: int) -> None:
        """Erase a sector. Raises PowerLostError with the power gone in between."""
        start = self.starts[sector]
        done = self._afford(self.sectors[sector])
        self.data[start : start + done] = bytes([ERASED]) * done
        self._check(done, self.sectors[sector])

    def erase_all(self) -> None:
        """Erase every sector, one after the other."""
        for sector in range(len(self.sectors)):
            self.erase(sector)

    def program(self, offset: int, data: bytes) -> None:
        """Program bytes from an offset on. Raises ProgramError or PowerLostError; units before stay programmed."""
        for start in range(0, len(data), self.unit):
            part = data[start : start + self.unit]
            self._program_unit(offset + start, part)

    def _program_unit(self, offset: int, part: bytes) -> None:
        old = self.data[offset : offset + len(part)]
        if self.strict and any(b != ERASED for b in old):
            raise ProgramError
        done = self._afford(len(part))
        self.data[offset : offset + done] = bytes(a & b for a, b in zip(old[:done], part[:done], strict=True))
        self._check(done, len(part))

    def _afford(self, count: int) -> int:
        if self.endurance is None:
            return count
        done = min(count, self.endurance)
        self.endurance -= done
        return done

    @staticmethod
    def _check(done: int, count: int) -> None:
        if done < count:
            raise PowerLostError
