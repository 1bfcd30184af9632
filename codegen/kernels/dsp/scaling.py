"""Scaling in one step, `dw_scaled` and its kin in dw_dsp.h: conditions, numbers; docs/reference/kernels.md says why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.silent import silenced
from depthwise.codegen.kernels.sums import sums_of
from depthwise.codegen.kernels.weighted import is_signed, scaling_of, weights_of
from depthwise.codegen.operators.parameters import ConvParameters

from .steep import LARGEST_SHIFT, Scale, Scaled, factor_bits, steep_of

LARGEST_SUM: Final = 2**30 - 1  # it is doubled within int32
DOUBLED: Final = 2


def scaling_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums cannot be doubled and scaled in one step."""
    return _channel_refusal(graph, node, steep_channels(graph, node))


def steep_refusal(graph: Graph, node: Node, doublings: int = 0) -> str | None:
    """The same where weights of a channel may be int16, and be multiplied by more than 2, and inputs be doubled."""
    found = steep_scales(graph, node, doublings)
    return _channel_refusal(graph, node, [c for c in steep_channels(graph, node) if c not in found])


def steepest_refusal(graph: Graph, node: Node) -> str | None:
    """The same where inputs are doubled if that is needed."""
    return steep_refusal(graph, node, doublings_of(graph, node))


def doublings_of(graph: Graph, node: Node) -> int:
    """1 where a channel has no numbers but with inputs that are doubled, beside its weights; 0 elsewhere."""
    return int(steep_refusal(graph, node) is not None)


def _channel_refusal(graph: Graph, node: Node, channels: Sequence[int]) -> str | None:
    """Which of some channels is shifted too far, or has too large sums, and by how much."""
    if not channels:
        return None
    p, first = with_silent(graph, node), channels[0]
    least, steps, shift = 1 if is_signed(p) else 0, sums_of(graph, node).steps, p.shifts[first]
    return (
        f"channel {first} is shifted to the {'left' if shift > 0 else 'right'} by {abs(shift)}"
        f", to the right by {least} to {LARGEST_SHIFT} is supported"
        f"; its sums lie between {steps.low[first]:,} and {steps.high[first]:,}, {LARGEST_SUM:,} is supported"
    )


def steep_channels(graph: Graph, node: Node) -> tuple[int, ...]:
    """Channels that need other numbers than the operator's own.

    They are shifted to the left, or not at all where halves are rounded away from zero, or too far to the right; or
    their sums are too large to be doubled. Those that are multiplied by zero need none.
    """
    p, steps = with_silent(graph, node), sums_of(graph, node).steps
    least, largest = 1 if is_signed(p) else 0, np.maximum(-steps.low, steps.high)
    scaled = enumerate(zip(p.multipliers, p.shifts, largest.tolist(), strict=True))
    return tuple(c for c, (m, s, most) in scaled if m and not (least <= -s <= LARGEST_SHIFT and most <= LARGEST_SUM))


def steep_scales(graph: Graph, node: Node, doublings: int = 0) -> Mapping[int, Scaled]:
    """Numbers of those of them that have some, weights being multiplied by a power of two, inputs by 2^`doublings`."""
    channels = steep_channels(graph, node)
    if not channels:
        return {}
    most = factor_bits(weights_of(graph, node)) + doublings
    return steep_of(sums_of(graph, node), channels, most, doublings)


def scaled_channels(
    graph: Graph, node: Node, biases: Sequence[int], factor: int = DOUBLED, doublings: int = 0
) -> list[Scaled]:
    """Numbers of all channels, `factor` being that of the others' weights or inputs; `biases` are for sums of w·x."""
    p, steep = with_silent(graph, node), steep_scales(graph, node, doublings)
    return [
        replace(found, scale=_above(p, found.scale))
        if (found := steep.get(c))
        else Scaled(factor, factor * bias, channel_scale(p, c))
        for c, bias in enumerate(biases)
    ]


def with_silent(graph: Graph, node: Node) -> ConvParameters:
    """Parameters of a layer, in which channels that are shifted too far to say anything are multiplied by zero."""
    return silenced(graph, node, LARGEST_SHIFT)


def channel_scale(p: ConvParameters, channel: int) -> Scale:
    """Numbers of a channel's `struct dw_scale`."""
    assert p.shifts[channel] or not is_signed(p)
    return _above(p, scale_of(p.multipliers[channel], p.shifts[channel], p.output_zero_point))


def _above(p: ConvParameters, scale: Scale) -> Scale:
    """The same for `dw_scaled_clamped`: of outputs above the lower end of a clamp that is not all of int8."""
    multiplier, offset, shift = scale
    return (multiplier, offset - (p.minimum << shift), shift) if scaling_of(p) == "clamped" else scale


def scale_of(multiplier: int, shift: int, zero_point: int) -> Scale:
    """Multiplier, offset and right shift of `struct dw_scale`."""
    half = 1 << (-shift - 1) if shift else 0
    return multiplier, half + zero_point * (1 << -shift), -shift
