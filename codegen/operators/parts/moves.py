"""Operators that only move elements: where each element that they write comes from, found by moving numbers.

A `Move` puts the elements of arrays into a new array. It computes int8, int32 and real tensors alike; and since it
moves the numbers of the elements just so, rows, channels and kernels are read off what it does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, DType, Graph, Node, Operation, Quantization, Tensor

from .computing import Compute, ComputeReal, Operands
from .formulas import Formula, fit
from .intervals import Interval, IntervalRule, Intervals, widest
from .quantization import quantization_of
from .rows import UNREAD, MappedRow, MappedRows

Shape = tuple[int, ...]
Numbers = NDArray[np.int64]
# Moves arrays of exactly the operands' shapes into one of the shape that is written; what is new takes a given value.
Move = Callable[[Any, Sequence[Array], Shape, Any], Array]
Count = Callable[[Node], int]
FillRule = Callable[[Graph, Node], int]

FILL: Final = -1
MOST_TAPS: Final = 12
MOST_KINDS: Final = 8
NUMBERED_FROM: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Where elements come from: the number of the source of each, FILL if it is new; its place there, or its value."""

    source: Numbers
    place: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class RowMoves:
    """How a row is written: from which rows, and by which of several patterns.

    `kinds` are the patterns; `kind` tells which of them row y is, an integer: y modulo it. Constants are sources behind
    the taps of `access`.
    """

    access: MappedRows
    kinds: tuple[Origins, ...]
    kind: Formula | int


def zero(graph: Graph, node: Node) -> int:
    """What is new is the zero point."""
    return quantization_of(graph.output_of(node)).zero_point


def computed(move: Move, count: Count, fill: FillRule) -> Compute:
    """The arithmetic of an operator that moves its first `count` operands."""

    def compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
        out = graph.output_of(node)
        arrays = [operands[i] for i in range(count(node))]
        value = fill(graph, node) if out.dtype is DType.INT8 else 0
        return np.array(move(node.op, arrays, out.shape, value), order="C")

    return compute


def computed_real(move: Move, count: Count, fill: Callable[[Graph, Node], float]) -> ComputeReal:
    """The same for real numbers, which are moved as they are."""

    def compute(graph: Graph, node: Node, operands: Operands) -> Array:
        arrays = [operands[i] for i in range(count(node))]
        return np.array(move(node.op, arrays, graph.output_of(node).shape, fill(graph, node)), order="C")

    return compute


def interval(compute: Compute, count: Count) -> IntervalRule:
    """Each element is that of an operand: ends move as elements do."""

    def rule(graph: Graph, node: Node, found: Intervals) -> Interval:
        reads = [i for i in node.inputs[: count(node)] if graph.tensors[i].data is None]
        if not all(i in found for i in reads):
            return widest(graph, node, found)
        ends = [{i: found[i].lower for i in reads}, {i: found[i].upper for i in reads}]
        lower, upper = (compute(graph, node, Operands(graph, node, end), Mode.TFLM) for end in ends)
        return Interval(lower, upper)

    return rule


def origins(compute: Compute, count: int, graph: Graph, node: Node) -> Origins:
    """Where the elements of a node's output come from, of its shape: sources are its first operands."""
    tensors = graph.inputs_of(node)[:count]
    out = graph.output_of(node)
    return origins_of(compute, node.op, tuple(t.shape for t in tensors), out.shape, quantization_of(out))


def origins_of(compute: Compute, op: Operation, shapes: tuple[Shape, ...], out: Shape, q: Quantization) -> Origins:
    """By moving the numbers of elements, which are larger than any value that is new."""
    count = len(shapes)
    tensors = [Tensor(i, "", shape, DType.INT8, q) for i, shape in enumerate((*shapes, out))]
    node = Node(0, op, tuple(range(count)), count)
    alone = Graph("", tuple(tensors), (node,), inputs=node.inputs, outputs=(count,))
    sizes = [t.elements for t in tensors[:count]]
    starts = NUMBERED_FROM + np.cumsum([0, *sizes])
    numbers = {i: np.arange(starts[i], starts[i + 1]).reshape(shape) for i, shape in enumerate(shapes)}
    moved = np.asarray(compute(alone, node, Operands(alone, node, numbers), Mode.TFLM)).reshape(out)
    source = np.searchsorted(starts, moved, side="right") - 1
    return Origins(source, np.where(source == FILL, moved, moved - starts[source]))


