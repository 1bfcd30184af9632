"""Proves for each layer that its int32 accumulators cannot overflow, whatever the input."""

from typing import Final

import numpy as np

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected

from .parameters import conv_parameters

LARGEST: Final = 2**31 - 1


def check_accumulators(graph: Graph) -> None:
    """Refuse a layer whose sums can leave int32. Raises UnsupportedError naming both numbers."""
    for node in graph.nodes:
        if isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected):
            reached = largest_accumulator(graph, node)
            if reached > LARGEST:
                raise UnsupportedError(
                    f"{node} can reach an accumulator of {reached:,}, int32 holds {LARGEST:,}",
                    "the model's biases are damaged or its scales far off: quantize it again",
                )


def largest_accumulator(graph: Graph, node: Node) -> int:
    """Bound of |Σ w·(x − zp) + b| over all int8 inputs and all partial sums, taken as Σ w·x + (b − zp·Σ w) too."""
    weights = graph.tensors[node.inputs[1]].data
    assert weights is not None
    axis = (0, 1, 2) if isinstance(node.op, DepthwiseConv2D) else tuple(range(1, weights.ndim))
    total = np.abs(weights.astype(np.int64)).sum(axis=axis)
    zero_point = conv_parameters(graph, node).input_zero_point
    widest = 128 + abs(zero_point)
    bias = graph.tensors[node.inputs[2]].data if len(node.inputs) > 2 else None
    offset = np.abs(bias.astype(np.int64)) if bias is not None else 0
    return int((total * widest + offset).max())
