"""Comparisons of an int8 tensor with a number: tables of 0 and 1.

Sources: tflite-micro, `kernels/comparisons.cc`, `kernels/internal/reference/comparisons.h`: both sides are raised by 8
bits and brought to a scale of 1.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, requantize
from depthwise.codegen.graph import DType, Quantization, Tensor

LEFT_SHIFT: Final = 8
COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "EQUAL": np.equal,
    "GREATER": np.greater,
    "GREATER_EQUAL": np.greater_equal,
    "LESS": np.less,
    "LESS_EQUAL": np.less_equal,
    "NOT_EQUAL": np.not_equal,
}


def compared(name: str, first: Tensor, second: Tensor) -> tuple[Tensor, Int64] | None:
    """The tensor that is compared, and what its 256 values become; None if it is not with a number."""
    computed = [t for t in (first, second) if t.data is None]
    sides = [_side(t) for t in (first, second)]
    one, other = sides
    if len(computed) != 1 or one is None or other is None:
        return None
    return computed[0], np.broadcast_to(COMPARISONS[name](one, other), 256).astype(np.int64)


def _side(tensor: Tensor) -> Int64 | None:
    """All values of a tensor, or that of a number, as they are compared."""
    q = tensor.quantization
    if tensor.dtype is not DType.INT8 or q is None or len(q.scales) != 1:
        return None
    if tensor.data is None:
        return _raised(np.arange(-128, 128), q)
    return _raised(tensor.data.reshape(1), q) if tensor.elements == 1 else None


def _raised(levels: Any, q: Quantization) -> Int64:
    multiplier, shift = quantize_multiplier(q.scale)
    return requantize((levels.astype(np.int64) - q.zero_point) << LEFT_SHIFT, multiplier, shift)
