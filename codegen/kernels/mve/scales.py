"""Scaling by vectors: its form, and biases, multipliers and shifts by four or sixteen channels."""

from collections.abc import Iterator, Sequence
from typing import Final

from depthwise.codegen.kernels.data import ArrayView, FieldView, array, number_fields
from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.offset import lines_of
from depthwise.codegen.kernels.weighted import folded_bias, parameters_of
from depthwise.codegen.operators.parameters import ConvParameters

FOUR: Final = (0, 1, 2, 3)
# Channels in the order in which the vectors of `struct dw_mve_sums` hold them.
SIXTEEN: Final = tuple(first + 4 * i for first in FOUR for i in FOUR)
ChannelOrder = tuple[int, ...]
Column = tuple[Sequence[int], ChannelOrder]


def suffix_of(layer: Layer) -> str:
    """Ending of the names of functions.

    On a line; where a channel is shifted to the left; halves away from zero where negative values can be seen.
    """
    if lines_of(layer.graph, layer.node) is not None:
        return "_line"
    p = parameters_of(layer)
    if max(p.shifts) > 0:
        return "_left"
    return "_signed" if p.minimum < p.output_zero_point else ""


def scales(name: str, layer: Layer, begins: ChannelOrder, order: ChannelOrder) -> ArrayView:
    """Biases, multipliers and shifts of channels by groups, in an order within each; first ones again at the end.

    Biases are in the order in which sums begin with them. On a line they are added behind the sums, and there are no
    shifts. Where a channel is shifted to the left, such shifts stand between biases and multipliers.
    """
    lines = lines_of(layer.graph, layer.node)
    if lines is not None:
        columns = tuple((values, order) for values in lines)
        return array("int32_t", name, "biases, multipliers on a line", _grouped(columns))
    p = parameters_of(layer)
    biases, multipliers = (folded_bias(layer), begins), (p.multipliers, order)
    left, right = (tuple(max(s, 0) for s in p.shifts), order), (tuple(min(s, 0) for s in p.shifts), order)
    if max(p.shifts) > 0:
        about = "biases, shifts to the left, multipliers, shifts to the right"
        return array("int32_t", name, about, _grouped((biases, left, multipliers, right)))
    return array("int32_t", name, "biases, multipliers, shifts", _grouped((biases, multipliers, right)))


def _grouped(columns: tuple[Column, ...]) -> Iterator[int]:
    channels, group = len(columns[0][0]), len(columns[0][1])
    for first in range(0, channels, group):
        for column, order in columns:
            yield from (column[(first + i) % channels] for i in order)


def clamp_fields(p: ConvParameters, sizes: dict[str, int]) -> tuple[FieldView, ...]:
    """Sizes, then zero point and clamp of the output."""
    clamp = {"output_zero_point": p.output_zero_point, "minimum": p.minimum, "maximum": p.maximum}
    return number_fields(sizes | clamp)
