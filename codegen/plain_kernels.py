"""Which layers the kernels for cores without the DSP extension compute; the general ones compute all others.

Their functions are firmware/lib/dw_plain*.h. The conditions stand here and nowhere else.
"""

from collections.abc import Mapping
from typing import Final

from .bounds import largest_accumulator
from .graph import Graph, Node
from .operations import Conv2D, DepthwiseConv2D, FullyConnected, Pads
from .parameters import conv_parameters

SHIFTS: Final = range(1, 32)
SUM_BITS: Final = 29
MOST_TAPS: Final = 64
FASTER: Final = {
    "conv_2d": "conv_2d_runs",
    "depthwise_conv_2d": "depthwise_conv_2d_taps",
    "fully_connected": "fully_connected_runs",
}


def faster_kinds(graph: Graph, kinds: Mapping[int, str]) -> dict[int, str]:
    """Faster kinds than the general ones that were chosen, by output tensor."""
    found = ((n, kinds.get(n.output)) for n in graph.nodes)
    return {n.output: _faster(n, graph, kind) for n, kind in found if kind in FASTER and is_scaled_plainly(graph, n)}


def is_scaled_plainly(graph: Graph, node: Node) -> bool:
    """The conditions of `dw_scaled_sum`: every shift is to the right, and sums have bits to spare."""
    p = conv_parameters(graph, node)
    right = all(-s in SHIFTS for s in p.shifts)
    return right and largest_accumulator(graph, node) < 2**SUM_BITS and _few_taps(graph, node)


def is_pointwise(graph: Graph, node: Node) -> bool:
    """Tell whether a convolution has one tap, always inside of the image."""
    return taps_of(graph, node) == (1, 1) and isinstance(node.op, Conv2D) and node.op.pads == Pads()


def taps_of(graph: Graph, node: Node) -> tuple[int, int]:
    """Height and width of the kernel; a matrix is one tap."""
    if isinstance(node.op, FullyConnected):
        return 1, 1
    _, height, width, _ = graph.tensors[node.inputs[1]].shape
    return height, width


def _faster(node: Node, graph: Graph, kind: str | None) -> str:
    assert kind is not None
    return "pointwise_conv_2d" if is_pointwise(graph, node) else FASTER[kind]


def _few_taps(graph: Graph, node: Node) -> bool:
    """Their addresses lie on the stack; one input channel feeds one output channel of a depthwise convolution."""
    height, width = taps_of(graph, node)
    single = not isinstance(node.op, DepthwiseConv2D) or node.op.depth_multiplier == 1
    return single and height * width <= MOST_TAPS
