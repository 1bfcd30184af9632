"""Functions of one int8 value: their 256 results tell all of them, so they are computed once and looked up."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.graph import Array, Graph, Node

from .computing import Compute, Operands, quantized
from .quantization import quantization_of

EVERY_VALUE: Final[Int64] = np.arange(-128, 128, dtype=np.int64)
# What a node makes of −128 … 127, not yet clamped: int64 [256].
TableRule = Callable[[Graph, Node], Int64]


def tabled(rule: TableRule) -> Compute:
    """An operator whose every element is a function of the same element of its input."""

    def computed(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
        return looked_up(np.clip(rule(graph, node), -128, 127).astype(np.int8), operands[0])

    return quantized(computed)


def in_float32(function: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> TableRule:
    """A function of real numbers, every step of it rounded to float32.

    Sources: tflite-micro, `kernels/elu.cc` (PopulateLookupTable); LiteRT, `kernels/internal/common.h` (LUTPopulate).
    """

    def rule(graph: Graph, node: Node) -> Int64:
        image, out = (quantization_of(t) for t in (graph.inputs_of(node)[0], graph.output_of(node)))
        x = np.float32(image.scale) * (EVERY_VALUE - image.zero_point).astype(np.float32)
        steps = (function(x) * (np.float32(1) / np.float32(out.scale))).astype(np.float64)
        rounded = np.copysign(np.floor(np.abs(steps) + 0.5), steps).astype(np.float32)
        return (rounded + np.float32(out.zero_point)).astype(np.int64)

    return rule


def looked_up(table: Array, values: Array) -> Array:
    """Results of int8 values of any shape."""
    return table[values.astype(np.intp) + 128]
