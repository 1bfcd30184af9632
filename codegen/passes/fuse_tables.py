"""Makes one table of functions of single elements that stand in a row."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Table
from depthwise.codegen.operators.tables import is_table, table_of

from .rewire import exchanged, sole_reader


def fuse_tables(graph: Graph) -> Graph:
    """Look up once where an int8 function of one element reads another: 256 values tell what they do together.

    The one in front must be read by the other alone, and both must be of one shape.
    """
    for node in graph.nodes:
        reader = sole_reader(graph, node.output)
        if reader is not None and is_table(graph, node) and is_table(graph, reader):
            fused = _fused(graph, node, reader)
            return fuse_tables(exchanged(graph, {reader.output: fused}, (node,)))
    return graph


def _fused(graph: Graph, first: Node, second: Node) -> Node:
    values = tuple(table_of(graph, (first, second)).tolist())
    return replace(second, op=Table(values), inputs=first.inputs)
