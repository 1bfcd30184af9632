"""The analysis of intervals with one end off by one."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected
from depthwise.codegen.passes import intervals as module
from depthwise.codegen.passes.intervals import Interval, Intervals


def narrower(side: str) -> Callable[[Graph, Node, Intervals], Interval]:
    """The analysis with one end of every weighted layer's interval off by one."""
    honest = module.interval_of

    def wrong(graph: Graph, node: Node, found: Intervals) -> Interval:
        interval = honest(graph, node, found)
        if not isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected):
            return interval
        room = np.greater(interval.upper, interval.lower).astype(np.int8)
        if side == "upper":
            return replace(interval, upper=np.subtract(interval.upper, room))
        return replace(interval, lower=np.add(interval.lower, room))

    return wrong
