"""How sums become outputs, `dw_streamed_output` in dw_armv7m.h: the form of a layer and the numbers of a channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.dsp.lines import lines_of
from depthwise.codegen.kernels.kernel import Layer, Struct
from depthwise.codegen.kernels.weighted import FULL, folded_bias, parameters_of

Form = Literal["line", "signed", "clamped"]
STREAMED: Final = Struct("dw_streamed", template=None)
SCALING: Final = ("dw_asm.h", "dw_armv7m.h", "dw_armv7m_asm.h")
# Elsewhere than on a line sums are taken four times: see dw_plain.h.
ROUNDED_FACTOR: Final = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """A channel's numbers, for `factor` times its sums without a bias; a shift where it is not on a line."""

    factor: int
    multiplier: int
    bias: int
    shift: tuple[int, ...]


def form_of(graph: Graph, node: Node) -> Form:
    """How a layer's sums become outputs: on a line where there is one."""
    if lines_of(graph, node) is not None:
        return "line"
    p = parameters_of(Layer(graph, node))
    return "signed" if (p.minimum, p.maximum) == FULL else "clamped"


def scales_of(layer: Layer) -> list[Scale]:
    """Numbers of all channels."""
    lines = lines_of(layer.graph, layer.node)
    if lines is not None:
        return [Scale(FACTOR, m, bias, ()) for bias, m in zip(*lines, strict=True)]
    p, factor = parameters_of(layer), ROUNDED_FACTOR
    each = zip(p.multipliers, folded_bias(layer), p.shifts, strict=True)
    return [Scale(factor, m, factor * bias, (-shift,)) for m, bias, shift in each]


def streamed(layer: Layer, stream: Iterable[int], outside: int, taps: int = 0) -> Constants:
    """Arrays and fields of `struct dw_streamed`; `outside` zero points are what lies outside of the image."""
    p = parameters_of(layer)
    arrays = (
        array("int8_t", "stream", "see dw_armv7m.h", stream),
        array("int8_t", "outside", "what lies outside of the image", (p.input_zero_point,) * outside),
    )
    numbers = {"channels": len(p.multipliers), "half": 2 * p.output_zero_point + 1, "minimum": p.minimum}
    return Constants(arrays[: 2 if outside else 1], number_fields({**numbers, "maximum": p.maximum, "taps": taps}))


def bytes_of(words: Iterable[int]) -> tuple[int, ...]:
    """Words as int8, the lowest byte first."""
    held = np.array([word % 2**32 for word in words], "<u4")
    return tuple(held.view("<i1").tolist())
