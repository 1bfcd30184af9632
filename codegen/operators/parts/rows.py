"""Which input rows a row of an operator's output needs: five ways, of which each operator has one for a node."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node

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
class RowSums:
    """Input rows are taken one by one into int32 sums of one output row; row y takes `taps` from y · stride − top on.

    Windows share no rows. With stride 0 all output rows are finished by the last input row.
    """

    taps: int
    stride: int
    top: int


RowAccess = Whole | SameRow | ShiftedRow | RowWindow | RowSums
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
