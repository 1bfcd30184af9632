"""Real numbers as values of a quantized tensor, and back: as DEQUANTIZE, QUANTIZE and CAST of a file have it."""

from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.graph import DType, Quantization, Tensor

from .functions import Reals

EIGHT_BITS: Final = (DType.INT8, DType.UINT8)


def is_quantized(tensor: Tensor) -> bool:
    """Tell whether a tensor has 8 bits and one scale."""
    return tensor.dtype in EIGHT_BITS and tensor.quantization is not None and len(tensor.quantization.scales) == 1


def quantization_of(tensor: Tensor) -> Quantization:
    """The quantization of a tensor that has one."""
    assert tensor.quantization is not None
    return tensor.quantization


def raw(tensor: Tensor) -> Int64:
    """The 256 values of a tensor's type."""
    return np.arange(256, dtype=np.int64) + np.iinfo(tensor.dtype.value).min


def levels(reals: Reals, target: Tensor) -> Int64:
    """Numbers in a tensor's quantization, as int8 (`reference/quantize.h`, AffineQuantize)."""
    q = quantization_of(target)
    with np.errstate(all="ignore"):
        steps = away_from_zero(reals / np.float32(q.scale))
    return clipped(steps + q.zero_point, target)


def away_from_zero(steps: Reals) -> Reals:
    """Rounded, halves away from 0."""
    return np.copysign(np.floor(np.abs(steps.astype(np.float64)) + 0.5), steps)


def clipped(found: Reals, target: Tensor) -> Int64:
    """Levels of a tensor's type as int8. What is no number is 0, as ARM's conversion has it; beyond is the end."""
    limits = np.iinfo(target.dtype.value)
    held = np.clip(np.nan_to_num(found, nan=quantization_of(target).zero_point), limits.min, limits.max)
    return held.astype(np.int64) - (limits.min + 128)
