"""Fixed-point arithmetic of the TensorFlow Lite family on numpy arrays, bit for bit, in its named roundings.

Sources: tflite-micro, `tensorflow/lite/kernels/internal/common.cc` and `quantization_util.cc`; gemmlowp,
`fixedpoint/fixedpoint.h`. Arrays are int64 that hold int32 values, so nothing wraps unseen.
"""

import math
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Int64 = NDArray[np.int64]
HALF_Q31: Final = 1 << 30
LARGEST: Final = 2**31 - 1


class Mode(Enum):
    """Which arithmetic "equal to TFLite" means; they differ in how an accumulator becomes int8.

    TFLM: TensorFlow Lite Micro, CMSIS-NN, ESP-NN (double rounding). SINGLE: their single-rounding builds.
    RUY: LiteRT on a PC without delegates. XNNPACK: LiteRT's default. FLOAT64: FULLY_CONNECTED of LiteRT's reference
    kernels. The last three, all of LiteRT, are defined for CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED and RELU,
    XNNPACK for LEAKY_RELU, MEAN and QUANTIZE too; every other operator computes as in TFLM.
    """

    TFLM = "tflm"
    SINGLE = "single"
    RUY = "ruy"
    XNNPACK = "xnnpack"
    FLOAT64 = "float64"

    @property
    def integer(self) -> "Mode":
        """Arithmetic of the operators that this mode does not define: SINGLE is one for all of them."""
        return Mode.SINGLE if self is Mode.SINGLE else Mode.TFLM


def quantize_multiplier(real: float) -> tuple[int, int]:
    """Write a positive real as (m, s) with real ≈ m · 2^(s−31), 2^30 ≤ m < 2^31 (`QuantizeMultiplier`).

    >>> quantize_multiplier(0.5), quantize_multiplier(0.0)
    ((1073741824, 0), (0, 0))
    """
    if real == 0:
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, shift = 2**30, shift + 1
    if shift < -31:
        return 0, 0
    return multiplier, shift


def wrap32(value: Int64) -> Int64:
    """What an int32 register holds of a value: the low 32 bits, signed."""
    return value.astype(np.int32).astype(np.int64)


def doubling_high_multiply(a: Int64, b: Int64 | int) -> Int64:
    """round(a·b / 2^31), halves upward: SaturatingRoundingDoublingHighMul where not both are −2^31."""
    return np.asarray((a * b + HALF_Q31) >> 31)


def rounding_divide(value: Int64, bits: Int64 | int) -> Int64:
    """round(value / 2^bits), halves away from zero: RoundingDivideByPOT."""
    half = (np.int64(1) << np.maximum(np.asarray(bits) - 1, 0)) * (np.asarray(bits) > 0)
    return np.asarray((value + half - ((value < 0) & (np.asarray(bits) > 0))) >> bits)


def requantize(value: Int64, multipliers: Int64 | int, shifts: Int64 | int, mode: Mode = Mode.TFLM) -> Int64:
    """Value · m · 2^(s−31), rounded as `mode` says; multipliers and shifts broadcast over the last axis."""
    left, right = np.maximum(shifts, 0), np.maximum(-np.asarray(shifts), 0)
    if mode is Mode.SINGLE:
        bits = 31 - np.asarray(shifts)
        return np.asarray((value * multipliers + (np.int64(1) << (bits - 1))) >> bits)
    product = doubling_high_multiply(wrap32(value << left), multipliers)
    if mode is Mode.RUY:
        half = (np.int64(1) << np.maximum(right - 1, 0)) * (right > 0)
        return np.asarray((product + half) >> right)
    return rounding_divide(product, right)


def saturating_shift_left(value: Int64, bits: int) -> Int64:
    """Value · 2^bits, clamped to int32: SaturatingRoundingMultiplyByPOT."""
    return np.asarray(np.clip(value << bits, -(2**31), 2**31 - 1))
