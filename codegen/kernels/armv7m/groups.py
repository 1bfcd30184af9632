"""Weights in groups of which two pixels' products fit into the halves of a word: runs of bytes for dw_paired.h.

A group of weights w and int8 inputs x, y gives Σ w·(x + y·2^16). Its halves are both sums exactly if each of them, and
what it begins at, fits into 16 bits: |Σ w·x| ≤ 128·Σ|w| ≤ 32,640 for Σ|w| ≤ 255, which leaves 127 for the count of
groups in the upper half. Any two int8 weights but −128 and −128 are such a group, and most fours are one.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.graph import Array

GROUP: Final = 4
LARGEST: Final = 255
LONGEST: Final = 127  # groups of a run: their number is an int8
# What a group begins at is half of the range of its lower half.
HALF: Final = 2**15


@dataclass(frozen=True, slots=True)
class Runs:
    """A channel's weights as runs of bytes; the number of groups, and the sum of what upper halves count."""

    bytes_: tuple[int, ...]
    groups: int
    counted: int


def fits(weights: Array) -> bool:
    """Tell whether all pairs of neighbouring weights [O, K] are groups, K being even."""
    return bool((_magnitudes(weights, 2) <= LARGEST).all())


def runs_of(weights: Array) -> Runs:
    """Runs of one channel's weights [K], K being a multiple of four.

    A run is a count, so many groups of four, and four weights that are two groups of two; the last four are always so.
    """
    fours = weights.reshape(-1, GROUP).tolist()
    whole = _magnitudes(weights[None], GROUP)[0] <= LARGEST
    found, groups, counted = list[int](), 0, 0
    run: list[int] = []
    for at, four in enumerate(fours):
        count = len(run) // GROUP
        if whole[at] and at < len(fours) - 1 and count < LONGEST:
            run += four
            continue
        found += [count, *run, *four]
        groups, counted = groups + count + 2, counted + count * (count - 1) // 2
        run = []
    return Runs(tuple(found), groups, counted)


def _magnitudes(weights: Array, size: int) -> Int64:
    """Sums of absolute values of groups of `size` weights, [O, K / size]."""
    return np.asarray(np.abs(weights.astype(np.int64)).reshape(len(weights), -1, size).sum(axis=2))
