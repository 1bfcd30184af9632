"""Sums of four rows of weights at a time, two in each int16 lane (dw_dsp_pairs.h), and how they become int8 or int16.

A sum is doubled, shifted to the left and multiplied by SMMULR (dw_dsp_narrow.h): none may leave int32 in between.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array

from .fully_connected_pairs import HEADERS, SUM_LIMIT, both_of_pairs, words_of_pairs

QUAD_HEADERS: Final = (*HEADERS, "dw_dsp_narrow.h")
ROWS: Final = 4
LARGEST: Final = 2**31 - 1
FARTHEST: Final = 255  # an input from its zero point


def quads_refusal(weights: Array, biases: Array, shifts: Sequence[int]) -> str | None:
    """Why sums of weights [N, 4, I] and biases [N, 4] cannot be computed so; a shift for each of the four."""
    largest = 128 * int(_magnitudes(weights).max())
    if largest >= SUM_LIMIT:
        return lanes_refusal(weights) or f"its sums can reach {largest:,}, less than {SUM_LIMIT:,} is supported"
    return lanes_refusal(weights) or doubled_refusal(weights, biases, shifts)


def lanes_refusal(weights: Array) -> str | None:
    """Why weights [N, 4, I] do not fit into lanes."""
    first, second = both_of_pairs(weights.reshape(-1, weights.shape[2]))
    fit = (first + 256 * second >= -(2**15)).all()
    return None if fit else "a weight of -128 does not fit into a lane beside a negative one"


def doubled_refusal(weights: Array, biases: Array, shifts: Sequence[int]) -> str | None:
    """Why sums cannot be doubled and shifted."""
    doubled = (FARTHEST * _magnitudes(weights) + np.abs(biases.astype(np.int64))) << [_left(shift) for shift in shifts]
    return f"its doubled sums can reach {int(doubled.max()):,}" if doubled.max() > LARGEST else None


def _magnitudes(weights: Array) -> Array:
    """Sums [N, 4] of the sizes of weights."""
    sums: Array = np.abs(weights.astype(np.int64)).sum(axis=2)
    return sums


def quad_words(weights: Array, biases: Array, zero_point: int) -> Iterator[int]:
    """Biases of four rows of weights [4, I], in which the inputs' zero point is, and words."""
    folded = biases.astype(np.int64) - zero_point * weights.astype(np.int64).sum(axis=1)
    yield from (folded % 2**32).tolist()
    yield from words_of_pairs(*both_of_pairs(weights)).transpose(1, 0, 2).ravel().tolist()


def narrow_numbers(multiplier: int, shift: int) -> tuple[int, ...]:
    """Members of `struct dw_narrow`."""
    right = max(-shift, 0)
    return multiplier, (1 << right) >> 1, -min(right, 1), _left(shift), right


def _left(shift: int) -> int:
    """Bits that a sum is shifted by to the left, where it is doubled for SMMULR."""
    return max(shift, 0) + 1
