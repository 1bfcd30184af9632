"""ADD and SUB of two tensors of one shape, AVERAGE_POOL_2D and MEAN that add up rows: four bytes of a word at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels import plain
from depthwise.codegen.kernels.general.average_pool_2d_sums import AVERAGE_POOL_2D_SUMS
from depthwise.codegen.kernels.general.mean import MEAN
from depthwise.codegen.kernels.kernel import Kernel

WIDEST: Final = 257  # columns whose raised bytes add up to a lane of 16 bits
PLANE: Final = ("dw_asm.h", "dw_plain.h", "dw_plain_plane.h", "dw_mac16_words.h", "dw_mac16_plane.h")


def _by_words(kernel: Kernel, columns: Callable[[Graph, Node], int]) -> Kernel:
    """A kernel that adds up rows, by words."""

    def refusal(graph: Graph, node: Node) -> str | None:
        channels = graph.inputs_of(node)[0].shape[3]
        if (general := kernel.refusal(graph, node)) is not None:
            return general
        if channels % 4:
            return f"it has {channels} channels, a multiple of four is supported"
        width = columns(graph, node)
        return f"it adds up {width} columns, {WIDEST} are supported" if width > WIDEST else None

    return replace(kernel, name=f"{kernel.name}_mac16", refusal=refusal, headers=("dw_mac16_words.h",), events=None)


def _width(graph: Graph, node: Node) -> int:
    return graph.inputs_of(node)[0].shape[2]


AVERAGE_POOL_2D_SUMS_MAC16: Final = _by_words(AVERAGE_POOL_2D_SUMS, _width)
MEAN_MAC16: Final = _by_words(MEAN, _width)
ADD_PLANE_MAC16: Final = replace(plain.ADD_PLANE, name="add_plane_mac16", headers=PLANE, events=None)
SUB_PLANE_MAC16: Final = replace(plain.SUB_PLANE, name="sub_plane_mac16", headers=PLANE, events=None)
