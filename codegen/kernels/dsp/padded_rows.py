"""Rows of one channel in scratch, padded: how they are walked, four outputs at a time, and how many bytes they take."""

from dataclasses import dataclass
from typing import ClassVar, Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.weighted import taps_of
from depthwise.codegen.operators import DepthwiseConv2D

BLOCK: Final = 4
WORD: Final = 4
# Bytes that a row of the kernel reads from where a block begins, by taps and stride, for blocks of 1, 2, 3, 4 outputs.
READ: Final = {
    (4, 1): (4, 8, 8, 8),
    (5, 1): (8, 8, 8, 8),
    (8, 1): (8, 12, 12, 12),
    (4, 2): (4, 8, 8, 12),
    (5, 2): (8, 8, 12, 12),
    (8, 2): (8, 12, 12, 16),
}
# Cycles that it takes.
CYCLES: Final = {
    (4, 1): (12, 18, 21, 23),
    (5, 1): (18, 22, 26, 29),
    (8, 1): (21, 30, 36, 40),
    (4, 2): (12, 19, 21, 29),
    (5, 2): (18, 23, 29, 35),
    (8, 2): (24, 35, 39, 55),
}


@dataclass(frozen=True, slots=True)
class PaddedRows:
    """Rows of `pitch` bytes for kernels of `taps` columns (4, 5, 8): `blocks` of four outputs and `rest` others."""

    taps: int
    stride: int
    blocks: int
    rest: int

    FOUR: ClassVar[int] = 4
    FIVE: ClassVar[int] = 5
    EIGHT: ClassVar[int] = 8

    @property
    def words(self) -> int:
        """Words of weights of a row."""
        return 1 if self.taps == self.FOUR else 2

    @property
    def pitch(self) -> int:
        """Bytes from a row to the next: all that any block reads."""
        read, begin = READ[self.taps, self.stride], BLOCK * self.stride
        ends = [(self.blocks - 1) * begin + read[BLOCK - 1]] if self.blocks else []
        ends += [self.blocks * begin + read[self.rest - 1]] if self.rest else []
        return max(ends)

    @property
    def cycles(self) -> int:
        """Cortex-M4 cycles of a row of the kernel for a row of outputs."""
        table = CYCLES[self.taps, self.stride]
        return self.blocks * table[BLOCK - 1] + (table[self.rest - 1] if self.rest else 0)


def padded_rows_of(graph: Graph, node: Node) -> PaddedRows:
    """Padded rows of a DEPTHWISE_CONV_2D with a stride of 1 or 2 along a row and at most eight columns of kernel."""
    assert isinstance(node.op, DepthwiseConv2D)
    width = taps_of(graph, node)[1]
    taps = next(t for t in (PaddedRows.FOUR, PaddedRows.FIVE, PaddedRows.EIGHT) if width <= t)
    return PaddedRows(taps, node.op.stride[1], *divmod(graph.output_of(node).shape[2], BLOCK))


def padded_bytes(graph: Graph, node: Node) -> int:
    """Bytes of the rows that a window sees."""
    return taps_of(graph, node)[0] * padded_rows_of(graph, node).pitch
