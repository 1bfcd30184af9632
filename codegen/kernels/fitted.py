"""Scaling by numbers of each channel's own, `dw_fitted_output` in dw_fitted.h, where no other form has all channels.

A sum s becomes W = s·2^left + bias, p = floor(W·multiplier / 2^32), then (p + (correction where p < 0) + offset) >>
right, clamped. That is the operator's own arithmetic for all shifts: 2^left is 4, and 2^l times that where the operator
shifts by l to the left. Sums that are too large for it get numbers of one line, found and proved by
codegen/arithmetic/thresholds.py for the sums that the weights allow, which may all lie far from zero by their bias;
where there is no line, those of sums less a base (bases.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64
from depthwise.codegen.arithmetic.thresholds import LineForm, Steps, proved, solve, thresholds, within_int32
from depthwise.codegen.graph import Graph, Node

from .bases import based
from .silent import silenced
from .sums import Sums, sums_of

FURTHEST: Final = 22  # shift to the right of an operator's channel, so that its offset fits into int32
UPPER_BITS: Final = 32  # by which a product is shifted
KEPT_BITS: Final = 2  # that sums are shifted to the left, so that the first rounding's half is one of theirs
MOST_LEFT: Final = 8  # of channels on a line: the bits of a bias that sums do not have are a byte
# Of those whose sums reach far and move outputs by half of int8 and more: such a bias is moved until they are.
STEEPEST_LEFT: Final = 9
MOST_REST: Final = 255
NEGATIVE: Final = -2  # halves of negative values are rounded away from zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A channel's numbers, for sums of w·x without a bias."""

    bias: int
    multiplier: int
    offset: int
    left: int
    right: int
    correction: int

    @property
    def start(self) -> int:
        """What sums may begin with instead of 0, so that `rest` is all that is left of the bias."""
        return self.bias >> self.left

    @property
    def rest(self) -> int:
        """What is added to 2^left times a sum that began with `start`."""
        return self.bias - (self.start << self.left)

    @property
    def packed(self) -> int:
        """The small numbers as the bytes of a word: left, right, correction, rest."""
        return self.left | self.right << 8 | (self.correction & 0xFF) << 16 | self.rest << 24


def fitted_of(graph: Graph, node: Node) -> tuple[Fitted, ...] | None:
    """Numbers of all channels; None if one has none."""
    found, without = _leading(_with_silent(graph, node))
    return found if without is None else None


def fitted_refusal(graph: Graph, node: Node) -> str | None:
    """Which channel has no numbers, and what it asks for."""
    sums = _with_silent(graph, node)
    _, channel = _leading(sums)
    if channel is None:
        return None
    low, high = sums.least[channel] + sums.biases[channel], sums.most[channel] + sums.biases[channel]
    shift = sums.parameters.shifts[channel]
    return (
        f"channel {channel} is shifted to the {'left' if shift > 0 else 'right'} by {abs(shift)}"
        f", its sums lie between {low:,} and {high:,}: no numbers fit them"
    )


def _with_silent(graph: Graph, node: Node) -> Sums:
    return replace(sums_of(graph, node), parameters=silenced(graph, node, FURTHEST))


@lru_cache(maxsize=256)
def _leading(sums: Sums) -> tuple[tuple[Fitted, ...], int | None]:
    """Numbers of channels up to the first that has none, and which that is: those behind it decide nothing."""
    found: list[Fitted] = []
    for channel in range(len(sums.biases)):
        numbers = fitted_channel(sums, channel)
        if numbers is None:
            return tuple(found), channel
        found.append(numbers)
    return tuple(found), None


def fitted_channel(sums: Sums, channel: int) -> Fitted | None:
    """Numbers of a channel, None where there are none."""
    return _own(sums, channel) or _on_line(sums, channel) or _from_base(sums, channel)


