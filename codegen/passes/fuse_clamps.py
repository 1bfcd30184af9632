"""Fuses RELU and RELU6 into the layer before them."""

from dataclasses import replace

from depthwise.codegen.arithmetic.parameters import activation_range, quantization_of, relu_parameters
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Relu,
    Relu6,
)

from .rewire import exchanged, sole_reader

Clamped = Conv2D | DepthwiseConv2D | FullyConnected | Add | AveragePool2D | MaxPool2D


def fuse_clamps(graph: Graph) -> Graph:
    """Clamp once where a layer with a clamp is read by a RELU or RELU6 of the same quantization alone.

    Two clamps in a row are one: the larger lower end, the smaller upper end. It is fused if one of the schema's
    activations says exactly that.
    """
    for node in graph.nodes:
        reader = sole_reader(graph, node.output)
        if reader is None or not isinstance(node.op, Clamped) or not isinstance(reader.op, Relu | Relu6):
            continue
        fused = _fused(graph, node, reader)
        if fused is not None:
            graph = exchanged(graph, {reader.output: fused}, (node,))
            return fuse_clamps(graph)
    return graph


def _fused(graph: Graph, node: Node, clamp: Node) -> Node | None:
    assert isinstance(node.op, Clamped)
    before, after = graph.output_of(node).quantization, graph.output_of(clamp).quantization
    if before is None or before != after:
        return None
    own, p = activation_range(node.op.activation, before), relu_parameters(graph, clamp)
    wanted = max(own[0], p.minimum), min(own[1], p.maximum)
    quantization = quantization_of(graph.output_of(node))
    for activation in (node.op.activation, *Activation):
        if activation_range(activation, quantization) == wanted:
            return replace(node, op=replace(node.op, activation=activation), output=clamp.output)
    return None
