"""Operators that only move elements, taken by rows of their input: each goes to its places of the whole output."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from depthwise.codegen.graph import DType, Graph, Node, Quantization

from .computing import Compute
from .formulas import fit
from .moves import FILL, Count, Numbers, Shape, origins_of, row_moves, rows_of
from .quantization import quantization_of
from .rows import MappedRows, RowAccess, RowRule, ScatteredRows, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Where elements of an input row go, behind the first one that is written; FILL for those that go nowhere."""

    access: ScatteredRows
    places: Numbers


def row_rule(compute: Compute, count: Count) -> RowRule:
    """Rows that are mapped where few of them make one, else such as are scattered, else whole tensors."""

    def rule(graph: Graph, node: Node) -> RowAccess:
        mapped = row_moves(compute, count(node), graph, node)
        if mapped is not None and not _waits_for_all(graph, node, mapped.access):
            return mapped.access
        found = scatter(compute, count(node), graph, node)
        if found is not None:
            return found.access
        return Whole() if mapped is None else mapped.access

    return rule


def _waits_for_all(graph: Graph, node: Node, access: MappedRows) -> bool:
    """Tell whether all rows of the only operand and of the output exist at one time, whatever the schedule."""
    out, rows = graph.output_of(node), graph.inputs_of(node)[0].rows
    at_first = max((tap.rows[0] for tap in access.taps), default=0)
    return at_first == rows - 1 and (out.rows == 1 or node.output in graph.lasting)


def scatter(compute: Compute, count: int, graph: Graph, node: Node) -> Scatter | None:
    """How rows of a node's input are scattered; None where they cannot be, or nothing is saved."""
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    if count != 1 or image.data is not None or image.rows == 1 or out.dtype is not DType.INT8:
        return None
    if image.index in graph.lasting or any(image.index == s.before for s in graph.states):
        return None  # all of it is kept
    op = cast("Any", node.op)
    return _scatter(compute, op, image.shape, out.shape, quantization_of(out))


@lru_cache(maxsize=1024)
def _scatter(compute: Compute, op: Any, shape: Shape, out: Shape, quantization: Quantization) -> Scatter | None:
    """Rows that are written alike, each from a place on that a formula gives; no element twice, none that is new."""
    found, rows = origins_of(compute, op, (shape,), out, quantization), rows_of(shape)
    place = found.place.ravel()
    if (found.source == FILL).any() or len(np.unique(place)) < len(place):
        return None
    to = np.full(int(np.prod(shape, dtype=np.int64)), FILL)
    to[place] = np.arange(len(place))
    of_row = to.reshape(rows, -1)
    written = of_row != FILL
    if not written.any(axis=1).all():
        return None
    starts = np.where(written, of_row, len(place)).min(axis=1)
    places = np.where(written, of_row - starts[:, None], FILL)
    formula = fit(starts.tolist())
    return None if formula is None or (places != places[0]).any() else Scatter(ScatteredRows(formula), places[0])
