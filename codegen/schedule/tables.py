"""Which calls read and write each row, as tables: all that the planner knows of operators.

Calls of a step run in order, so which of them reads a row last, or finishes it, does not depend on the schedule.
"""

from array import array
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Graph, Node

from .reads import (
    access_of,
    access_to,
    accumulates,
    accumulator_bytes,
    calls_of,
    operands,
    rows_read,
    rows_touched,
    rows_written,
)

Numbers = NDArray[np.int32]
Flags = NDArray[np.bool_]
Sizes = NDArray[np.int64]
UNREAD: Final = -1


@dataclass(frozen=True, slots=True)
class Reading:
    """How a step reads an operand: rows that must exist for each call, and the last call that reads each row.

    `ends` is the last call that reads anything, UNREAD if none does; `all_read`: every row is read.
    """

    tensor: int
    needs: "array[int]"
    last_call: Numbers
    ends: int
    all_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTable:
    """Calls of a step: what they read, rows of the output that exist behind each.

    `first_call` is the one that writes to a row first, `finishing_call` the one behind which it exists. `sum_bytes` are
    those of an accumulating step's sums.
    """

    calls: int
    output: int
    readings: tuple[Reading, ...]
    gives: "array[int]"
    first_call: Numbers
    finishing_call: Numbers
    sum_bytes: int


def step_tables(graph: Graph) -> tuple[StepTable, ...]:
    """Tables of every node of a network."""
    return tuple(_table(graph, node) for node in graph.nodes)


def _table(graph: Graph, node: Node) -> StepTable:
    calls, access, rows = calls_of(graph, node), access_of(graph, node), graph.output_of(node).rows
    read = graph.inputs_of(node)[0].rows
    gives, finishing, so_far = array("i"), np.zeros(rows, np.int32), 0
    beginning = np.full(rows, calls, np.int32)
    for call in range(calls):
        first, last = rows_written(access, read, rows, call)
        if first <= last:
            finishing[first : last + 1] = call
            so_far = last + 1
        touched, end = rows_touched(access, read, rows, call)
        np.minimum(beginning[touched : end + 1], call, out=beginning[touched : end + 1])
        gives.append(so_far)
    readings = tuple(_reading(graph, node, tensor, calls) for tensor in operands(graph, node))
    sums = accumulator_bytes(graph, node) if accumulates(graph, node) else 0
    return StepTable(
        calls=calls,
        output=node.output,
        readings=readings,
        gives=gives,
        first_call=beginning,
        finishing_call=finishing,
        sum_bytes=sums,
    )


def _reading(graph: Graph, node: Node, tensor: int, calls: int) -> Reading:
    access, rows = access_to(graph, node, tensor), graph.tensors[tensor].rows
    needs, last_call = array("i"), np.full(rows, UNREAD, np.int32)
    for call in range(calls):
        first, last = rows_read(access, rows, call)
        last_call[first : last + 1] = call
        needs.append(last + 1)
    return Reading(tensor, needs, last_call, int(last_call.max()), bool((last_call != UNREAD).all()))
