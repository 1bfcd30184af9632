"""What copying takes that is no layer's: rows that arrive, and outputs that are handed out; fitted to moves."""

from typing import Final

from depthwise.codegen.graph import Graph

BYTE: Final = 0.59  # cycles of a byte; newlib's memcpy
ARRIVAL: Final = 50  # of a row
HANDING: Final = 35  # of an output


def copied_cycles(graph: Graph) -> float:
    """Cycles of copying inputs row by row and outputs as a whole on a Cortex-M4."""
    given, taken = ([graph.tensors[i] for i in indices] for indices in (graph.inputs, graph.outputs))
    arrived = sum(ARRIVAL * t.rows + BYTE * t.nbytes for t in given)
    return arrived + sum(HANDING + BYTE * t.nbytes for t in taken)
