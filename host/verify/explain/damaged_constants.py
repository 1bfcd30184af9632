"""Finds the one damaged weight, bias or multiplier that gives exactly what the board has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.operators import operator_of, weights_of
from depthwise.codegen.operators.parameters import ConvParameters

from .weighted_layers import WeightedParts, parts_of
from .wrong_layer import WrongLayer

MOST_TRIES: Final = 4096
BYTES: Final = np.arange(-128, 128)
BITS: Final = np.array([n.bit_count() for n in range(256)])


@dataclass(frozen=True, slots=True)
class Damage:
    """A constant of an output channel (numbered as in the model) that is another one on the board.

    `alone` is False if another constant in its stead would give the same.
    """

    channel: int
    what: str
    expected: int
    got: int
    alone: bool = True

    def __str__(self) -> str:
        return f"the {self.what} of channel {self.channel} is {self.got}, not {self.expected}"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One output channel of a layer: with each input its parts; with the first one what was seen of it.

    `seen` are the positions that were looked at, those that differ first, `got` what the board has there.
    """

    parts: tuple[WeightedParts, ...]
    channel: int
    seen: NDArray[np.intp]
    got: Int64
    parameters: ConvParameters

    @property
    def first(self) -> WeightedParts:
        """Parts with the input that was looked at closely."""
        return self.parts[0]

    def fits(self, added: Int64, at: int) -> NDArray[np.bool_]:
        """Which of many sums added to the accumulator of seen position number `at` give what the board has."""
        sums = self.first.accumulators[self.seen[at], self.channel] + added
        return np.asarray(self.first.output(sums[..., None], self.parameters)[..., 0] == self.got[at])

    def proven(self, added: tuple[Int64 | int, ...], parameters: ConvParameters | None = None) -> bool:
        """Tell whether the tensors are the board's with these sums added to the channel's, or other parameters."""
        return all(
            self._made(parts, more, parameters or self.parameters)
            for parts, more in zip(self.parts, added, strict=True)
        )

    def _made(self, parts: WeightedParts, added: Int64 | int, parameters: ConvParameters) -> bool:
        tensor = parts.layer.right.reshape(parts.accumulators.shape).copy()
        sums = parts.accumulators[:, self.channel] + added
        tensor[:, self.channel] = parts.output(sums[:, None], parameters)[:, 0]
        return parts.layer.made(tensor)

    @property
    def nothing(self) -> tuple[int, ...]:
        """Nothing added to any sum."""
        return (0,) * len(self.parts)


