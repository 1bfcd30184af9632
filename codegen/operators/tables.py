"""What functions of single elements make of every int8 value."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Array, DType, Graph, Node

from .parts import facts
from .parts.computing import Operands
from .registry import operator_of

EVERY_VALUE: Final[Array] = np.arange(-128, 128).astype(np.int8)


def is_table(graph: Graph, node: Node) -> bool:
    """Tell whether each int8 element that a node writes is a function of one int8 element that it reads."""
    types = {t.dtype for t in (graph.inputs_of(node)[0], graph.output_of(node))}
    return operator_of(node.op).unary_elementwise and types == {DType.INT8}


def joins_elements(node: Node) -> bool:
    """Tell whether a node joins two tensors, either of which may be a constant, element by element."""
    return operator_of(node.op).activations is facts.either


def table_of(graph: Graph, nodes: Iterable[Node]) -> Array:
    """What nodes, one behind the other, make of −128 … 127: int8 [256]."""
    values = EVERY_VALUE
    for node in nodes:
        operands = Operands(graph, node, {node.inputs[0]: values})
        values = operator_of(node.op).compute(graph, node, operands, Mode.TFLM)
    return values
