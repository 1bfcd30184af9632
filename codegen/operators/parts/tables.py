"""Functions of one int8 value: their 256 results tell all of them, so they are computed once and looked up."""

from collections.abc import Callable
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64, Mode
from depthwise.codegen.graph import Array, Graph, Node

from .computing import Compute, Operands, quantized

EVERY_VALUE: Final[Int64] = np.arange(-128, 128, dtype=np.int64)
# What a node makes of −128 … 127, not yet clamped: int64 [256].
TableRule = Callable[[Graph, Node], Int64]


def tabled(rule: TableRule) -> Compute:
    """An operator whose every element is a function of the same element of its input."""

    def computed(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
        return looked_up(np.clip(rule(graph, node), -128, 127).astype(np.int8), operands[0])

    return quantized(computed)


def looked_up(table: Array, values: Array) -> Array:
    """Results of int8 values of any shape."""
    return table[values.astype(np.intp) + 128]
