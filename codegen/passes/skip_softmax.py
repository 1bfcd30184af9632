"""Skips what only spreads scores at the end, for callers that only want to know which score is the largest."""

from dataclasses import replace

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.float_scores import KEEP_ORDER


def skip_softmax(graph: Graph) -> Graph:
    """Return logits instead of probabilities: the one pass that changes what the network gives, on request only.

    SOFTMAX, LOG_SOFTMAX and LOGISTIC never reverse two scores, so the position of the largest logit is the position
    of a largest score; where rounding makes several scores equal, the logits still tell them apart.
    Raises UnsupportedError where none of them writes the output.
    """
    writers = {node.output: node for node in graph.nodes}
    last = [writers.get(output) for output in graph.outputs]
    ends = [node.inputs[0] for node in last if node is not None and isinstance(node.op, KEEP_ORDER)]
    if len(ends) != len(graph.outputs):
        kinds = ", ".join(node.op.kind if node is not None else "the input" for node in last)
        raise UnsupportedError(f"the output of {graph.name} is written by {kinds}, not SOFTMAX", "leave --output out")
    return replace(graph, outputs=tuple(ends))
