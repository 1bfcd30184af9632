"""Both roundings of the operator as multiplications, `dw_rounded_twice` in dw_dsp.h, for layers without lines.

SMMULR of a doubled sum is the first one; one less if that is negative, SMMLAR by 2^(32 - r) and the offset is the
second one, by 2^r. It is exact for all sums that can be doubled: nothing is searched. docs/reference/kernels.md, 15.
"""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import folded_bias, offset_refusal
from depthwise.codegen.operators.bounds import largest_accumulator

from .lines import kinds_of, moved_by
from .scaling import DOUBLED, LARGEST_SUM, with_silent

LEAST_SHIFT: Final = 2  # to the right, so that the power of two is within int32
UPPER_BITS: Final = 32  # that SMMLAR shifts a product by, after half of it is added
Rounding = tuple[int, int, int, int]


def is_rounded(graph: Graph, node: Node) -> bool:
    """Tell whether both roundings of every channel of int8 weights are such multiplications."""
    p = with_silent(graph, node)
    shifted = all(-s >= LEAST_SHIFT for m, s in zip(p.multipliers, p.shifts, strict=True) if m)
    return shifted and offset_refusal(node) is None and largest_accumulator(graph, node) <= LARGEST_SUM


def rounding_of(layer: Layer) -> tuple[Rounding, ...]:
    """For each channel: power of two, twice its bias, offset, multiplier."""
    p = with_silent(layer.graph, layer.node)
    offset = p.output_zero_point + moved_by(p, kinds_of(p)[0])
    powers = (2 ** (UPPER_BITS - max(-shift, LEAST_SHIFT)) for shift in p.shifts)
    found = zip(powers, folded_bias(layer), p.multipliers, strict=True)
    return tuple((power, DOUBLED * bias, offset, multiplier) for power, bias, multiplier in found)
