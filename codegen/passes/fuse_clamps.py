"""Fuses RELU and RELU6 into the layer before them."""

from dataclasses import replace

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Activation, is_activated, operator_of
from depthwise.codegen.operators.parameters import activation_range, relu_parameters

from .rewire import exchanged, sole_reader


def fuse_clamps(graph: Graph) -> Graph:
    """Clamp once where a layer with a clamp is read by a RELU or RELU6 of the same quantization alone.

    Two clamps in a row are one: the larger lower end, the smaller upper end. It is fused if one of the schema's
    activations says exactly that.
    """
    for node in graph.nodes:
        reader = sole_reader(graph, node.output)
        if reader is None or operator_of(reader.op).activation is Activation.NONE:
            continue
        fused = _fused(graph, node, reader)
        if fused is not None:
            graph = exchanged(graph, {reader.output: fused}, (node,))
            return fuse_clamps(graph)
    return graph


def _fused(graph: Graph, node: Node, clamp: Node) -> Node | None:
    before, after = graph.output_of(node).quantization, graph.output_of(clamp).quantization
    if not is_activated(node.op) or before is None or before != after:
        return None
    own, p = activation_range(node.op.activation, before), relu_parameters(graph, clamp)
    wanted = max(own[0], p.minimum), min(own[1], p.maximum)
    for activation in (node.op.activation, *Activation):
        if activation_range(activation, before) == wanted:
            return replace(node, op=replace(node.op, activation=activation), output=clamp.output)
    return None
