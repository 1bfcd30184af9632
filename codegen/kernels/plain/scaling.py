"""How sums are scaled (`dw_scaled_sum` in dw_plain.h, or by fitted numbers): conditions, what kernels share."""

from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.fitted import fitted_refusal
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
    """Why a layer with weights is left to the general kernel, or to one for weights with a zero point."""
    return offset_refusal(node) or sums_refusal(graph, node)


def sums_refusal(graph: Graph, node: Node) -> str | None:
    """The same, whatever the zero point of its weights."""
    if (reason := form_refusal(graph, node)) is not None:
        return reason
    if is_fitted(graph, node) and (reason := fitted_refusal(graph, node)) is not None:
        return reason
    return taps_refusal(graph, node)


def taps_refusal(graph: Graph, node: Node) -> str | None:
    """Why what a function keeps of each tap takes too much of the stack."""
    taps, most = prod(taps_of(graph, node)), STACK_BYTES // _tap_bytes(graph, node)
    return f"its kernel has {taps} taps, {most} are supported" if taps > most else None


def is_fitted(graph: Graph, node: Node) -> bool:
    """Tell whether sums are scaled by numbers of each channel's own: one is shifted to the left, or sums are large."""
    return (
        any(-s not in SHIFTS for s in conv_parameters(graph, node).shifts)
        or largest_accumulator(graph, node) >= 2**SUM_BITS
    )


def _tap_bytes(graph: Graph, node: Node) -> int:
    """What a tap takes of the stack: its run, or its inputs where those are gathered (pixels.py), or its address."""
    return min(RUN_BYTES, graph.inputs_of(node)[0].shape[-1]) if isinstance(node.op, Conv2D) else ADDRESS_BYTES


def suffix_of(layer: Layer) -> str:
    """Ending of the names of library functions for a layer's scaling."""
    if is_fitted(layer.graph, layer.node):
        return "_fitted"
    return "_signed" if is_signed(parameters_of(layer)) else ""
