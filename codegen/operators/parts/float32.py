"""Scores in float32, as the last layers of a quantized network have them: one rounding for each step.

Sources: tflite-micro, `kernels/internal/reference/`: `logistic.h`, `log_softmax.h`, `softmax.h`. Their exponentials and
logarithms are the C library's, which are not always rounded to the nearest float32; here they are.
"""

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array

Float32 = NDArray[np.float32]
# Beyond these ends LOGISTIC is 1, and exp(x).
LARGE, SMALL = np.float32(16.619047164916992), np.float32(-9)


def logistic(values: Array) -> Float32:
    """1 / (1 + exp(−x))."""
    x = values.astype(np.float32)
    one = np.float32(1)
    usual = one / (one + _exp(-np.maximum(x, SMALL)))
    return np.where(x > LARGE, one, np.where(x < SMALL, _exp(np.minimum(x, SMALL)), usual)).astype(np.float32)


def sigmoid(x: Float32) -> Float32:
    """1 / (1 + exp(−x)), as LiteRT's tables have it: without special ends."""
    with np.errstate(over="ignore"):
        return np.float32(1) / (np.float32(1) + _exp(-x))


def tanh(x: Float32) -> Float32:
    """The hyperbolic tangent."""
    return np.tanh(x.astype(np.float64)).astype(np.float32)


def softmax(values: Array, beta: float) -> Float32:
    """Softmax of beta · x over the last axis."""
    x = values.astype(np.float32)
    powers = _exp((x - x.max(axis=-1, keepdims=True)) * np.float32(beta))
    return powers / _total(powers)


def log_softmax(values: Array) -> Float32:
    """Logarithm of the softmax over the last axis."""
    x = values.astype(np.float32)
    largest = x.max(axis=-1, keepdims=True)
    log_of_total = np.log(_total(_exp(x - largest)).astype(np.float64)).astype(np.float32)
    return np.asarray(x - largest - log_of_total)


def _exp(x: Float32) -> Float32:
    return np.exp(x.astype(np.float64)).astype(np.float32)


def _total(values: Float32) -> Float32:
    """Sums over the last axis, one value after the other."""
    return np.asarray(np.add.accumulate(values, axis=-1, dtype=np.float32)[..., -1:])
