"""Scaling in one step, `dw_scaled` and its kin in dw_dsp.h: conditions, numbers; docs/reference/kernels.md says why."""

from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.silent import silenced
from depthwise.codegen.kernels.weighted import is_signed
from depthwise.codegen.operators.bounds import largest_accumulator
from depthwise.codegen.operators.parameters import ConvParameters

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
    """Parameters of a layer, in which channels that are shifted too far to say anything are multiplied by zero."""
    return silenced(graph, node, LARGEST_SHIFT)


def channel_scale(p: ConvParameters, channel: int) -> tuple[int, int, int]:
    """Numbers of a channel's `struct dw_scale`."""
    assert p.shifts[channel] or not is_signed(p)
    return scale_of(p.multipliers[channel], p.shifts[channel], p.output_zero_point)


def scale_of(multiplier: int, shift: int, zero_point: int) -> tuple[int, int, int]:
    """Multiplier, offset and right shift of `struct dw_scale`."""
    half = 1 << (-shift - 1) if shift else 0
    return multiplier, half + zero_point * (1 << -shift), -shift
