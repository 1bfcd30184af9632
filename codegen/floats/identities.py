"""Drops float layers that give back what they were given."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Activation,
    AveragePool2D,
    MaxPool2D,
    Pad,
    Pads,
    Relu,
    Relu6,
    Reshape,
    Transpose,
)
from depthwise.codegen.passes.rewire import without, writer_of


def drop_identities(graph: Graph) -> Graph:
    """Let readers read what lies before identities; a tensor that leaves the network keeps its writer."""
    for node in graph.nodes:
        same_shape = graph.inputs_of(node)[0].shape == graph.output_of(node).shape
        if node.output not in graph.outputs and same_shape and _gives_back(graph, node):
            return drop_identities(without(graph, node, {node.output: node.inputs[0]}))
    return graph


def _gives_back(graph: Graph, node: Node) -> bool:
    match node.op:
        case Reshape():
            return True
        case Transpose(permutation):
            return permutation == tuple(sorted(permutation))
        case Pad(pads):
            return pads == Pads()
        case AveragePool2D() | MaxPool2D() as op:
            return (op.kernel, op.stride, op.activation) == ((1, 1), (1, 1), Activation.NONE)
        case Relu() | Relu6():
            return _is_clamped(graph, node)
        case _:
            return False


def _is_clamped(graph: Graph, node: Node) -> bool:
    """Tell whether what a clamp reads lies within its ends already."""
    before = writer_of(graph, node.inputs[0])
    if before is None:
        return False
    own = getattr(before.op, "activation", None)
    if isinstance(node.op, Relu6):
        return isinstance(before.op, Relu6) or own is Activation.RELU6
    return isinstance(before.op, Relu | Relu6) or own in (Activation.RELU, Activation.RELU6)
