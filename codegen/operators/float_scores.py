"""Scores in float32 behind the last int8 layer: what a caller can do for itself, or without."""

from typing import Final

from depthwise.codegen.graph import DType, Graph, Node

from .dequantize import Dequantize
from .log_softmax import LogSoftmax
from .logistic import Logistic
from .softmax import Softmax

KEEP_ORDER: Final = (Logistic, LogSoftmax, Softmax)


def float_scores(graph: Graph, output: int) -> tuple[Node, ...]:
    """The DEQUANTIZE of an int8 tensor that an output comes from, last, and what stands in front of it, the end first.

    Only functions that keep the order of scores, each read by the next alone; nothing where something else writes the
    output.
    """
    writers = {n.output: n for n in graph.nodes}
    found: list[Node] = []
    while (node := writers.get(output)) is not None and isinstance(node.op, (*KEEP_ORDER, Dequantize)):
        readers = [n for n in graph.nodes if output in n.inputs]
        if graph.output_of(node).dtype is not DType.FLOAT32 or readers != found[-1:]:
            return ()
        found.append(node)
        output = node.inputs[0]
        if isinstance(node.op, Dequantize):
            return tuple(found) if graph.tensors[output].dtype is not DType.FLOAT32 else ()
    return ()
