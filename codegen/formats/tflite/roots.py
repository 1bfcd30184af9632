"""RSQRT of int8 in fixed point, and SQRT of int8 in float32, as tables.

Sources: tflite-micro, `kernels/elementwise.cc` (RsqrtEvalQuantized); `kernels/internal/common.h`
(GetInvSqrtQuantizedMultiplierExp): five steps of Newton's method with 3 bits in front of the point. LiteRT,
`kernels/elementwise.cc` (SqrtEvalQuantized).
"""

from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, requantize
from depthwise.codegen.graph import Quantization

SHIFT: Final = 20
ONE: Final = 1 << 28
ONE_AND_A_HALF: Final = (1 << 28) + (1 << 27)
HALF_ROOT_OF_2: Final = 1518500250
ITERATIONS: Final = 5
LARGEST: Final = 2**31 - 1


def reciprocal_root(before: Quantization, after: Quantization) -> Int64:
    """What −128 … 127 become; what is 0 or less, which tflite-micro refuses to compute, is the largest value."""
    scale = 1.0 / float(np.sqrt(np.float32(before.scale)) * np.float32(after.scale))
    multiplier, shift = quantize_multiplier(scale)
    found = [127] * 256
    for value in range(1, 128 - before.zero_point):
        root, right = _inverse_root(value)
        data = requantize(np.array([1], np.int64), root, SHIFT - right)
        found[value + before.zero_point + 128] = int(requantize(data, multiplier, shift - SHIFT)[0]) + after.zero_point
    return np.clip(np.array(found, np.int64), -128, 127)


def square_root(before: Quantization, after: Quantization) -> Int64:
    """What −128 … 127 become, fractions cut off; what is below 0, which LiteRT refuses to compute, as 0."""
    levels = np.maximum(np.arange(-128, 128) - before.zero_point, 0).astype(np.float32)
    roots = np.sqrt(np.float32(before.scale) * levels) / np.float32(after.scale)
    return np.asarray(np.clip(roots.astype(np.int64) + after.zero_point, -128, 127))


def _inverse_root(value: int) -> tuple[int, int]:
    """1 / √value as a multiplier of 31 bits behind the point, and a shift to the right."""
    if value <= 1:
        return LARGEST, 0
    pairs = (32 - value.bit_length() - 1) // 2 - 1
    right, fixed = 11 - pairs, value << 2 * pairs >> 1
    half, x = (fixed + 1) >> 1, ONE
    for _ in range(ITERATIONS):
        cubed = _raised(_high(_high(x, x), x), 6)
        x = _raised(_high(ONE_AND_A_HALF, x) - _high(half, cubed), 3)
    root = _high(x, HALF_ROOT_OF_2)
    return (root << -right, 0) if right < 0 else (root, right)


def _high(a: int, b: int) -> int:
    """Twice the high half of a product, rounded."""
    return (a * b + (1 << 30)) >> 31


def _raised(a: int, bits: int) -> int:
    return min(a << bits, LARGEST)
