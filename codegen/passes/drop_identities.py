"""Drops what gives back the values it was given, and QUANTIZE pairs that do so together."""

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.tables import EVERY_VALUE, table_of

from .rewire import without, writer_of


def drop_identities(graph: Graph) -> Graph:
    """Let readers read what lies before identities. Elementwise ones are proven on all 256 values.

    Before and behind must have one shape and one quantization, or readers would compute with another scale.
    A tensor that leaves the network, or becomes its state, keeps its writer.
    """
    for node in graph.nodes:
        if node.output in graph.lasting:
            continue
        source = _same_as(graph, node)
        if source is not None:
            return drop_identities(without(graph, node, {node.output: source}))
    return graph


def _same_as(graph: Graph, node: Node) -> int | None:
    """Earlier tensor that always equals what a node writes."""
    chain, at = [node], node
    while len(chain) <= 2:
        source = at.inputs[0]
        if _alike(graph, source, node.output) and _gives_back(graph, chain):
            return source
        before = writer_of(graph, source)
        if before is None or not operator_of(before.op).unary_elementwise:
            return None
        chain.insert(0, before)
        at = before
    return None


def _alike(graph: Graph, one: int, other: int) -> bool:
    a, b = graph.tensors[one], graph.tensors[other]
    return (a.shape, a.dtype, a.quantization) == (b.shape, b.dtype, b.quantization) and a.dtype is DType.INT8


def _gives_back(graph: Graph, chain: list[Node]) -> bool:
    if all(operator_of(n.op).unary_elementwise for n in chain):
        return bool((table_of(graph, chain) == EVERY_VALUE).all())
    return len(chain) == 1 and operator_of(chain[0].op).is_identity(graph, chain[0])
