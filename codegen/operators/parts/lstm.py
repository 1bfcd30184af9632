"""The arithmetic of LSTM with int8 activations and int16 cells: gates, their functions, products of them.

Sources: tflite-micro, `kernels/lstm_eval.h`, `lstm_eval.cc`, `lstm_eval_common.cc`, and
`kernels/internal/reference/integer_ops/logistic.h`, `tanh.h` (both on int16).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, requantize
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Node, Tensor

from .quantization import quantization_of

GATES: Final = 4  # input, forget, cell, output, in this order in files
GATE_SCALE: Final = 2.0**-12  # of what a gate's function reads
FUNCTION_SCALE: Final = 2.0**-15  # of what it writes
LOW, HIGH = -32768, 32767
POWER_OF_TWO: Final = 1e-3  # how far the logarithm of a scale may be from a whole number


def _sigmoid_table() -> tuple[int, ...]:
    """Sigmoid of i/24 in Q0.16 for i = 0 … 255, moved up by half of what a straight line between two points lacks."""
    found = []
    for i in range(256):
        s = 1 / (1 + math.exp(-i / 24))
        lacking = s * (1 - s) * abs(1 - 2 * s) / 24**2 / 8
        found.append(math.floor(65536 * (s + lacking / 2) + 0.5))
    return (*found[:255], 65535)


SIGMOID: Final = _sigmoid_table()


@dataclass(frozen=True, slots=True)
class Scaling:
    """What a sum or product is multiplied by."""

    multiplier: int
    shift: int

    @staticmethod
    def of(real: float) -> "Scaling":
        """Of a real factor."""
        return Scaling(*quantize_multiplier(real))

    def applied(self, value: Int64) -> Int64:
        """Scaled values, saturated to int16."""
        return np.clip(requantize(value, self.multiplier, self.shift), LOW, HIGH)


@dataclass(frozen=True, slots=True)
class TanhInput:
    """What brings a cell to the table's steps: times `multiplier`, shifted to the right."""

    multiplier: int
    shift: int


def tanh_input(power: int) -> TanhInput:
    """For values of scale 2^power."""
    left = 15 + power - 3
    return TanhInput(3 << left, 0) if left >= 0 else TanhInput(3, -left)


def power_of(node: Node, cell: Tensor) -> int:
    """Logarithm of a cell's scale. Raises UnsupportedError for one that is no power of two, or more than 4."""
    scale = quantization_of(cell).scale
    power = round(math.log2(scale))
    if abs(math.log2(scale) - power) >= POWER_OF_TWO or not -30 <= power <= 2:
        raise UnsupportedError(
            f"{node} keeps cells of scale {scale:.6g} (tensor {cell.index}), a power of two up to 4 is needed",
            "convert the model again",
        )
    return power


def _interpolated(steps: Int64, bits: int) -> Int64:
    """Sigmoid in Q0.(16 + bits) of steps that have `bits` behind the point; 1 where the table ends."""
    table = np.array((*SIGMOID, 0), np.int64)
    at = np.minimum(steps >> bits, 255)
    return np.where(at >= 255, 0, (table[at] << bits) + (steps & ((1 << bits) - 1)) * (table[at + 1] - table[at]))


def sigmoid(value: Int64) -> Int64:
    """Sigmoid of Q3.12 in Q0.15."""
    steps = np.abs(value * 3)
    found = np.where(steps >> 9 >= 255, 0x7FFF << 10, _interpolated(steps, 9))
    return np.where(value >= 0, found + (1 << 9), (1 << 25) - found + (1 << 9) - 1) >> 10


def tanh(value: Int64, given: TanhInput) -> Int64:
    """Tanh in Q0.15, of what `given` brings to the table's steps."""
    moved = (value * given.multiplier + ((1 << given.shift) >> 1)) >> given.shift
    steps = np.abs(moved)
    found = np.where(steps >> 8 >= 255, 0xFFFF << 8, _interpolated(steps, 8))
    return np.where(moved >= 0, found - (1 << 23) + (1 << 7), -found + (1 << 23) + (1 << 7) - 1) >> 8
