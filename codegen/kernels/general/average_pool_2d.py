"""AVERAGE_POOL_2D of a window of rows."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.operators import AveragePool2D
from depthwise.codegen.schedule.reads import accumulates

from .pools import CLAMP, pool_events, pool_window


def _refusal(graph: Graph, node: Node) -> str | None:
    return "it takes its input row by row" if accumulates(graph, node) else None


AVERAGE_POOL_2D: Final = Kernel(
    name="average_pool_2d",
    operators=(AveragePool2D,),
    refusal=_refusal,
    shape=pool_window,
    data=CLAMP,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=pool_events("average_pool_2d"),
    proves=None,
    traffic=None,
)
