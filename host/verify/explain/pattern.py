"""What the pattern of wrong bytes tells where no hypothesis gives the board's tensor exactly."""

from dataclasses import KW_ONLY, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64

from .cause import CauseKind

# A channel is called right if this many of its values were seen and none differed.
ENOUGH: Final = 3
# Bytes that lie together are one place; more of them were hardly written over by accident.
ONE_PLACE: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class SeenBytes:
    """Bytes of a [rows, columns, channels] tensor that were seen on the board, by flat position.

    `kept` are the model's channels of its channels; `weighted`: each channel has constants of its own.
    """

    positions: Int64
    expected: Int64
    got: Int64
    _: KW_ONLY
    shape: tuple[int, int, int]
    kept: tuple[int, ...]
    weighted: bool

    @property
    def differs(self) -> NDArray[np.bool_]:
        """Which of them differ."""
        return np.asarray(self.expected != self.got)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What kind of cause a pattern speaks for, and what shows it."""

    kind: CauseKind
    evidence: tuple[str, ...]


def pattern_of(seen: SeenBytes) -> Pattern:
    """Judge: some channels wrong and others right (constants), one place (written over), or everywhere (code)."""
    where = seen.positions[seen.differs]
    counted = f"{len(where):,} of the {len(seen.positions):,} bytes that were looked at differ"
    wrong, right = _channels(seen)
    alternating = _alternating(seen)
    told_apart = len(wrong) < seen.shape[2] and len(right) >= min(ENOUGH, seen.shape[2] - len(wrong))
    if seen.weighted and told_apart and not alternating and _everywhere(seen, wrong):
        names = _listed(tuple(seen.kept[c] for c in wrong))
        text = f"channels that differ: {names}; {len(right)} others are right wherever they were looked at"
        return Pattern(CauseKind.CONSTANTS, (counted, text))
    if _one_place(seen, where):
        span = int(where.max() - where.min()) + 1
        text = f"they lie together, {span} bytes from byte {int(where.min()):,} of the tensor on; the rest is right"
        return Pattern(CauseKind.OVERWRITTEN, (counted, text))
    return Pattern(CauseKind.CODE, (counted, *alternating, *_hints(seen)))


def _one_place(seen: SeenBytes, where: Int64) -> bool:
    """Tell whether all that differs lies together, in no whole rows, and much else was seen to be right."""
    start, end, row = int(where.min()), int(where.max()) + 1, seen.shape[1] * seen.shape[2]
    elsewhere = int(np.count_nonzero((seen.positions < start) | (seen.positions >= end)))
    rows = start % row == 0 and end % row == 0 and seen.shape[0] > 1
    return end - start <= ONE_PLACE and elsewhere >= ENOUGH * (end - start) and not rows


def _channels(seen: SeenBytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Channels that differ somewhere, and channels that were seen often and never do."""
    of = seen.positions % seen.shape[2]
    looked = np.bincount(of, minlength=seen.shape[2])
    wrong = np.bincount(of[seen.differs], minlength=seen.shape[2])
    needed = min(ENOUGH, seen.shape[0] * seen.shape[1])
    return tuple(np.flatnonzero(wrong).tolist()), tuple(np.flatnonzero((wrong == 0) & (looked >= needed)).tolist())


def _everywhere(seen: SeenBytes, wrong: tuple[int, ...]) -> bool:
    """Tell whether the wrong channels differ at more than one position, as far as the tensor has more."""
    if seen.shape[0] * seen.shape[1] == 1:
        return True
    pixels = seen.positions // seen.shape[2]
    of = seen.positions % seen.shape[2]
    return all(len(np.unique(pixels[seen.differs & (of == c)])) >= ENOUGH for c in wrong[:8])


def _places(seen: SeenBytes) -> tuple[tuple[str, int, Int64], ...]:
    """Name, extent and each seen byte's index of rows and columns."""
    rows, columns, channels = seen.shape
    return (
        ("row", rows, seen.positions // (columns * channels)),
        ("column", columns, seen.positions // channels % columns),
    )


def _alternating(seen: SeenBytes) -> tuple[str, ...]:
    """Only even, or only odd rows or columns differ, too many to be chance: code that takes two at a time."""
    found = []
    for what, _, index in _places(seen):
        bad = np.unique(index[seen.differs])
        others = index[index % 2 != bad[0] % 2]
        if len(bad) >= 2 * ENOUGH and (bad % 2 == bad[0] % 2).all() and len(np.unique(others)) >= 2 * ENOUGH:
            found.append(f"only every second {what} differs")
    return tuple(found)


def _hints(seen: SeenBytes) -> tuple[str, ...]:
    """Where and by how much the bytes of a wrong computation differ."""
    found = []
    for what, extent, index in _places(seen):
        bad = set(index[seen.differs].tolist())
        good = set(index.tolist()) - bad
        if len(bad) <= 2 and len(good) >= ENOUGH and bad <= {0, 1, extent - 2, extent - 1}:
            found.append(f"only {what} {_listed(tuple(sorted(bad)))} of {extent} differs: an edge")
    off, got = np.abs(seen.got - seen.expected)[seen.differs], seen.got[seen.differs]
    if off.max() == 1:
        found.append("all of them are off by 1, as from another rounding")
    elif len(got) > ONE_PLACE // 2 and (got == got[0]).all():
        found.append(f"all of them are {int(got[0])}")
    return tuple(found)


def _listed(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(n) for n in numbers[:8])
    return f"{shown}, … ({len(numbers)})" if len(numbers) > 8 else shown
