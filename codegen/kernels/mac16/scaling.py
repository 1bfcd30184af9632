"""Scaling of sums times 256, `dw_mac16_output`: conditions and numbers; docs/reference/mac16.md says why."""

from collections.abc import Sequence
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.silent import silenced
from depthwise.codegen.kernels.sums import sums_of
from depthwise.codegen.kernels.weighted import Scaling, is_signed, parameters_of, scaling_of
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import ConvParameters

from .far import Scale, far_scales

FACTOR: Final = 256
# A sum times FACTOR is an int32, and so is its product's upper half with the offset of the largest shift added.
LARGEST_SUM: Final = 2**31 // FACTOR - 1
LARGEST_SHIFT: Final = 15
# Bits that the upper half of a product has more than the first rounding leaves.
MORE_BITS: Final = 7
Words = tuple[int, int, int, int]


def scaling_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums cannot be taken times 256 and scaled in one step."""
    p = with_silent(graph, node)
    least = 1 if is_signed(p) else 0
    largest = largest_accumulator(graph, node)
    if largest > LARGEST_SUM:
        return f"sums reach {largest:,}, {LARGEST_SUM:,} is supported"
    outside = [-s for s in p.shifts if -s < least]
    if outside:
        return f"a channel is shifted to the right by {outside[0]}, {least} and more is supported"
    if _far(graph, node) is None:
        return f"a channel is shifted to the right by {-min(p.shifts)}, and no smaller shift does the same"
    return None


def scales_of(layer: Layer, biases: Sequence[int]) -> list[Words]:
    """Numbers of each channel's `struct dw_mac16_scale`, as words."""
    p, far = with_silent(layer.graph, layer.node), _far(layer.graph, layer.node)
    assert far is not None
    scales = [far.get(c) or _scale(p, c) for c in range(len(p.multipliers))]
    return [_words(bias, *scale) for bias, scale in zip(biases, scales, strict=True)]


def _far(graph: Graph, node: Node) -> dict[int, Scale] | None:
    """Multiplier, offset and shift of channels that are shifted too far; None if one has none."""
    p = with_silent(graph, node)
    channels = tuple(c for c, s in enumerate(p.shifts) if -s > LARGEST_SHIFT)
    return far_scales(sums_of(graph, node), channels, MORE_BITS) if channels else {}


def with_silent(graph: Graph, node: Node) -> ConvParameters:
    """Parameters of a layer, in which channels that are shifted too far to say anything are multiplied by zero."""
    return silenced(graph, node, LARGEST_SHIFT)


def form_of(layer: Layer) -> Scaling:
    """How a layer's sums are scaled, by which `dw_mac16_…` are named."""
    return scaling_of(parameters_of(layer))


def _scale(p: ConvParameters, channel: int) -> Scale:
    """Multiplier, offset and shift of a channel."""
    right = -p.shifts[channel]
    shift = right + MORE_BITS
    halves = 2 ** (MORE_BITS - 1) + (2 ** (shift - 1) if right else 0)
    return p.multipliers[channel], halves + p.output_zero_point * 2**shift, shift


def _words(bias: int, multiplier: int, offset: int, shift: int) -> Words:
    first, second, third, fourth = (word % 2**32 for word in (FACTOR * bias, multiplier, offset, shift))
    return first, second, third, fourth
