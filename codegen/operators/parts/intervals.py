"""Which values an operator can write, from the intervals of what it reads.

An operator that never falls where its operands rise reaches its ends at the operands' ends, so computing those two
corners with the golden arithmetic gives exact ends for the operator by itself. Where int32 could overflow, nothing
rises for certain; the interval is then that of the clamp.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64, Mode
from depthwise.codegen.graph import Array, Graph, Node

from .activation import Range
from .computing import Compute, Operands

WIDEST: Final[Range] = (-128, 127)


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Least and greatest value of each element of one tensor, int8 arrays of its shape.

    `sums` are the least and greatest accumulators of the layer that writes it, int64 arrays of the same shape;
    None where it has none.
    """

    lower: Array
    upper: Array
    sums: tuple[Int64, Int64] | None = None

    @property
    def known(self) -> NDArray[np.bool_]:
        """Channels (last axis) each of whose elements can take one value only: bool [C]."""
        return np.asarray((self.lower == self.upper).reshape(-1, self.lower.shape[-1]).all(axis=0))


Intervals = Mapping[int, Interval]
IntervalRule = Callable[[Graph, Node, Intervals], Interval]


def within(graph: Graph, node: Node, ends: Range) -> Interval:
    """The interval that is `ends` for every element."""
    shape = graph.output_of(node).shape
    return Interval(np.full(shape, ends[0], np.int8), np.full(shape, ends[1], np.int8))


def widest(graph: Graph, node: Node, _found: Intervals) -> Interval:
    """Any int8: for what has not been analysed, or is not monotone."""
    return within(graph, node, WIDEST)


def no_int8(_graph: Graph, node: Node, _found: Intervals) -> Interval:
    """For operators that never write int8, or are folded before: never asked."""
    raise AssertionError(f"{node} writes no int8 tensor")


def rising(compute: Compute) -> IntervalRule:
    """For an operator that never falls where its one activation rises: computed at both ends."""

    def rule(graph: Graph, node: Node, found: Intervals) -> Interval:
        index = node.inputs[0]
        if index not in found:
            return within(graph, node, WIDEST)
        ends = (found[index].lower, found[index].upper)
        lower, upper = (compute(graph, node, Operands(graph, node, {index: end}), Mode.TFLM) for end in ends)
        return Interval(lower, upper)

    return rule


def elementwise(compute: Compute) -> IntervalRule:
    """For a function of one element, rising or not: least and greatest of its 256 results between the ends."""

    def rule(graph: Graph, node: Node, found: Intervals) -> Interval:
        index = node.inputs[0]
        if index not in found:
            return within(graph, node, WIDEST)
        every = np.arange(-128, 128).astype(np.int8)
        table = compute(graph, node, Operands(graph, node, {index: every}), Mode.TFLM).astype(np.int8)
        lower, upper = (end.astype(np.intp) + 128 for end in (found[index].lower, found[index].upper))
        least, most = (_extremes(table, join)[lower, upper] for join in (np.minimum, np.maximum))
        return Interval(least, most)

    return rule


def _extremes(table: Array, join: np.ufunc) -> Array:
    """Least or greatest result of the values from a to b, [a, b], for a ≤ b: int8 [256, 256]."""
    spread = np.where(np.tri(256, k=-1, dtype=np.bool_), table[:, None], table)
    return np.asarray(join.accumulate(spread, axis=1))


def rising_where(safe: Callable[[Graph, Node], bool], compute: Compute) -> IntervalRule:
    """As `rising`, where `safe` tells that nothing overflows; else any int8."""
    rises = rising(compute)
    return lambda graph, node, found: rises(graph, node, found) if safe(graph, node) else widest(graph, node, found)


def stays_in_int32(largest: int, shift: int) -> bool:
    """Tell whether values up to `largest` fit into int32 behind the shift to the left before a multiplication."""
    return largest << min(max(shift, 0), 32) <= LARGEST
