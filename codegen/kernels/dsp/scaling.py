"""Scaling in one step, `dw_scaled` and its kin in dw_dsp.h: conditions, numbers; docs/reference/kernels.md says why."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.weighted import is_signed
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

LARGEST_SHIFT: Final = 22
LARGEST_SUM: Final = 2**30 - 1  # it is doubled within int32


def scaling_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums cannot be doubled and scaled in one step."""
    p = with_silent(graph, node)
    least = 1 if is_signed(p) else 0
    largest = largest_accumulator(graph, node)
    if largest > LARGEST_SUM:
        return f"sums reach {largest:,}, {LARGEST_SUM:,} is supported"
    outside = [-s for s in p.shifts if not least <= -s <= LARGEST_SHIFT]
    if outside:
        return f"a channel is shifted to the right by {outside[0]}, {least} to {LARGEST_SHIFT} is supported"
    return None


def with_silent(graph: Graph, node: Node) -> ConvParameters:
    """Parameters of a layer, in which channels whose sums are all shifted out are multiplied by zero.

    |v| ≤ |s| is below half of the divisor 2^r: w is 0 for every sum, and so it is for multiplier 0 with any shift, here
    1. Such channels are often dead ones, whose weights got a tiny scale.
    """
    p = conv_parameters(graph, node)
    if all(p.multipliers) and all(-s <= LARGEST_SHIFT for s in p.shifts):
        return p
    largest = largest_accumulator(graph, node)
    both = list(zip(p.multipliers, p.shifts, strict=True))
    silent = [not m or (-s > LARGEST_SHIFT and largest < 2 ** (-s - 1)) for m, s in both]
    if not any(silent):
        return p
    multipliers = tuple(0 if gone else m for (m, _), gone in zip(both, silent, strict=True))
    shifts = tuple(-1 if gone else s for (_, s), gone in zip(both, silent, strict=True))
    return replace(p, multipliers=multipliers, shifts=shifts)


def channel_scale(p: ConvParameters, channel: int) -> tuple[int, int, int]:
    """Numbers of a channel's `struct dw_scale`."""
    assert p.shifts[channel] or not is_signed(p)
    return scale_of(p.multipliers[channel], p.shifts[channel], p.output_zero_point)


def scale_of(multiplier: int, shift: int, zero_point: int) -> tuple[int, int, int]:
    """Multiplier, offset and right shift of `struct dw_scale`."""
    half = 1 << (-shift - 1) if shift else 0
    return multiplier, half + zero_point * (1 << -shift), -shift
