"""Real inputs as the int8 network takes them: levels."""

from collections.abc import Mapping

import numpy as np

from depthwise.codegen.graph import Array, Graph, Quantization, Tensor
from depthwise.codegen.operators.parameters import quantization_of

from .observers import LEVELS, ValueRange
from .quantized import Built

HALF: float = 0.5 + 1e-3  # of a step: so far the ends of a range may lie from those of int8, and a little by float32


def quantized_inputs(built: Built, inputs: Mapping[int, Array]) -> dict[int, Array]:
    """Real inputs, by tensor of the float network, as the int8 network takes them, by its own."""
    mine = {built.tensors[i]: values for i, values in inputs.items()}
    return {i: _quantized(built.graph.tensors[i], values, built.input_range) for i, values in mine.items()}


def quantized_input(graph: Graph, images: Array, within: tuple[float, float] | None = None) -> Array:
    """Real inputs as the int8 (or uint8) network takes its first one.

    `within` is what 0 and 255 are, of pixels: where the input was quantized for just that range, level = pixel - 128,
    as a program computes it that has the pixels.
    """
    return _quantized(graph.tensors[graph.inputs[0]], images, within)


def _quantized(tensor: Tensor, images: Array, within: tuple[float, float] | None) -> Array:
    q, least = quantization_of(tensor), -128 if tensor.dtype.value == "int8" else 0
    reals = images.astype(np.float64)
    if within is not None and _spans(q, least, ValueRange(*within)):
        low, high = within
        steps = np.rint((reals - low) * (LEVELS / (high - low))) + least
    else:
        steps = np.rint(reals / q.scale) + q.zero_point
    levels: Array = np.clip(steps, least, least + LEVELS).astype(tensor.dtype.value)
    return levels


def _spans(q: Quantization, least: int, span: ValueRange) -> bool:
    """Tell whether a tensor's levels span a range, each end as near as a level can be."""
    ends = span.low / q.scale + q.zero_point - least, span.high / q.scale + q.zero_point - least - LEVELS
    return all(abs(end) <= HALF for end in ends)
