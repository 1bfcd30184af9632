"""MEAN over height and width, added up row by row."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import Mean
from depthwise.codegen.operators.parameters import mean_parameters
from depthwise.codegen.schedule.reads import accumulates

from .rescale import rescaling

HEIGHT_AND_WIDTH: Final = (1, 2)


@dataclass(frozen=True, slots=True)
class Area:
    """The image that goes in."""

    height: int
    width: int
    channels: int


def _refusal(graph: Graph, node: Node) -> str | None:
    assert isinstance(node.op, Mean)
    if accumulates(graph, node) and node.op.axes == HEIGHT_AND_WIDTH:
        return None
    return f"it goes along axes {node.op.axes} of {graph.inputs_of(node)[0].shape}"


def _shape(layer: Layer) -> Area:
    _, height, width, channels = layer.input.shape
    return Area(height, width, channels)


MEAN: Final = Kernel(
    name="mean",
    operators=(Mean,),
    refusal=_refusal,
    shape=_shape,
    data=rescaling(mean_parameters),
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=None,
    events=counted("mean"),
    proves=None,
    traffic=None,
)
