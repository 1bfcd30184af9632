"""Makes a table of what joins a tensor and a number."""

from dataclasses import replace

from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators import Table
from depthwise.codegen.operators.tables import EVERY_VALUE, joins_elements

from .rewire import exchanged


def as_tables(graph: Graph) -> Graph:
    """What joins a tensor and one number (ADD, SUB, MUL …) is a function of one int8 value: 256 tell all."""
    changed = {n.output: _table(graph, n) for n in graph.nodes if _joins_a_number(graph, n)}
    return exchanged(graph, changed) if changed else graph


def _joins_a_number(graph: Graph, node: Node) -> bool:
    if not joins_elements(node) or graph.output_of(node).dtype is not DType.INT8:
        return False
    constants = [t for t in graph.inputs_of(node) if t.data is not None]
    shapes = [t.shape for t in graph.inputs_of(node) if t.data is None]
    return [t.elements for t in constants] == [1] and shapes == [graph.output_of(node).shape]


def _table(graph: Graph, node: Node) -> Node:
    (source,) = (t for t in graph.inputs_of(node) if t.data is None)
    values = compute(graph, node, {source.index: EVERY_VALUE.reshape(-1, *(1,) * (len(source.shape) - 1))})
    return replace(node, op=Table(tuple(values.ravel().tolist())), inputs=(source.index,))
