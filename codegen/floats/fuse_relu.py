"""Fuses RELU and RELU6 of a float network into the layer before them: exact."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mul,
    Relu,
    Relu6,
)
from depthwise.codegen.passes.rewire import exchanged, sole_reader

Clamped = Conv2D | DepthwiseConv2D | FullyConnected | Add | Mul | AveragePool2D | MaxPool2D
FUSED: Final = {
    (Activation.NONE, Relu): Activation.RELU,
    (Activation.NONE, Relu6): Activation.RELU6,
    (Activation.RELU, Relu6): Activation.RELU6,
}


def fuse_relu(graph: Graph) -> Graph:
    """Clamp in the layer whose output a RELU or RELU6 alone reads."""
    for node in graph.nodes:
        reader = sole_reader(graph, node.output)
        if reader is None or not isinstance(node.op, Clamped):
            continue
        activation = FUSED.get((node.op.activation, type(reader.op)))
        if activation is not None:
            fused = replace(node, op=replace(node.op, activation=activation), output=reader.output)
            return fuse_relu(exchanged(graph, {reader.output: fused}, (node,)))
    return graph
