"""Constants of the kernels for Helium: weights as bytes, biases and scales by four or sixteen channels."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from .graph import Array, Graph, Node
from .mve_kernels import DEPTHWISE, MATRIX, PATCHES, POINTWISE, SUM, mve_inputs
from .operations import DepthwiseConv2D
from .parameters import ConvParameters, conv_parameters
from .views import ArrayView, FieldView

MVE_STRUCTS: Final = {
    POINTWISE: "dw_mve_dot",
    PATCHES: "dw_mve_dot",
    MATRIX: "dw_mve_dot",
    DEPTHWISE: "dw_mve_depthwise",
    SUM: "dw_mve_sum",
}
# Structures that headers of firmware/lib define.
MVE_LIBRARY_STRUCTS: Final = ("dw_mve_dot", "dw_mve_depthwise", "dw_mve_sum")
DOT_HEADERS: Final = ("dw_asm.h", "dw_mve.h", "dw_mve_dot.h", "dw_mve_dot_asm.h", "dw_mve_dot_twin.h")
MVE_HEADERS: Final = {
    **dict.fromkeys((POINTWISE, PATCHES, MATRIX), DOT_HEADERS),
    DEPTHWISE: (
        *("dw_asm.h", "dw_mve.h"),
        *("dw_mve_depthwise.h", "dw_mve_depthwise_asm.h", "dw_mve_depthwise_twin.h"),
    ),
    SUM: ("dw_asm.h", "dw_mve.h", "dw_mve_add.h"),
}
FOUR: Final = (0, 1, 2, 3)
# Channels in the order in which sums of two channels at a time are begun (dw_mve_dot.h).
BY_TWO: Final = (0, 2, 1, 3)
# Channels in the order in which the vectors of `struct dw_mve_sums` hold them.
SIXTEEN: Final = tuple(first + 4 * i for first in FOUR for i in FOUR)
Order = tuple[int, ...]
Parts = tuple[tuple[ArrayView, ...], tuple[FieldView, ...]]


def mve_data(graph: Graph, node: Node, name: str, bias: tuple[int, ...]) -> Parts:
    """Arrays and fields of `struct dw_mve_dot` or `dw_mve_depthwise`; `bias` has the input's zero point folded in."""
    return (_depthwise if isinstance(node.op, DepthwiseConv2D) else _dot)(graph, node, name, bias)


def _dot(graph: Graph, node: Node, name: str, bias: tuple[int, ...]) -> Parts:
    p = conv_parameters(graph, node)
    weights = tuple(_weights(graph, node).ravel().tolist())
    arrays = (
        ArrayView("int8_t", f"{name}_weights", "weights [O][KH][KW][I]", weights),
        _scales("struct dw_mve_group", f"{name}_groups", p, bias, BY_TWO, FOUR),
    )
    sizes = {"inputs": mve_inputs(graph, node), "channels": len(bias), "outside": p.input_zero_point}
    return arrays, _fields(p, sizes)


def _depthwise(graph: Graph, node: Node, name: str, bias: tuple[int, ...]) -> Parts:
    p = conv_parameters(graph, node)
    arrays = (
        ArrayView("int8_t", f"{name}_weights", "weights [C / 16][KH][KW][16]", _by_sixteen(_weights(graph, node))),
        _scales("struct dw_mve_block", f"{name}_blocks", p, bias, SIXTEEN, SIXTEEN),
        ArrayView("int8_t", f"{name}_border", "a pixel outside of the image", (p.input_zero_point,) * len(bias)),
    )
    return arrays, _fields(p, {})


def _by_sixteen(weights: Array) -> tuple[int, ...]:
    """Weights [1][KH][KW][C] as [C / 16][KH * KW][16], filled up with the first channels again."""
    taps = weights.reshape(-1, weights.shape[3])
    padded = np.pad(taps, ((0, 0), (0, -taps.shape[1] % 16)), mode="wrap")
    return tuple(int(w) for w in padded.reshape(len(taps), -1, 16).transpose(1, 0, 2).ravel().tolist())


def _scales(ctype: str, name: str, p: ConvParameters, bias: Sequence[int], of_bias: Order, order: Order) -> ArrayView:
    """Biases, multipliers and shifts of channels by groups, in an order within each; first ones again at the end."""
    one = f"{{ {', '.join(['%s'] * len(order))} }}"
    values = tuple(_grouped(((bias, of_bias), (p.multipliers, order), (p.shifts, order))))
    return ArrayView(ctype, name, "biases, multipliers, shifts", values, pattern=f"{{ {one}, {one}, {one} }}")


def _grouped(columns: tuple[tuple[Sequence[int], Order], ...]) -> Iterator[int]:
    channels, group = len(columns[0][0]), len(columns[0][1])
    for first in range(0, channels, group):
        for column, order in columns:
            yield from (column[(first + i) % channels] for i in order)


def _fields(p: ConvParameters, sizes: dict[str, int]) -> tuple[FieldView, ...]:
    clamp = {"output_zero_point": p.output_zero_point, "minimum": p.minimum, "maximum": p.maximum}
    return tuple(FieldView(key, str(value)) for key, value in (sizes | clamp).items())


def _weights(graph: Graph, node: Node) -> Array:
    data = graph.tensors[node.inputs[1]].data
    assert data is not None
    return data
