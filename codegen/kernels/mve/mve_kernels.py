"""Which layers the kernels for Helium (Armv8.1-M vectors) compute, and the scratch that they need.

VQRDMULH is the first rounding of TensorFlow Lite Micro exactly: (2·acc·m + 2^31) >> 32 = (acc·m + 2^30) >> 31, and
it saturates for acc = m = -2^31 alone, which no multiplier is. VRSHL by -r is (v + 2^(r-1)) >> r without overflow, so
every shift to the right is one vector instruction. The second rounding's correction, -1 for v < 0 and r > 0, cannot be
seen behind a clamp at or above the zero point: for v < 0 both forms are at most 0, and the clamp replaces them.
"""

from math import prod
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import Add, Conv2D, DepthwiseConv2D, FullyConnected, Pads
from depthwise.codegen.operators.parameters import add_parameters, conv_parameters

POINTWISE: Final = "conv_2d_pointwise_mve"
PATCHES: Final = "conv_2d_mve"
MATRIX: Final = "fully_connected_mve"
DEPTHWISE: Final = "depthwise_conv_2d_mve"
SUM: Final = "add_mve"
MVE_GATHERS: Final = (PATCHES,)
LARGEST_PAIR: Final = 255
BLOCK_PIXELS: Final = 2


def mve_kinds(graph: Graph) -> dict[int, str]:
    """Kind of function by output tensor, for every layer whose conditions hold."""
    found = {n.output: _kind(graph, n) for n in graph.nodes}
    return {output: kind for output, kind in found.items() if kind}


def mve_scratch_bytes(graph: Graph, node: Node, kind: str) -> int:
    """Bytes of the patches that are gathered at once, in whole words."""
    if kind not in MVE_GATHERS:
        return 0
    pixels = min(BLOCK_PIXELS, graph.output_of(node).shape[2])
    return -(-pixels * mve_inputs(graph, node) // 4) * 4


def mve_inputs(graph: Graph, node: Node) -> int:
    """Products in one output of a CONV_2D or FULLY_CONNECTED."""
    return prod(graph.tensors[node.inputs[1]].shape[1:])


def mve_suffix(graph: Graph, node: Node) -> str:
    """Ending of the names of functions that round negative values' halves away from zero, where that can be seen."""
    p = conv_parameters(graph, node)
    return "_signed" if p.minimum < p.output_zero_point else ""


def _kind(graph: Graph, node: Node) -> str:
    match node.op:
        case Conv2D(border=None, pads=pads):
            kernel = graph.tensors[node.inputs[1]].shape[1:3]
            kind = POINTWISE if kernel == (1, 1) and pads == Pads() else PATCHES
        case FullyConnected():
            kind = MATRIX
        case DepthwiseConv2D(depth_multiplier=1) if _pairs_fit(graph, node):
            kind = DEPTHWISE
        case Add():
            a = add_parameters(graph, node)
            return SUM if max(a.input1_shift, a.input2_shift, a.output_shift) <= 0 else ""
        case _:
            return ""
    return kind if max(conv_parameters(graph, node).shifts) <= 0 else ""


def _pairs_fit(graph: Graph, node: Node) -> bool:
    """Tell whether the products of two taps, 2k and 2k + 1, add up within int16: |x| is at most 128."""
    weights = graph.tensors[node.inputs[1]].data
    assert weights is not None
    taps = np.abs(weights.astype(np.int64)).reshape(-1, weights.shape[3])
    pairs = np.add.reduceat(taps, np.arange(0, len(taps), 2), axis=0)
    return int(pairs.max()) <= LARGEST_PAIR
