"""Skips the SOFTMAX at the end for callers that only want to know which score is the largest."""

from dataclasses import replace

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators import Softmax


def skip_softmax(graph: Graph) -> Graph:
    """Return logits instead of probabilities: the one pass that changes what the network gives, on request only.

    SOFTMAX never reverses two scores, so the position of the largest logit is the position of a largest
    probability; where rounding makes several probabilities equal, the logits still tell them apart.
    Raises UnsupportedError where no SOFTMAX writes the output.
    """
    writers = {node.output: node for node in graph.nodes}
    last = [writers.get(output) for output in graph.outputs]
    ends = [node.inputs[0] for node in last if node is not None and isinstance(node.op, Softmax)]
    if len(ends) != len(graph.outputs):
        kinds = ", ".join(node.op.kind if node is not None else "the input" for node in last)
        raise UnsupportedError(f"the output of {graph.name} is written by {kinds}, not SOFTMAX", "leave --output out")
    return replace(graph, outputs=tuple(ends))
