"""The conditions of `dw_scaled_sum` (dw_plain.h), and what the kernels that use it share."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import form_refusal, is_signed, offset_refusal, parameters_of, taps_of
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import conv_parameters

SHIFTS: Final = range(1, 32)
SUM_BITS: Final = 29
MOST_TAPS: Final = 64


def scaling_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer with weights is left to the general kernel: every shift is to the right, sums have bits to spare."""
    reason = offset_refusal(node) or form_refusal(graph, node)
    if reason is not None:
        return reason
    outside = [-s for s in conv_parameters(graph, node).shifts if -s not in SHIFTS]
    if outside:
        return f"a channel is shifted to the right by {outside[0]}, {SHIFTS[0]} to {SHIFTS[-1]} is supported"
    largest = largest_accumulator(graph, node)
    if largest >= 2**SUM_BITS:
        return f"sums reach {largest:,}, {2**SUM_BITS - 1:,} is supported"
    height, width = taps_of(graph, node)
    if height * width > MOST_TAPS:  # their addresses lie on the stack
        return f"its kernel has {height * width} taps, {MOST_TAPS} are supported"
    return None


def suffix_of(layer: Layer) -> str:
    """Ending of the names of library functions for a layer's scaling."""
    return "_signed" if is_signed(parameters_of(layer)) else ""
