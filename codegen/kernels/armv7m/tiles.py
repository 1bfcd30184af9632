"""Outputs of a row that are computed together: as many side by side as take the fewest instructions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# What a second function, of some 350 bytes, must save in a row for each channel.
WORTH: Final = 40


@dataclass(frozen=True, slots=True)
class Tile:
    """So many outputs at a time, up to the column `end`."""

    outputs: int
    end: int


def tiles_of(width: int, costs: Mapping[int, int]) -> tuple[Tile, ...]:
    """Tiles of a row: equal ones, and one for what is left. `costs` are instructions of a tile, for 1 … n outputs."""
    _, outputs = min((_cost(width, outputs, costs), outputs) for outputs in costs if outputs <= width)
    whole = width // outputs * outputs
    rest = (Tile(width - whole, width),) if whole < width else ()
    return (Tile(outputs, whole), *rest)


def _cost(width: int, outputs: int, costs: Mapping[int, int]) -> int:
    count, rest = divmod(width, outputs)
    return count * costs[outputs] + (costs[rest] + WORTH if rest else 0)
