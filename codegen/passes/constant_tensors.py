"""New constants for rewritten layers: appended behind all tensors, so that every other index stays."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array, Quantization, Tensor

Channels = Sequence[int] | NDArray[np.intp]


def append(tensors: list[Tensor], like: Tensor, values: Array) -> int:
    """Add a constant with the name and quantization of another; its index."""
    data = np.ascontiguousarray(values)
    data.setflags(write=False)
    tensors.append(replace(like, index=len(tensors), shape=data.shape, data=data))
    return len(tensors) - 1


def selected(quantization: Quantization | None, channels: Channels) -> Quantization | None:
    """Quantization of the chosen channels, in their order."""
    if quantization is None or len(quantization.scales) == 1:
        return quantization
    scales = tuple(quantization.scales[c] for c in channels)
    return replace(quantization, scales=scales, zero_points=tuple(quantization.zero_points[c] for c in channels))
