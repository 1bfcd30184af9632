"""Which input rows a row of an operator's output needs: the ways, of which each operator has one for a node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node

from .formulas import Formula

UNREAD: Final = -1
SUM_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Whole:
    """One call computes the whole output from the whole input."""


@dataclass(frozen=True, slots=True)
class SameRow:
    """A row of the output needs the same row of each operand; one that has a single row is needed as a whole."""


@dataclass(frozen=True, slots=True)
class ShiftedRow:
    """Row y needs row y − top of the input; a row outside of it is made of nothing."""

    top: int


@dataclass(frozen=True, slots=True)
class RowWindow:
    """Row y needs `taps` rows, `dilation` apart, from row y · stride − top on; those outside are padding."""

    taps: int
    stride: int
    top: int
    dilation: int


@dataclass(frozen=True, slots=True)
class SpreadRows:
    """Row y needs `taps` rows up to row (y + top) // stride: each is spread over rows `stride` apart."""

    taps: int
    stride: int
    top: int


@dataclass(frozen=True, slots=True)
class RowSums:
    """Input rows are taken one by one into int32 sums of one output row; row y takes `taps` from y · stride − top on.

    Windows share no rows. With stride 0 all output rows are finished by the last input row.
    """

    taps: int
    stride: int
    top: int


@dataclass(frozen=True, slots=True)
class ScatteredRows:
    """Input rows are taken one by one to where they belong in the whole output: row y from element `start`(y) on.

    All output rows are written to from the first input row on, and finished by the last one.
    """

    start: Formula


@dataclass(frozen=True, slots=True)
class MappedRow:
    """Row y needs row rows[y] of the operand at `position`, none where that is UNREAD; `formula` gives it from y."""

    position: int
    rows: tuple[int, ...]
    formula: Formula


@dataclass(frozen=True, slots=True)
class MappedRows:
    """A row of the output needs some rows of its operands, each found by a formula; `rows` is how many are written."""

    taps: tuple[MappedRow, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class RowsOfOne:
    """What `MappedRows` need of one operand: from row … to row … for each call; from > to where nothing."""

    spans: tuple[tuple[int, int], ...]


RowAccess = Whole | SameRow | ShiftedRow | RowWindow | SpreadRows | RowSums | ScatteredRows | MappedRows | RowsOfOne
RowRule = Callable[[Graph, Node], RowAccess]


def whole(_graph: Graph, _node: Node) -> RowAccess:
    """Everything at once."""
    return Whole()


def same_row(_graph: Graph, _node: Node) -> RowAccess:
    """Row by row."""
    return SameRow()


def row_of_image(graph: Graph, node: Node) -> RowAccess:
    """Row by row where the output has several, else everything at once."""
    return SameRow() if graph.output_of(node).rows > 1 else Whole()