def distances(compute: Compute, count: int, graph: Graph, node: Node) -> tuple[int | None, ...] | None:
    """How many elements behind the begin of a node's output each operand would begin if no element had to move.

    None for an operand of which nothing is taken; None for all where some element has to move, is new or a constant's.
    """
    tensors, out = graph.inputs_of(node)[:count], graph.output_of(node)
    if any(t.data is not None or t.dtype is not out.dtype for t in tensors):
        return None
    if sum(t.elements for t in tensors) < out.elements:
        return None
    op = cast("Any", node.op)
    return _distances(compute, op, tuple(t.shape for t in tensors), out.shape, quantization_of(out))


@lru_cache(maxsize=1024)
def _distances(
    compute: Compute, op: Any, shapes: tuple[Shape, ...], out: Shape, quantization: Quantization
) -> tuple[int | None, ...] | None:
    found = origins_of(compute, op, shapes, out, quantization)
    source, distance = found.source.ravel(), np.arange(found.place.size) - found.place.ravel()
    if (source == FILL).any():
        return None
    of_each = [np.unique(distance[source == position]).tolist() for position in range(len(shapes))]
    return None if max(map(len, of_each)) > 1 else tuple(d[0] if d else None for d in of_each)


def row_moves(compute: Compute, count: int, graph: Graph, node: Node) -> RowMoves | None:
    """How rows of a node's output are written; None where whole tensors are."""
    tensors, out = graph.inputs_of(node)[:count], graph.output_of(node)
    if max(t.rows for t in (*tensors, out)) == 1 or out.dtype is not DType.INT8:
        return None
    constant, op = tuple(t.data is not None for t in tensors), cast("Any", node.op)
    return _row_moves(compute, op, tuple(t.shape for t in tensors), constant, out.shape, quantization_of(out))


@lru_cache(maxsize=1024)
def _row_moves(
    compute: Compute,
    op: Any,
    shapes: tuple[Shape, ...],
    constant: tuple[bool, ...],
    out: Shape,
    quantization: Quantization,
) -> RowMoves | None:
    rows = rows_of(out)
    found = origins_of(compute, op, shapes, out, quantization)
    operand, inside = found.source.reshape(rows, -1), found.place.reshape(rows, -1)
    source, place, taps = np.full_like(operand, FILL), inside.copy(), list[MappedRow]()
    for position in (p for p in range(len(shapes)) if not constant[p]):
        height, mine = rows_of(shapes[position]), operand == position
        length = int(np.prod(shapes[position], dtype=np.int64)) // height
        row = np.where(mine, inside // length, UNREAD)
        for read in _reads(row, height):
            formula = fit(_without_gaps(read))
            if formula is None or len(taps) == MOST_TAPS:
                return None
            here = mine & (row == np.asarray(read)[:, None])
            source[here], place[here] = len(taps), (inside - row * length)[here]
            taps.append(MappedRow(position, read, formula))
    for number, position in enumerate(p for p in range(len(shapes)) if constant[p]):
        source[operand == position] = len(taps) + number
    return _in_kinds(MappedRows(tuple(taps), rows), source, place)


def rows_of(shape: Shape) -> int:
    """Rows of a tensor of some shape."""
    return shape[1] if len(shape) == 4 and shape[0] == 1 else 1


def _reads(row: Numbers, height: int) -> list[tuple[int, ...]]:
    """Rows of one operand that each row of the output needs: the first one of each, the second one, …; or UNREAD."""
    wanted = [np.unique(each[each != UNREAD]).tolist() for each in row]
    most = max(map(len, wanted))
    if most > min(height, MOST_TAPS):
        most = MOST_TAPS + 1
    return [tuple(w[k] if k < len(w) else UNREAD for w in wanted) for k in range(most)]


def _without_gaps(rows: tuple[int, ...]) -> list[int]:
    """Rows with any that can be read where none is needed."""
    filled, last = [], next(row for row in rows if row != UNREAD)
    for row in rows:
        last = row if row != UNREAD else last
        filled.append(last)
    return filled


def _in_kinds(access: MappedRows, source: Numbers, place: Numbers) -> RowMoves | None:
    numbers: dict[bytes, int] = {}
    each = zip(source, place, strict=True)
    of_row = [numbers.setdefault(a.tobytes() + b.tobytes(), len(numbers)) for a, b in each]
    if len(numbers) > MOST_KINDS:
        return None
    firsts = [of_row.index(number) for number in range(len(numbers))]
    kinds = tuple(Origins(source[row], place[row]) for row in firsts)
    if of_row == [y % len(numbers) for y in range(len(of_row))]:
        return RowMoves(access, kinds, len(numbers))
    formula = fit(of_row)
    return None if formula is None else RowMoves(access, kinds, formula)
