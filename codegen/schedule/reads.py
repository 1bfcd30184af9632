"""Which input rows a row of each operation's output needs."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    MaxPool2D,
    Mean,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Reshape,
)

Span = tuple[int, int]
ELEMENTWISE: Final = (Add, Quantize, Relu, Relu6)
SUM_BYTES: Final = 4


def operands(graph: Graph, node: Node) -> tuple[int, ...]:
    """Activations that a node reads, constants left out, each once."""
    return tuple(dict.fromkeys(i for i in node.inputs if graph.tensors[i].data is None))


def accumulates(graph: Graph, node: Node) -> bool:
    """Tell whether a node takes its input row by row into int32 sums instead of waiting for a window of rows.

    MEAN always does; AVERAGE_POOL_2D where its windows do not share rows and the sums are smaller than the rows.
    """
    if isinstance(node.op, Mean):
        return True
    if not isinstance(node.op, AveragePool2D) or node.op.stride[0] < node.op.kernel[0]:
        return False
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    return out.row_bytes * SUM_BYTES < (min(node.op.kernel[0], image.rows) - 1) * image.row_bytes


def accumulator_bytes(graph: Graph, node: Node) -> int:
    """Bytes of an accumulating node's sums: one int32 for each element of an output row."""
    return graph.output_of(node).row_bytes * SUM_BYTES


def at_once(graph: Graph, node: Node) -> bool:
    """Tell whether one call computes the whole output, from the whole input."""
    if isinstance(node.op, Reshape):
        source, out = graph.inputs_of(node)[0], graph.output_of(node)
        return (source.rows, source.row_bytes) != (out.rows, out.row_bytes)
    windows = Conv2D | DepthwiseConv2D | AveragePool2D | MaxPool2D | Mean | Pad
    return not isinstance(node.op, windows | Add | Quantize | Relu | Relu6)


def calls_of(graph: Graph, node: Node) -> int:
    """Number of calls that compute a node: one for each output row, one for each input row if it accumulates."""
    if accumulates(graph, node):
        return graph.inputs_of(node)[0].rows
    return 1 if at_once(graph, node) else graph.output_of(node).rows


def span(graph: Graph, node: Node, tensor: int, call: int) -> Span:
    """First and last row of an operand that a node's call reads; first > last if it is all padding."""
    rows = graph.tensors[tensor].rows
    if accumulates(graph, node):
        return call, call
    if at_once(graph, node):
        return 0, rows - 1
    match node.op:
        case Conv2D(stride=stride, pads=pads, dilation=dilation) | DepthwiseConv2D(stride, pads, dilation):
            reach = (graph.tensors[node.inputs[1]].shape[1] - 1) * dilation[0]
        case AveragePool2D(kernel, stride, pads) | MaxPool2D(kernel, stride, pads):
            reach = kernel[0] - 1
        case Pad(pads):
            stride, reach = (1, 1), 0
        case _:
            return call, call
    first = call * stride[0] - pads.top
    return max(first, 0), max(min(first + reach, rows - 1), -1)


def writes(graph: Graph, node: Node, call: int) -> Span:
    """First and last output row that a node's call finishes; first > last if it finishes none."""
    if at_once(graph, node):
        return 0, graph.output_of(node).rows - 1
    if not accumulates(graph, node):
        return call, call
    if isinstance(node.op, Mean):
        last = graph.inputs_of(node)[0].rows - 1
        return (0, graph.output_of(node).rows - 1) if call == last else (1, 0)
    assert isinstance(node.op, AveragePool2D)
    return _pool_row(graph, node, node.op, call)


def _pool_row(graph: Graph, node: Node, op: AveragePool2D, call: int) -> Span:
    """Output row whose last input row this is."""
    rows, out = graph.inputs_of(node)[0].rows, graph.output_of(node).rows
    for row in range(out):
        if min(row * op.stride[0] - op.pads.top + op.kernel[0], rows) - 1 == call:
            return row, row
    return 1, 0
