"""AVERAGE_POOL_2D that adds up its input row by row (`accumulates` in schedule/reads.py says where)."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer
from depthwise.codegen.operators import AveragePool2D
from depthwise.codegen.schedule.reads import accumulates

from .pools import CLAMP, pool_window
from .window import WindowShape


def _refusal(graph: Graph, node: Node) -> str | None:
    return None if accumulates(graph, node) else "its windows share rows, or its sums take more than the rows"


def _shape(layer: Layer) -> WindowShape:
    return replace(pool_window(layer), in_h=layer.input.shape[1], out_h=layer.output.shape[1])


def _events(layer: Layer) -> Events:
    updates = layer.input.rows * layer.output.row_bytes
    found: Events = {"average_pool_2d_sums read": layer.input.elements, "average_pool_2d_sums update": updates}
    return with_calls(layer, CALL, found)


AVERAGE_POOL_2D_SUMS: Final = Kernel(
    name="average_pool_2d_sums",
    operators=(AveragePool2D,),
    refusal=_refusal,
    shape=_shape,
    data=CLAMP,
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=_events,
    proves=None,
    traffic=None,
)