def damage_of(
    layers: tuple[WrongLayer, ...], positions: Int64, got: Int64, differs: NDArray[np.bool_]
) -> Damage | None:
    """Find the damaged constant, from flat positions of the first layer's output and the board's values there.

    `layers` are the same layer with several inputs. Only if all that differs lies in one channel. A finding is
    proven by the checksums of the whole tensors.
    """
    parts = tuple(p for p in map(parts_of, layers) if p is not None)
    channels = layers[0].right.shape[-1]
    wrong = np.unique(positions[differs] % channels)
    if not parts or len(wrong) != 1:
        return None
    channel = int(wrong[0])
    own = np.flatnonzero(positions % channels == channel)
    order = own[np.argsort(~differs[own], kind="stable")]
    column = Column(parts, channel, positions[order] // channels, got[order], parts[0].channel(channel))
    found = list(islice(chain(_weights(column), _biases(column), _multipliers(column)), 2))
    return replace(found[0], alone=len(found) == 1) if found else None


def _weights(column: Column) -> Iterator[Damage]:
    """Try every value of every weight; kernels may fold the input zero point, or 128, into the bias."""
    all_taps = [parts.taps(column.channel) for parts in column.parts]
    taps, weights = all_taps[0]
    values = np.concatenate([np.broadcast_to(BYTES, (len(weights), 256)), _wide_flips(weights)], axis=1)
    zero = column.first.parameters.input_zero_point
    for offset in sorted({zero, 0, zero + 128}, key=lambda o: o != zero):
        tap, choice = np.nonzero(values != weights[:, None])
        for at in range(len(column.seen)):
            added = (values[tap, choice] - weights[tap]) * (taps[column.seen[at], tap] + offset)
            fitting = column.fits(added, at)
            tap, choice = tap[fitting], choice[fitting]
        changed = (values[tap, choice] ^ weights[tap]) & 0xFFFF
        flipped = BITS[changed & 0xFF] + BITS[changed >> 8]
        for i in np.argsort(flipped, kind="stable")[:MOST_TRIES].tolist():
            k, value = int(tap[i]), int(values[tap[i], choice[i]])
            more = value - int(weights[k])
            if column.proven(tuple(more * (own[:, k] + offset) for own, _ in all_taps)):
                yield _damage(column, f"weight{_place(column, k)}", int(weights[k]), value)


def _wide_flips(weights: Int64) -> Int64:
    """Weights [K] that are stored in 16 bits, one of the upper bits flipped: [K, 8]."""
    return (weights[:, None] ^ (1 << np.arange(8, 16))).astype(np.int16).astype(np.int64)


def _biases(column: Column) -> Iterator[Damage]:
    """Sums that fit everything seen lie in an interval, since outputs never fall where sums rise."""
    low, high = (int(n) for n in (_least(column, column.got).max(), _least(column, column.got + 1).min() - 1))
    flips = [sign << bit for bit in range(32) for sign in (1, -1)]
    right = _bias_value(column)
    for added in (*(f for f in flips if low <= f <= high), *range(low, min(high, low + MOST_TRIES) + 1)):
        if added and column.proven((added,) * len(column.parts)):
            yield _damage(column, "bias", right, right + added)
            return


def _bias_value(column: Column) -> int:
    layer = column.first.layer
    bias = layer.graph.tensors[layer.node.inputs[2]].data if len(layer.node.inputs) > 2 else None
    return 0 if bias is None else int(bias.reshape(-1, bias.shape[-1])[0, column.channel])


def _least(column: Column, outputs: Int64) -> Int64:
    """Least sums to be added to the seen positions that make their outputs at least this large."""
    sums = column.first.accumulators[column.seen, column.channel]
    low, high = np.full_like(sums, -(2**33)), np.full_like(sums, 2**33)
    while (low < high).any():
        middle = (low + high) // 2
        clamped = np.clip(sums + middle, -(2**31), 2**31 - 1)
        reached = column.first.output(clamped[:, None], column.parameters)[:, 0].astype(np.int64) >= outputs
        low, high = np.where(reached, low, middle + 1), np.where(reached, middle, high)
    return np.asarray(low)


def _multipliers(column: Column) -> Iterator[Damage]:
    p = column.parameters
    (multiplier,), (shift,) = p.multipliers, p.shifts
    for other in (*(multiplier ^ (1 << bit) for bit in range(31)), -1, 0):
        if column.proven(column.nothing, replace(p, multipliers=(other,))):
            yield _damage(column, "multiplier", multiplier, other)
    for other in (s for s in range(-31, 8) if s != shift):
        if column.proven(column.nothing, replace(p, shifts=(other,))):
            yield _damage(column, "shift", shift, other)


def _damage(column: Column, what: str, expected: int, got: int) -> Damage:
    return Damage(column.first.layer.kept_out[column.channel], what, expected, got)


def _place(column: Column, tap: int) -> str:
    """Where a weight lies in its channel's kernel, in the model's numbers."""
    layer, weights = column.first.layer, column.first.weights
    if operator_of(layer.node.op).window is None:
        whole = len(layer.kept_in) == weights.shape[1]
        return f" of input {layer.kept_in[tap] if whole else tap}"
    known = weights_of(layer.node.op)
    sizes = [weights.shape[axis] for axis in known.within_filter]
    place = dict(zip((known.layout[axis] for axis in known.within_filter), np.unravel_index(tap, sizes), strict=True))
    of_input = f", input channel {layer.kept_in[int(place['I'])]}" if known.mixes else ""
    return f" at kernel row {place['H']}, column {place['W']}{of_input}"
