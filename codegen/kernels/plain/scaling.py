"""The conditions of `dw_scaled_sum` (dw_plain.h), and what the kernels that use it share."""

from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import form_refusal, is_signed, offset_refusal, parameters_of, taps_of
from depthwise.codegen.operators import Conv2D
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import conv_parameters

SHIFTS: Final = range(1, 32)
SUM_BITS: Final = 29
# Sizes of a `struct dw_run` and of an address on a 32-bit core, and what a function may take for one for each tap.
RUN_BYTES: Final = 8
ADDRESS_BYTES: Final = 4
STACK_BYTES: Final = 512


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
    taps, most = prod(taps_of(graph, node)), STACK_BYTES // _tap_bytes(graph, node)
    return f"its kernel has {taps} taps, {most} are supported" if taps > most else None


def _tap_bytes(graph: Graph, node: Node) -> int:
    """What a tap takes of the stack: its run, or its inputs where those are gathered (pixels.py), or its address."""
    return min(RUN_BYTES, graph.inputs_of(node)[0].shape[-1]) if isinstance(node.op, Conv2D) else ADDRESS_BYTES


def suffix_of(layer: Layer) -> str:
    """Ending of the names of library functions for a layer's scaling."""
    return "_signed" if is_signed(parameters_of(layer)) else ""
