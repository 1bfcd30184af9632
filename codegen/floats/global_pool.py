"""Writes an average over the whole image as MEAN, which may have a scale of its own."""

from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import DType, Graph, Node, Tensor
from depthwise.codegen.operators import Activation, AveragePool2D, Mean, Pads


def pool_to_mean(graph: Graph) -> Graph:
    """AVERAGE_POOL_2D over the whole image becomes MEAN over height and width: exact.

    The int8 specification holds a pool's output to the scale of its input, though means are much smaller than
    the largest pixel; a MEAN's output has the scale that it needs.
    """
    tensors = list(graph.tensors)
    nodes = []
    for node in graph.nodes:
        if not _is_global(graph, node):
            nodes.append(node)
            continue
        axes = np.array([1, 2], np.int32)
        axes.setflags(write=False)
        name = f"{graph.output_of(node).name}/axes"
        tensors.append(Tensor(len(tensors), name, axes.shape, DType.INT32, None, data=axes))
        nodes.append(replace(node, op=Mean(), inputs=(node.inputs[0], len(tensors) - 1)))
    return replace(graph, tensors=tuple(tensors), nodes=tuple(nodes))


def _is_global(graph: Graph, node: Node) -> bool:
    if not isinstance(node.op, AveragePool2D) or node.op.activation is not Activation.NONE:
        return False
    return node.op.pads == Pads() and node.op.kernel == graph.inputs_of(node)[0].shape[1:3]
