"""Weights and biases as the TensorFlow Lite int8 specification wants them: per channel, symmetric, −127…127."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

LARGEST: Final = 127
BIAS_LIMIT: Final = 2.0**29  # leaves the sums of products room in int32
FINEST: Final = 2.0**-20  # of an output step: an accumulator need not be finer


@dataclass(frozen=True, slots=True, eq=False)
class QuantizedWeights:
    """int8 weights with a float32 scale per channel along `axis`, int32 biases of scale input · weights."""

    weights: NDArray[np.int8]
    scales: tuple[float, ...]
    bias: NDArray[np.int32]
    bias_scales: tuple[float, ...]
    axis: int


def quantized(weights: Float64, bias: Float64, axis: int, input_scale: float, output_scale: float) -> QuantizedWeights:
    """Round weights and biases to the nearest of what the specification allows.

    A channel's scale is what its largest weight needs; more where its bias would leave int32, or where the
    channel has no weights to speak of (its bias still has to come out right).
    """
    across = tuple(i for i in range(weights.ndim) if i != axis)
    needed = np.abs(weights).max(axis=across) / LARGEST
    for_bias = np.abs(bias) / BIAS_LIMIT / input_scale
    least = np.full_like(needed, output_scale / input_scale * FINEST)
    scales = np.maximum(np.maximum(needed, for_bias), least).astype(np.float32).astype(np.float64)
    along = [-1 if i == axis else 1 for i in range(weights.ndim)]
    levels = np.clip(np.rint(weights / scales.reshape(along)), -LARGEST, LARGEST).astype(np.int8)
    products = input_scale * scales
    biases = np.clip(np.rint(bias / products), -(2**31), 2**31 - 1).astype(np.int32)
    stored = tuple(float(np.float32(p)) for p in products)
    return QuantizedWeights(levels, tuple(scales.tolist()), biases, stored, axis)
