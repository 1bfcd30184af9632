"""What LOGISTIC and TANH share: int8 as Q4.27, and where the function is flat.

Sources: tflite-micro, `kernels/logistic_common.cc`, `kernels/tanh.cc`; `kernels/internal/reference/integer_ops/`
`logistic.h` and `tanh.h`; `kernels/internal/quantization_util.cc` (CalculateInputRadius).
"""

import math
from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, quantize_multiplier, requantize, rounding_divide
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Graph, Node

from .hints import CONVERT
from .quantization import quantization_of
from .tables import EVERY_VALUE, TableRule

INTEGER_BITS: Final = 4
SCALES: Final = (2.0**-28, 2.0**30)  # the shift to Q4.27 is none to the right, and less than 64


def check_scale(graph: Graph, node: Node) -> None:
    """Refuse an input scale that cannot be brought to Q4.27."""
    scale = quantization_of(graph.inputs_of(node)[0]).scale
    if not SCALES[0] <= scale <= SCALES[1]:
        raise UnsupportedError(
            f"{node} has input scale {scale:.4g}, it must lie between {SCALES[0]:.4g} and {SCALES[1]:.4g}", CONVERT
        )


def table(function: Callable[[Int64], Int64], fraction_bits: int, zero_point: int) -> TableRule:
    """A function of Q4.27 in Q0.31, written with so many bits behind the point."""

    def rule(graph: Graph, node: Node) -> Int64:
        image = quantization_of(graph.inputs_of(node)[0])
        multiplier, shift = quantize_multiplier(image.scale * 2 ** (31 - INTEGER_BITS))
        radius = math.floor((2**INTEGER_BITS - 1) * 2.0 ** (31 - INTEGER_BITS - shift))
        x = EVERY_VALUE - image.zero_point
        inside = np.abs(x) < radius
        scaled = requantize(np.where(inside, x, 0), multiplier, shift)
        found = rounding_divide(function(scaled), 31 - fraction_bits) + zero_point
        return np.where(inside, found, np.where(x <= -radius, -128, 127))

    return rule
