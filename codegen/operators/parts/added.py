"""Sums and means along axes (`kernels/internal/reference/reduce.h`, QuantizedMeanOrSum)."""

from collections.abc import Callable

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Mode, requantize
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node

from .computing import Compute, Operands, quantized
from .intervals import stays_in_int32
from .quantization import rescaled
from .reduction import count_of, reduced
from .rescale import RequantizeParameters

SPAN = 255  # how far a value and a zero point can lie apart
Rule = Callable[[Graph, Node], RequantizeParameters]


def check_quantization(graph: Graph, node: Node) -> None:
    """The output's scale can be reached, and sums fit into int32."""
    rescaled(graph, node)
    reached = SPAN * count_of(graph, node)
    if reached > LARGEST:
        raise UnsupportedError(
            f"{node} can reach a sum of {reached:,}, int32 holds {LARGEST:,}", "make the input of the layer smaller"
        )


def compute(parameters: Rule) -> Compute:
    """Sums of what lies above the zero point, rescaled."""

    def computed(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
        p = parameters(graph, node)
        sums = reduced(graph, node, operands[0], np.sum).astype(np.int64)
        scaled = requantize(sums - p.input_zero_point * count_of(graph, node), p.multiplier, p.shift, mode.integer)
        return np.clip(scaled + p.output_zero_point, -128, 127).astype(np.int8)

    return quantized(computed)


def is_safe(parameters: Rule) -> Callable[[Graph, Node], bool]:
    """Tell whether the shift to the left before the multiplication keeps every possible sum in int32."""

    def safe(graph: Graph, node: Node) -> bool:
        p = parameters(graph, node)
        return p.multiplier >= 0 and stays_in_int32(SPAN * count_of(graph, node), p.shift)

    return safe
