"""Scaling by vectors: its conditions, and biases, multipliers and shifts by four or sixteen channels."""

from collections.abc import Iterator, Sequence
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import ArrayView, FieldView, number_fields
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import parameters_of
from depthwise.codegen.operators.parameters import ConvParameters, conv_parameters

FOUR: Final = (0, 1, 2, 3)
# Channels in the order in which the vectors of `struct dw_mve_sums` hold them.
SIXTEEN: Final = tuple(first + 4 * i for first in FOUR for i in FOUR)
ChannelOrder = tuple[int, ...]
Column = tuple[Sequence[int], ChannelOrder]


def shift_refusal(graph: Graph, node: Node) -> str | None:
    """Why a layer's sums cannot be scaled by vectors: VRSHL rounds to the right alone."""
    most = max(conv_parameters(graph, node).shifts)
    return f"a channel is shifted to the left by {most}" if most > 0 else None


def suffix_of(layer: Layer) -> str:
    """Ending of the names of functions that round negative values' halves away from zero, where that can be seen."""
    p = parameters_of(layer)
    return "_signed" if p.minimum < p.output_zero_point else ""


def scales(ctype: str, name: str, bias: Column, p: ConvParameters, order: ChannelOrder) -> ArrayView:
    """Biases, multipliers and shifts of channels by groups, in an order within each; first ones again at the end."""
    one = f"{{ {', '.join(['%s'] * len(order))} }}"
    values = tuple(_grouped((bias, (p.multipliers, order), (p.shifts, order))))
    return ArrayView(ctype, name, "biases, multipliers, shifts", values=values, pattern=f"{{ {one}, {one}, {one} }}")


def _grouped(columns: tuple[Column, ...]) -> Iterator[int]:
    channels, group = len(columns[0][0]), len(columns[0][1])
    for first in range(0, channels, group):
        for column, order in columns:
            yield from (column[(first + i) % channels] for i in order)


def clamp_fields(p: ConvParameters, sizes: dict[str, int]) -> tuple[FieldView, ...]:
    """Sizes, then zero point and clamp of the output."""
    clamp = {"output_zero_point": p.output_zero_point, "minimum": p.minimum, "maximum": p.maximum}
    return number_fields(sizes | clamp)
