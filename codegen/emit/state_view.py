"""What a network keeps from run to run, as templates see it; and how many runs a board is verified with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_SEQUENCE: Final = 24  # inputs that firmware takes from a reset on, for outputs of so many bytes in all
SEQUENCE_BYTES: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """What is kept from run to run: bytes at an offset of the block, and the value that each has first.

    Names of its constants in C begin with `place`. `source` is the offset where the last run left what the state
    becomes; None where it was changed in its place.
    `fill` is the first value if all bytes have one, else the array called `name` has them.
    """

    name: str
    place: str
    offset: int
    source: int | None
    bytes: int
    fill: int | None
    initial: tuple[int, ...]

    @property
    def overlaps(self) -> bool:
        """Tell whether it is copied to where a part of it lies."""
        return self.source is not None and abs(self.source - self.offset) < self.bytes


def sequence_of(states: Sequence[object], output_bytes: int) -> int:
    """Inputs that firmware takes one after another from a reset on: it keeps the outputs of all. 1 without state."""
    return min(LONGEST_SEQUENCE, max(2, SEQUENCE_BYTES // output_bytes)) if states else 1
