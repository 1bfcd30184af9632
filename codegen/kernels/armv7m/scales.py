"""How sums become outputs, `dw_streamed_output` in dw_armv7m.h: the form of a layer and the numbers of a channel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from depthwise.codegen.arithmetic.thresholds import FACTOR
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.data import Constants, array, number_fields
from depthwise.codegen.kernels.fitted import fitted_of
from depthwise.codegen.kernels.kernel import Layer, Struct
from depthwise.codegen.kernels.offset import lines_of
from depthwise.codegen.kernels.plain.scaling import is_fitted
from depthwise.codegen.kernels.weighted import FULL, folded_bias, parameters_of

Form = Literal["line", "signed", "clamped", "fitted", "fitted_clamped"]
STREAMED: Final = Struct("dw_streamed", template=None)
SCALING: Final = ("dw_asm.h", "dw_fitted.h", "dw_armv7m.h", "dw_armv7m_asm.h")
# Elsewhere than on a line sums are taken four times: see dw_plain.h.
ROUNDED_FACTOR: Final = 4


@dataclass(frozen=True, slots=True)
class Scale:
    """A channel's numbers, for `factor` times its sums without a bias; `more` where it is not on a line.

    That is a shift, or an offset and a word of small numbers; then `factor` says no more than how sums are packed.
    """

    factor: int
    multiplier: int
    bias: int
    more: tuple[int, ...]


def form_of(graph: Graph, node: Node) -> Form:
    """How a layer's sums become outputs: on a line where there is one."""
    if lines_of(graph, node) is not None:
        return "line"
    p = parameters_of(Layer(graph, node))
    full = (p.minimum, p.maximum) == FULL
    if is_fitted(graph, node):
        return "fitted" if full else "fitted_clamped"
    return "signed" if full else "clamped"


def scales_of(layer: Layer) -> list[Scale]:
    """Numbers of all channels."""
    lines = lines_of(layer.graph, layer.node)
    if lines is not None:
        return [Scale(FACTOR, m, bias, ()) for bias, m in zip(*lines, strict=True)]
    if is_fitted(layer.graph, layer.node):
        found = fitted_of(layer.graph, layer.node)
        assert found is not None
        return [Scale(ROUNDED_FACTOR, f.multiplier, f.bias, (f.offset, f.packed)) for f in found]
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
