"""Sums and pools that take four bytes of a word at a time: ADD, SUB, AVERAGE_POOL_2D, MAX_POOL_2D, MEAN."""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node, Pads, Window
from depthwise.codegen.kernels.general.average_pool_2d import AVERAGE_POOL_2D
from depthwise.codegen.kernels.general.average_pool_2d_sums import AVERAGE_POOL_2D_SUMS
from depthwise.codegen.kernels.general.max_pool_2d import MAX_POOL_2D
from depthwise.codegen.kernels.general.mean import MEAN
from depthwise.codegen.kernels.kernel import Kernel, Struct
from depthwise.codegen.kernels.plain.planes import ADD_PLANE, SUB_PLANE
from depthwise.codegen.operators import operator_of

LANE: Final = 257  # raised bytes that add up to a lane of 16 bits
PLANE: Final = ("dw_asm.h", "dw_mac16_words.h", "dw_mac16_plane.h")
Summands = Callable[[Graph, Node], int]


def _by_words(kernel: Kernel, summands: Summands) -> Kernel:
    """A kernel of channels that are whole words, which adds up so many bytes in lanes."""

    def refusal(graph: Graph, node: Node) -> str | None:
        if (general := kernel.refusal(graph, node)) is not None:
            return general
        channels, count = graph.inputs_of(node)[0].shape[3], summands(graph, node)
        if channels % 4:
            return f"it has {channels} channels, a multiple of four is supported"
        return f"it adds up {count} values, {LANE} are supported" if count > LANE else None

    return replace(kernel, name=f"{kernel.name}_mac16", refusal=refusal, headers=("dw_mac16_words.h",), events=None)


def _inside(kernel: Kernel, summands: Summands) -> Kernel:
    """A pool by words, none of whose windows reaches beyond the image."""
    made = _by_words(kernel, summands)

    def refusal(graph: Graph, node: Node) -> str | None:
        beyond = _window(graph, node).pads != Pads()
        return "its windows reach beyond the image" if beyond else made.refusal(graph, node)

    return replace(made, refusal=refusal)


def _plane(kernel: Kernel) -> Kernel:
    """ADD or SUB, by words."""
    assert kernel.data is not None
    data = replace(kernel.data, struct=Struct("dw_mac16_plane", template=None))
    return replace(kernel, name=f"{kernel.name}_mac16", data=data, headers=PLANE, events=None)


def _width(graph: Graph, node: Node) -> int:
    return graph.inputs_of(node)[0].shape[2]


def _window(graph: Graph, node: Node) -> Window:
    window = operator_of(node.op).window
    assert window is not None
    return window(graph, node)


def _taps(graph: Graph, node: Node) -> int:
    return prod(_window(graph, node).kernel)


AVERAGE_POOL_2D_SUMS_MAC16: Final = _by_words(AVERAGE_POOL_2D_SUMS, _width)
MEAN_MAC16: Final = _by_words(MEAN, _width)
AVERAGE_POOL_2D_MAC16: Final = _inside(AVERAGE_POOL_2D, _taps)
MAX_POOL_2D_MAC16: Final = _inside(MAX_POOL_2D, lambda _graph, _node: 0)
ADD_PLANE_MAC16: Final = _plane(ADD_PLANE)
SUB_PLANE_MAC16: Final = _plane(SUB_PLANE)
