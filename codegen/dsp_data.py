"""Constants of the kernels for the Arm DSP extension, packed in the order in which their loops read them."""

from collections.abc import Iterator
from math import prod

import numpy as np

from .dsp_kernels import gather_of, is_signed, patch_inputs
from .graph import Array, Graph, Node
from .operations import Conv2D
from .parameters import ConvParameters, add_parameters, conv_parameters
from .views import ArrayView, FieldView

CHANNEL = "{ %s, { %s, %s, %s }, { %s, %s, %s }, %s, %s }"
WORDS = "__attribute__((aligned(4)))"


def dot_data(
    graph: Graph, node: Node, name: str, bias: tuple[int, ...], *, wide: bool
) -> tuple[tuple[ArrayView, ...], tuple[FieldView, ...]]:
    """Arrays and fields of `struct dw_dot`; `bias` has the input's zero point folded in."""
    p = conv_parameters(graph, node)
    weights = graph.tensors[node.inputs[1]]
    inputs = patch_inputs(graph, node)
    arrays = [
        ArrayView(
            "uint32_t", f"{name}_stream", "see dw_dsp_dot.h", tuple(_stream(p, bias, _packed(graph, node, wide=wide)))
        )
    ]
    if isinstance(node.op, Conv2D) and gather_of(graph, node) != "pointwise":
        zeros = (p.input_zero_point,) * weights.shape[3]
        arrays.append(ArrayView("int8_t", f"{name}_border", "a pixel outside of the image", zeros, WORDS))
    numbers = {
        "channels": len(p.multipliers),
        "groups": inputs // 4,
        "minimum": p.minimum,
        "maximum": p.maximum,
    }
    return tuple(arrays), tuple(FieldView(key, str(value)) for key, value in numbers.items())


def columns_data(graph: Graph, node: Node, name: str, bias: tuple[int, ...]) -> tuple[ArrayView, ...]:
    """Arrays of `struct dw_columns`."""
    p = conv_parameters(graph, node)
    width = graph.inputs_of(node)[0].shape[2]
    channels = tuple(_channels(graph, node, p, bias))
    return (
        ArrayView("struct dw_channel", f"{name}_channels", "weights and scaling", channels, pattern=CHANNEL),
        ArrayView("int8_t", f"{name}_border", "a row outside of the image", (p.input_zero_point,) * width, WORDS),
    )


def sum_data(graph: Graph, node: Node) -> tuple[FieldView, ...]:
    """Fields of `struct dw_sum`."""
    p = add_parameters(graph, node)
    first = _operand(p.input1_zero_point, p.input1_multiplier, p.input1_shift)
    second = _operand(p.input2_zero_point, p.input2_multiplier, p.input2_shift)
    scale = _scaling(p.output_multiplier, p.output_shift, p.output_zero_point)
    limits = (FieldView("minimum", str(p.minimum)), FieldView("maximum", str(p.maximum)))
    scaled = FieldView("scale", _struct(scale))
    return (FieldView("first", first), FieldView("second", second), scaled, *limits)


def _operand(zero_point: int, multiplier: int, shift: int) -> str:
    scale = _struct(_scaling(multiplier, shift, 0))
    return f"{{ {zero_point * 2**21}, {scale} }}"


def _struct(numbers: tuple[int, ...]) -> str:
    """Integers as the initialiser of a structure."""
    return f"{{ {', '.join(map(str, numbers))} }}"


def _packed(graph: Graph, node: Node, *, wide: bool) -> list[list[int]]:
    """Weights [O][K], padded with zeros, as words [O/2][K/4 * 2] of four bytes, or doubled lanes."""
    data = _weights(graph, node)
    outputs, inputs = data.shape[0], prod(data.shape[1:])
    padded = np.zeros((-(-outputs // 2) * 2, patch_inputs(graph, node)), np.int8)
    padded[:outputs, :inputs] = _ordered(graph, node, data).reshape(outputs, inputs)
    grouped = padded.reshape(len(padded) // 2, 2, -1, 4).transpose(0, 2, 1, 3)
    if wide:
        lanes = grouped.reshape(*grouped.shape[:3], 2, 2).transpose(0, 1, 4, 2, 3)
        grouped = 2 * lanes.astype("<i2")
    words: list[list[int]] = np.ascontiguousarray(grouped).view("<u4").reshape(len(grouped), -1).tolist()
    return words


def _ordered(graph: Graph, node: Node, data: Array) -> Array:
    """Weights in the order in which a patch is gathered: for runs of bytes whole words of each row come first."""
    if not isinstance(node.op, Conv2D) or gather_of(graph, node) != "runs":
        return data
    rows = data.reshape(*data.shape[:2], -1)
    words = rows.shape[2] // 4 * 4
    both = (rows[:, :, :words], rows[:, :, words:])
    return np.concatenate([part.reshape(len(data), -1) for part in both], axis=1)


def _stream(p: ConvParameters, bias: tuple[int, ...], packed: list[list[int]]) -> Iterator[int]:
    """Biases, weights and scales of each pair of channels; the last channel stands for one that is missing."""
    for pair, words in enumerate(packed):
        both = [2 * pair, min(2 * pair + 1, len(bias) - 1)]
        yield from (2 * bias[i] % 2**32 for i in both)
        yield from words
        for i in both:
            yield from (number % 2**32 for number in _scale(p, i))


def _channels(graph: Graph, node: Node, p: ConvParameters, bias: tuple[int, ...]) -> Iterator[int]:
    data = 2 * _weights(graph, node)[0].astype(np.int64)
    for c in range(data.shape[2]):
        taps = data[:, :, c].tolist()
        yield _wrapped(2 * bias[c])
        yield from _scale(p, c)
        yield from (_lanes(row[0], row[2]) for row in taps)
        yield _lanes(taps[0][1], taps[1][1])
        yield _lanes(taps[2][1], 0)


def _scale(p: ConvParameters, channel: int) -> tuple[int, int, int]:
    """Numbers of a channel's `struct dw_scale`."""
    assert p.shifts[channel] or not is_signed(p)
    return _scaling(p.multipliers[channel], p.shifts[channel], p.output_zero_point)


def _scaling(multiplier: int, shift: int, zero_point: int) -> tuple[int, int, int]:
    """Multiplier, offset and right shift of `struct dw_scale`."""
    half = 1 << (-shift - 1) if shift else 0
    return multiplier, half + zero_point * (1 << -shift), -shift


def _lanes(low: int, high: int) -> int:
    """Two int16 in a word."""
    return (low & 0xFFFF) | (high & 0xFFFF) << 16


def _wrapped(value: int) -> int:
    """An integer as the int32 that holds its lowest 32 bits."""
    return (value + 2**31) % 2**32 - 2**31


def _weights(graph: Graph, node: Node) -> Array:
    data = graph.tensors[node.inputs[1]].data
    assert data is not None
    return data
