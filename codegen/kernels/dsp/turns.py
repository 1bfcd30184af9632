"""TRANSPOSE as matrices of bytes whose rows become columns."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import pairwise
from math import prod

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Transpose
from depthwise.codegen.operators.parts.rows import ScatteredRows
from depthwise.codegen.schedule.reads import access_of, at_once

Axes = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """Matrices: how many, and their sizes as they are read.

    From one to the next it is `step`, as it is written `turned_step`; from row to row `pitch` and `turned_pitch`.
    """

    matrices: int
    rows: int
    columns: int
    _: KW_ONLY
    step: int
    turned_step: int
    pitch: int
    turned_pitch: int


def turn_of(graph: Graph, node: Node) -> Turn | None:
    """What a call turns; None if it is not made of matrices.

    Row k of what is written is column k of what is read: the last axis goes in front of the one that becomes the last.
    """
    assert isinstance(node.op, Transpose)
    shape, permutation = graph.inputs_of(node)[0].shape, node.op.permutation
    if isinstance(access_of(graph, node), ScatteredRows):
        return _turned_row(shape, permutation)
    if not at_once(graph, node):
        if permutation[:2] != (0, 1):
            return None
        shape, permutation = shape[2:], tuple(axis - 2 for axis in permutation[2:])
    match merged(shape, permutation):
        case (rows, columns), (1, 0):
            return _turn(1, rows, columns)
        case (count, rows, columns), (0, 2, 1):
            return _turn(count, rows, columns)
        case (rows, count, columns), (2, 1, 0):
            pitch, turned_pitch = count * columns, count * rows
            return Turn(count, rows, columns, step=columns, turned_step=rows, pitch=pitch, turned_pitch=turned_pitch)
    return None


def _turned_row(shape: Axes, permutation: Axes) -> Turn | None:
    """A row [W][C]: elements of a channel become a row of what is written, or all lie apart there."""
    turned, (width, channels) = [shape[axis] for axis in permutation], shape[2:]
    pixel, channel = (prod(turned[permutation.index(axis) + 1 :]) for axis in (2, 3))
    if channel == 1:
        return None
    if pixel == 1:
        return Turn(1, width, channels, step=0, turned_step=0, pitch=channels, turned_pitch=channel)
    if pixel == channels * channel:
        return Turn(1, 1, width * channels, step=0, turned_step=0, pitch=0, turned_pitch=channel)
    return Turn(width, 1, channels, step=channels, turned_step=pixel, pitch=0, turned_pitch=channel)


def _turn(count: int, rows: int, columns: int) -> Turn:
    """Matrices one behind the other."""
    size = rows * columns
    return Turn(count, rows, columns, step=size, turned_step=size, pitch=columns, turned_pitch=rows)


def merged(shape: Sequence[int], permutation: Sequence[int]) -> tuple[Axes, Axes]:
    """The same permutation of fewer axes: those of one element go, those that stay side by side are one.

    >>> merged((1, 22, 18, 28), (0, 3, 1, 2))
    ((396, 28), (1, 0))
    """
    kept = [axis for axis in permutation if shape[axis] > 1]
    groups: list[list[int]] = []
    for axis in kept:
        if groups and axis == _next(kept, groups[-1][-1]):
            groups[-1].append(axis)
        else:
            groups.append([axis])
    ordered = sorted(groups)
    sizes = tuple(prod(shape[axis] for axis in group) for group in ordered)
    return sizes, tuple(ordered.index(group) for group in groups)


def _next(kept: Sequence[int], axis: int) -> int | None:
    """The axis behind one of those that are kept."""
    return dict(pairwise(sorted(kept))).get(axis)
