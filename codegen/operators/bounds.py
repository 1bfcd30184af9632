"""Proves for each layer that its int32 accumulators cannot overflow, whatever the input."""

from depthwise.codegen.arithmetic.fixedpoint import LARGEST
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph, Node

from .registry import has_weights, weights_of


def check_accumulators(graph: Graph) -> None:
    """Refuse a layer whose sums can leave int32. Raises UnsupportedError naming both numbers."""
    for node in graph.nodes:
        if has_weights(node.op):
            reached = largest_accumulator(graph, node)
            if reached > LARGEST:
                raise UnsupportedError(
                    f"{node} can reach an accumulator of {reached:,}, int32 holds {LARGEST:,}",
                    "the model's biases are damaged or its scales far off: quantize it again",
                )


def largest_accumulator(graph: Graph, node: Node) -> int:
    """Bound of |Σ w·(x − zp) + b| over all int8 inputs and all partial sums of a layer with weights."""
    return weights_of(node.op).largest_accumulator(graph, node)
