"""CONV_2D whose channels are in groups, weights [O][KH][KW][channels of a group]."""

from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.operators.parts.weights import groups_of

from .conv_2d import CONV_2D, shape
from .window import WindowShape


@dataclass(frozen=True, slots=True)
class Groups:
    """The window, channels of a group, and filters that read them."""

    window: WindowShape
    channels: int
    filters: int


def _refusal(graph: Graph, node: Node) -> str | None:
    return "its channels are in one group" if groups_of(graph, node) == 1 else None


def _shape(layer: Layer) -> Groups:
    groups = groups_of(layer.graph, layer.node)
    return Groups(shape(layer), layer.input.shape[3] // groups, layer.output.shape[3] // groups)


CONV_2D_GROUPS: Final = replace(
    CONV_2D,
    name="conv_2d_groups",
    refusal=_refusal,
    shape=_shape,
    events=counted("conv_2d_groups", WINDOW_CALL),
)
