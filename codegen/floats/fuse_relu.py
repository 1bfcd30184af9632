"""Fuses RELU and RELU6 of a float network into the layer before them: exact."""

from dataclasses import replace

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Activation, is_activated, operator_of
from depthwise.codegen.operators.parts.activation import REAL_ENDS
from depthwise.codegen.passes.rewire import exchanged, sole_reader


def fuse_relu(graph: Graph) -> Graph:
    """Clamp in the layer whose output a RELU or RELU6 alone reads."""
    for node in graph.nodes:
        reader = sole_reader(graph, node.output)
        if reader is None or not is_activated(node.op):
            continue
        activation = _joined(node.op.activation, operator_of(reader.op).activation)
        if activation is not None:
            fused = replace(node, op=replace(node.op, activation=activation), output=reader.output)
            return fuse_relu(exchanged(graph, {reader.output: fused}, (node,)))
    return graph


def _joined(own: Activation, clamp: Activation) -> Activation | None:
    """The activation that two in a row are; None if there is none, or if the second changes nothing."""
    (low, high), (least, most) = REAL_ENDS[own], REAL_ENDS[clamp]
    ends = max(low, least), min(high, most)
    return next((a for a in Activation if REAL_ENDS[a] == ends and a is not own), None)