def _own(sums: Sums, channel: int) -> Fitted | None:
    """The operator's own arithmetic, if a channel's sums have bits to spare."""
    p = sums.parameters
    left, right = max(p.shifts[channel], 0), max(-p.shifts[channel], 0)
    if right > FURTHEST:
        return None
    offset = 2 * p.output_zero_point + 1 if right == 0 else (2 * p.output_zero_point + 1 << right) + 1
    correction = NEGATIVE if right else 0
    bits = left + KEPT_BITS
    found = Fitted(
        bias=sums.biases[channel] << bits,
        multiplier=p.multipliers[channel],
        offset=offset,
        left=bits,
        right=right + 1,
        correction=correction,
    )
    return found if _fits(found, sums, channel) else None


def _on_line(sums: Sums, channel: int) -> Fitted | None:
    """Numbers of one line, if thresholds can be met by any."""
    plain = sums.steps.of([channel])
    if not within_int32(plain)[0]:
        return None
    least, most = (int(plain(end[:, None])[0, 0]) for end in (plain.low, plain.high))
    if least == most:
        return Fitted(bias=0, multiplier=0, offset=least, left=0, right=0, correction=0)
    seen = replace(plain, minimum=max(plain.minimum, least - 1), maximum=min(plain.maximum, most + 1))
    found = (_solved(sums, channel, (plain, seen), bits) for bits in (*range(MOST_LEFT, -1, -1), STEEPEST_LEFT))
    return next((f for f in found if f is not None), None)


def _solved(sums: Sums, channel: int, steps: tuple[Steps, Steps], bits: int) -> Fitted | None:
    """The same with sums times 2^bits, for steps and for those of them that sums can see."""
    plain, seen = steps
    exact = bits - 1 - int(plain.shifts[0])
    right = min(exact, FURTHEST)
    if right < 0:
        return None
    form = LineForm(2**bits, UPPER_BITS + right, 0, seen.minimum)
    lines = solve(seen, form=form, first=plain.multipliers >> (exact - right))
    lines = replace(lines, biases=_within_rest(lines.biases, bits))
    if not (lines.solved & proved(plain, thresholds(plain), lines, form))[0]:
        return None
    bias, multiplier = (sums.biases[channel] << bits) + int(lines.biases[0]), int(lines.multipliers[0])
    offset = seen.minimum << right
    found = Fitted(bias=bias, multiplier=multiplier, offset=offset, left=bits, right=right, correction=0)
    return found if _fits(found, sums, channel) else None


def _within_rest(biases: Int64, bits: int) -> Int64:
    """The nearest biases of which the lowest bits are no more than a byte can hold."""
    rest = biases % 2**bits
    lowered, raised = np.maximum(rest - MOST_REST, 0), 2**bits - rest
    return np.asarray(np.where(lowered <= raised, biases - lowered, biases + raised))


def _from_base(sums: Sums, channel: int) -> Fitted | None:
    """Numbers of sums less a base, where there is no line."""
    plain = sums.steps.of([channel])
    based_on = based(plain) if within_int32(plain)[0] else None
    if based_on is None:
        return None
    found = Fitted(
        bias=(sums.biases[channel] - based_on.base) << based_on.left,
        multiplier=based_on.multiplier,
        offset=based_on.offset,
        left=based_on.left,
        right=based_on.right,
        correction=0,
    )
    return found if _fits(found, sums, channel) else None


def _fits(found: Fitted, sums: Sums, channel: int) -> bool:
    """Tell whether int32 holds all that a channel computes, whatever the inputs."""
    return found.left < UPPER_BITS and all(abs(v) <= LARGEST for v in _values(found, sums, channel))


def _values(found: Fitted, sums: Sums, channel: int) -> Iterator[int]:
    for end in (sums.least[channel], sums.most[channel]):
        wide = (end << found.left) + found.bias
        upper = wide * found.multiplier >> UPPER_BITS
        yield from (end + found.start, wide, upper + found.offset, upper + found.offset + found.correction)


def signed_word(value: int) -> int:
    """An unsigned word as int32."""
    return value - 2**32 if value >= 2**31 else value
