"""How an operator is computed: on which operands, in int8 and in real numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node

from .hints import QUANTIZE_FIRST

Float64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Operands:
    """Values [N, …] of the tensors that a node reads, by position; constants are taken from the graph."""

    graph: Graph
    node: Node
    values: Mapping[int, Array]

    def __getitem__(self, position: int) -> Array:
        index = self.node.inputs[position]
        constant = self.graph.tensors[index].data
        return self.values[index] if constant is None else constant

    def __len__(self) -> int:
        return len(self.node.inputs)


Compute = Callable[[Graph, Node, Operands, Mode], Array]
ComputeReal = Callable[[Graph, Node, Operands], Array]
InFloat64 = Callable[[Graph, Node, tuple[Float64, ...]], Float64]


def floats(data: Array | None) -> Float64:
    """Values of a constant or an activation, exactly."""
    assert data is not None
    return data.astype(np.float64)


def quantized(compute: Compute) -> Compute:
    """An arithmetic of quantized tensors: where float32 is written it raises UnsupportedError."""
    return by_type(compute, refuse_float)


def by_type(compute: Compute, floating: Compute) -> Compute:
    """An arithmetic of quantized tensors, and another one where float32 is written."""

    def chosen(graph: Graph, node: Node, operands: Operands, mode: Mode) -> Array:
        rule = floating if graph.output_of(node).dtype is DType.FLOAT32 else compute
        return rule(graph, node, operands, mode)

    return chosen


def refuse_float(_graph: Graph, node: Node, _operands: Operands, _mode: Mode) -> Array:
    """For what computes in float32: raises UnsupportedError."""
    raise UnsupportedError(f"{node} computes in float32", QUANTIZE_FIRST)


def in_float64(compute: InFloat64) -> ComputeReal:
    """An arithmetic of real numbers: taken in float64, rounded to float32 once."""

    def rounded(graph: Graph, node: Node, operands: Operands) -> Array:
        reals = tuple(floats(operands[i]) for i in range(len(operands)))
        return compute(graph, node, reals).astype(np.float32)

    return rounded


def as_quantized(compute: Compute) -> ComputeReal:
    """For what computes with no quantization: moves elements, or knows shapes."""
    return lambda graph, node, operands: compute(graph, node, operands, Mode.TFLM)


def refuse_quantized(_graph: Graph, node: Node, _operands: Operands) -> Array:
    """For conversions: raises UnsupportedError in a float network."""
    raise UnsupportedError(f"{node} belongs to a quantized network", "give the float model it was made from")
