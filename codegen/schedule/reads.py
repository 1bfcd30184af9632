"""Which input rows a row of each operation's output needs, as the operators' rooms have it."""

from bisect import bisect_left, bisect_right

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.rows import (
    SUM_BYTES,
    UNREAD,
    MappedRows,
    RowAccess,
    RowsOfOne,
    RowSums,
    RowWindow,
    SameRow,
    ScatteredRows,
    ShiftedRow,
    SpreadRows,
    Whole,
)

RowSpan = tuple[int, int]


def access_of(graph: Graph, node: Node) -> RowAccess:
    """How a node takes its rows."""
    return operator_of(node.op).rows(graph, node)


def access_to(graph: Graph, node: Node, tensor: int) -> RowAccess:
    """How a node takes the rows of one of its operands: what `rows_read` wants to know."""
    access = access_of(graph, node)
    if not isinstance(access, MappedRows):
        return access
    of_tensor = [tap.rows for tap in access.taps if node.inputs[tap.position] == tensor]
    calls = [[row for row in together if row != UNREAD] for together in zip(*of_tensor, strict=True)]
    spans = tuple((min(rows), max(rows)) if rows else (1, 0) for rows in calls) if calls else ((1, 0),) * access.rows
    return RowsOfOne(spans)


def operands(graph: Graph, node: Node) -> tuple[int, ...]:
    """Activations that a node reads, constants left out, each once."""
    return tuple(dict.fromkeys(i for i in node.inputs if graph.tensors[i].data is None))


def accumulates(graph: Graph, node: Node) -> bool:
    """Tell whether a node takes its input row by row into int32 sums instead of waiting for a window of rows."""
    return isinstance(access_of(graph, node), RowSums)


def accumulator_bytes(graph: Graph, node: Node) -> int:
    """Bytes of an accumulating node's sums: one int32 for each element of an output row."""
    return graph.output_of(node).row_bytes * SUM_BYTES


def at_once(graph: Graph, node: Node) -> bool:
    """Tell whether one call computes the whole output, from the whole input."""
    return isinstance(access_of(graph, node), Whole)


def calls_of(graph: Graph, node: Node) -> int:
    """Number of calls that compute a node: one for each output row, one for each input row it takes by itself."""
    match access_of(graph, node):
        case Whole():
            return 1
        case RowSums() | ScatteredRows():
            return graph.inputs_of(node)[0].rows
        case SameRow() | ShiftedRow() | RowWindow() | SpreadRows() | MappedRows() | RowsOfOne():
            return graph.output_of(node).rows


def span(graph: Graph, node: Node, tensor: int, call: int) -> RowSpan:
    """First and last row of an operand that a node's call reads; first > last if it is all padding."""
    return rows_read(access_to(graph, node, tensor), graph.tensors[tensor].rows, call)


def rows_read(access: RowAccess, rows: int, call: int) -> RowSpan:
    """First and last of an operand's `rows` that a call reads; first > last if it is all padding."""
    match access:
        case Whole():
            return 0, rows - 1
        case SameRow():
            return min(call, rows - 1), min(call, rows - 1)
        case RowSums() | ScatteredRows():
            return call, call
        case ShiftedRow(top):
            return _inside(call - top, 0, rows)
        case RowWindow(taps, stride, top, dilation):
            return _inside(call * stride - top, (taps - 1) * dilation, rows)
        case SpreadRows(taps, stride, top):
            return _inside((call + top) // stride - taps + 1, taps - 1, rows)
        case RowsOfOne(spans):
            return spans[call]
        case MappedRows():
            raise AssertionError("rows are mapped for each operand by itself")


def _inside(first: int, reach: int, rows: int) -> RowSpan:
    return max(first, 0), max(min(first + reach, rows - 1), -1)


def writes(graph: Graph, node: Node, call: int) -> RowSpan:
    """First and last output row that a node's call finishes; first > last if it finishes none."""
    return rows_written(access_of(graph, node), graph.inputs_of(node)[0].rows, graph.output_of(node).rows, call)


def rows_written(access: RowAccess, read: int, rows: int, call: int) -> RowSpan:
    """First and last of the output's `rows` that a call finishes, of `read` rows of input; first > last if none."""
    match access:
        case Whole():
            return 0, rows - 1
        case SameRow() | ShiftedRow() | RowWindow() | SpreadRows() | MappedRows() | RowsOfOne():
            return call, call
        case ScatteredRows():
            return (0, rows - 1) if call == read - 1 else (0, -1)
        case RowSums(taps, stride, top):
            of_row = range(rows)

            def finishing(row: int) -> int:
                return min(row * stride - top + taps, read) - 1

            return bisect_left(of_row, call, key=finishing), bisect_right(of_row, call, key=finishing) - 1


def rows_touched(access: RowAccess, read: int, rows: int, call: int) -> RowSpan:
    """First and last of the output's `rows` that a call writes to, whether it finishes them or not."""
    return (0, rows - 1) if isinstance(access, ScatteredRows) else rows_written(access, read, rows, call)
