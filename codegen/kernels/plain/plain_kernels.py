"""Which layers the kernels for cores without the DSP extension compute; the general ones compute all others.

Their functions are firmware/lib/dw_plain*.h. The conditions stand here and nowhere else.
"""

from collections.abc import Mapping
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, FullyConnected, Pads
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import conv_parameters
from depthwise.codegen.targets.cores import Core

SHIFTS: Final = range(1, 32)
SUM_BITS: Final = 29
MOST_TAPS: Final = 64
ROWS: Final = ("cortex-m0", "cortex-m0plus")
LAYOUTS: Final = ("fours", "rows")
PIXEL_KINDS: Final = tuple(f"{kind}_{layout}" for kind in ("conv_2d", "pointwise_conv_2d") for layout in LAYOUTS)
MATRIX_KINDS: Final = tuple(f"fully_connected_{layout}" for layout in LAYOUTS)
TAPS_KIND: Final = "depthwise_conv_2d_taps"


def faster_kinds(graph: Graph, kinds: Mapping[int, str], core: Core) -> dict[int, str]:
    """Faster kinds than the general ones that were chosen, by output tensor."""
    layout = "rows" if core.name in ROWS else "fours"
    found = {n.output: _faster(graph, n, kinds[n.output], layout) for n in graph.nodes if n.output in kinds}
    return {tensor: kind for tensor, kind in found.items() if kind is not None}


def _faster(graph: Graph, node: Node, kind: str, layout: str) -> str | None:
    if kind not in {"conv_2d", "depthwise_conv_2d", "fully_connected"} or not is_scaled_plainly(graph, node):
        return None
    height, width = taps_of(graph, node)
    if height * width > MOST_TAPS:  # their addresses lie on the stack
        return None
    match node.op:
        case DepthwiseConv2D(depth_multiplier=multiplier):
            return TAPS_KIND if multiplier == 1 else None
        case Conv2D(pads=pads) if height == width == 1 and pads == Pads():
            return f"pointwise_conv_2d_{layout}"
        case _:
            return f"{kind}_{layout}"


def is_scaled_plainly(graph: Graph, node: Node) -> bool:
    """The conditions of `dw_scaled_sum`: every shift is to the right, and sums have bits to spare."""
    right = all(-s in SHIFTS for s in conv_parameters(graph, node).shifts)
    return right and largest_accumulator(graph, node) < 2**SUM_BITS


def layout_of(kind: str) -> str:
    """How the weights of a kind lie: "fours" or "rows"."""
    return kind.rpartition("_")[2]


def taps_of(graph: Graph, node: Node) -> tuple[int, int]:
    """Height and width of the kernel; a matrix is one tap."""
    if isinstance(node.op, FullyConnected):
        return 1, 1
    _, height, width, _ = graph.tensors[node.inputs[1]].shape
    return height, width
