"""Makes a table of what joins functions of the same elements, as SiLU joins x and LOGISTIC of x."""

from dataclasses import replace

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Node
from depthwise.codegen.operators import SelectV2, Table
from depthwise.codegen.operators.tables import EVERY_VALUE, is_table, joins_elements, table_of

from .rewire import exchanged, writer_of


def fuse_forks(graph: Graph) -> Graph:
    """Look up what joins tensors (ADD, SUB, MUL …), or picks of them (SELECT_V2), that are one, or functions of one.

    What else reads the operands still finds them; what nothing reads any more is dropped with all that is dead.
    """
    changed: dict[int, Node] = {}
    for node in graph.nodes:
        source = _common_source(graph, node) if _joins(graph, node) else None
        if source is not None:
            changed[node.output] = replace(node, op=Table(_values(graph, node, source)), inputs=(source,))
    return exchanged(graph, changed) if changed else graph


def _joins(graph: Graph, node: Node) -> bool:
    """Tell whether all that a node reads is of its output's shape; a number may be picked."""
    picks = isinstance(node.op, SelectV2)
    if not picks and not joins_elements(node):
        return False
    read = [t for t in graph.inputs_of(node) if not (picks and t.data is not None)]
    tensors = (*read, graph.output_of(node))
    changing = all(t.data is None and t.dtype is DType.INT8 for t in tensors)
    return changing and len({t.shape for t in tensors}) == 1


def _common_source(graph: Graph, node: Node) -> int | None:
    """The tensor that all operands are, or are functions of."""
    first, *others = (_sources(graph, i) for i in node.inputs if graph.tensors[i].data is None)
    return next((s for s in first if all(s in other for other in others)), None)


def _sources(graph: Graph, tensor: int) -> tuple[int, ...]:
    """A tensor, and the one that it is a function of, if it is one."""
    writer = writer_of(graph, tensor)
    return (tensor, writer.inputs[0]) if writer is not None and is_table(graph, writer) else (tensor,)


def _values(graph: Graph, node: Node, source: int) -> tuple[int, ...]:
    """Results for each value of the source."""
    rank = len(graph.output_of(node).shape)
    operands = {
        i: _operand(graph, i, source).reshape(-1, *(1,) * (rank - 1))
        for i in node.inputs
        if graph.tensors[i].data is None
    }
    return tuple(compute(graph, node, operands).ravel().tolist())


def _operand(graph: Graph, tensor: int, source: int) -> Array:
    writer = writer_of(graph, tensor)
    return EVERY_VALUE if tensor == source or writer is None else table_of(graph, (writer,))
