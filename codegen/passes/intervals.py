"""Interval analysis: which values every element of every activation can take, whatever the input.

Each operation is monotone in every input element: sums of products fall or rise with the sign of the weight,
requantizers, clamps and means never fall where their argument rises. How intervals pass through an operation stands
in its room (`operators/parts/intervals.py`); its ends are exact for each operation by itself. Between operations
intervals forget that elements depend on each other, so they may be wider than the truth, never narrower.
"""

import numpy as np

from depthwise.codegen.graph import DType, Graph, Node
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.activation import Range
from depthwise.codegen.operators.parts.intervals import WIDEST, Interval, Intervals, widest

__all__ = ["WIDEST", "Interval", "Intervals", "Range", "interval_of", "intervals"]


def intervals(graph: Graph, promised: Range = WIDEST) -> dict[int, Interval]:
    """Intervals of all int8 activations of a graph; `promised` is what the caller says of the input."""
    found: dict[int, Interval] = {}
    for index in graph.inputs:
        shape = graph.tensors[index].shape
        found[index] = Interval(np.full(shape, promised[0], np.int8), np.full(shape, promised[1], np.int8))
    for node in graph.nodes:
        out = graph.output_of(node)
        if out.dtype is DType.INT8:
            found[node.output] = interval_of(graph, node, found)
    return found


def interval_of(graph: Graph, node: Node, found: Intervals) -> Interval:
    """Interval of what one node writes, from the intervals of what it reads."""
    if any(i not in found and graph.tensors[i].data is None for i in node.inputs):
        return widest(graph, node, found)
    return operator_of(node.op).interval(graph, node, found)
