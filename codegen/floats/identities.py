"""Drops float layers that give back what they were given."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Activation, activation_of, operator_of
from depthwise.codegen.operators.parts.activation import REAL_ENDS
from depthwise.codegen.passes.rewire import without, writer_of


def drop_identities(graph: Graph) -> Graph:
    """Let readers read what lies before identities; a tensor that leaves the network keeps its writer."""
    for node in graph.nodes:
        same_shape = graph.inputs_of(node)[0].shape == graph.output_of(node).shape
        if node.output not in graph.outputs and same_shape and _gives_back(graph, node):
            return drop_identities(without(graph, node, {node.output: node.inputs[0]}))
    return graph


def _gives_back(graph: Graph, node: Node) -> bool:
    operator = operator_of(node.op)
    if operator.activation is not Activation.NONE:
        return _is_clamped(graph, node, operator.activation)
    return operator.is_identity(graph, node)


def _is_clamped(graph: Graph, node: Node, clamp: Activation) -> bool:
    """Tell whether what a clamp reads lies within its ends already."""
    before = writer_of(graph, node.inputs[0])
    if before is None:
        return False
    (low, high), (least, most) = REAL_ENDS[activation_of(before.op)], REAL_ENDS[clamp]
    return least <= low and high <= most
