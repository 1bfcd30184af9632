"""Sizes that the file leaves open, since a batch of any size was converted: found by following shape arithmetic.

Keras' Dense on a map brings it into a list of pixels and back, whose sizes SHAPE, GATHER, REDUCE_PROD, CONCATENATION
and PACK compute. With a batch of 1 all of them are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.computing import Operands
from depthwise.codegen.operators.registry import BY_KIND

from .file_graph import FileGraph, FileOperator
from .nodes import read_nodes

ELEMENT_BY_ELEMENT: Final = (
    *("ADD", "SUB", "MUL", "MAXIMUM", "MINIMUM", "RELU", "RELU6", "RELU_N1_TO_1"),
    *("LOGISTIC", "TANH", "HARD_SWISH", "LEAKY_RELU", "QUANTIZE", "DEQUANTIZE"),
)
# What they write follows from what they read, and from constants.
MOVED: Final = ("PACK", "STRIDED_SLICE", "TRANSPOSE", "UNPACK")
Shape = tuple[int, ...]


@dataclass(slots=True)
class _Known:
    """Tensors with the sizes found so far, values of computed sizes, and tensors whose sizes the file has otherwise."""

    tensors: list[Tensor]
    values: dict[int, Array]
    changed: set[int]


def with_sizes(main: FileGraph) -> FileGraph:
    """The subgraph with all sizes. Raises UnsupportedError for the first tensor whose sizes cannot be known."""
    if not main.dynamic:
        return main
    known = _Known(list(main.tensors), {}, set())
    for index in sorted(main.dynamic & set(main.inputs)):
        raise _unknown(main.tensors[index])
    for operator in main.operators:
        if operator.name in BY_KIND:
            _follow(main, operator, known)
    return replace(main, tensors=tuple(known.tensors), dynamic=frozenset())


def _follow(main: FileGraph, operator: FileOperator, known: _Known) -> None:
    written = [known.tensors[i] for i in operator.outputs if 0 <= i < len(known.tensors)]
    reads = [known.tensors[i] for i in operator.inputs if i >= 0]
    if len(written) == 1 and written[0].dtype is DType.INT32:
        _compute(main, operator, known)
        return
    touched = bool(known.changed & set(operator.inputs))
    for tensor in written:
        if tensor.index in main.dynamic or touched:
            moved = operator.name in MOVED
            shape = _moved(operator, tensor, known) if moved else _shape(operator, reads, tensor, known.values)
            if shape is None and tensor.index in main.dynamic:
                raise _unknown(tensor)
            if shape is None:
                continue  # the file says it, and the layer is checked
            known.tensors[tensor.index] = replace(tensor, shape=shape)
            if shape != tensor.shape:
                known.changed.add(tensor.index)


def _compute(main: FileGraph, operator: FileOperator, known: _Known) -> None:
    """The value of an int32 tensor, where all that it depends on is known."""
    if operator.name != "SHAPE" and not all(i in known.values or _is_constant(known, i) for i in operator.inputs):
        return
    (node,) = read_nodes(operator, known.tensors)[:1]
    value = _value(node, known, known.values, main.inputs)
    known.values[node.output] = value
    known.tensors[node.output] = replace(known.tensors[node.output], shape=value.shape)


def _moved(operator: FileOperator, tensor: Tensor, known: _Known) -> Shape:
    """The sizes that are left when zeros are moved."""
    (node,) = (n for n in read_nodes(operator, known.tensors) if n.output == tensor.index)
    reads = [known.tensors[i] for i in node.inputs]
    zeros = {t.index: np.zeros(t.shape, t.dtype.value) for t in reads if t.data is None}
    return _value(node, known, zeros).shape


def _value(node: Node, known: _Known, values: Mapping[int, Array], ends: Sequence[int] = ()) -> Array:
    tensors = tuple(known.tensors)
    reads = (i for i in node.inputs if tensors[i].data is None)
    graph = Graph("", tensors, (node,), inputs=tuple(dict.fromkeys((*ends, *reads))), outputs=(node.output,))
    return operator_of(node.op).compute(graph, node, Operands(graph, node, values), Mode.TFLM)


def _is_constant(known: _Known, index: int) -> bool:
    return index >= 0 and known.tensors[index].data is not None


def _shape(operator: FileOperator, reads: list[Tensor], tensor: Tensor, values: Mapping[int, Array]) -> Shape | None:
    if operator.name == "RESHAPE" and len(reads) > 1:
        wanted = reads[1].data if reads[1].data is not None else values.get(reads[1].index)
        if wanted is not None:
            return _reshaped(operator, reads[0], tuple(int(n) for n in wanted.ravel().tolist()))
    if operator.name == "FILL" and reads[0].index in values:
        return tuple(values[reads[0].index].ravel().tolist())
    if operator.name == "FULLY_CONNECTED" and len(reads) > 1 and len(reads[1].shape) == 2:
        outputs, inputs = reads[1].shape
        kept = len(tensor.shape) == len(reads[0].shape) and reads[0].shape[-1] == inputs
        return (*reads[0].shape[:-1], outputs) if kept else (reads[0].elements // inputs, outputs)
    if operator.name in ELEMENT_BY_ELEMENT:
        try:
            return np.broadcast_shapes(*(t.shape for t in reads))
        except ValueError:
            return None
    return None


def _reshaped(operator: FileOperator, source: Tensor, wanted: Shape) -> Shape:
    known = prod(n for n in wanted if n != -1)
    if wanted.count(-1) > 1 or min(wanted, default=1) < -1 or known < 1 or source.elements % known:
        raise ModelError(f"{operator} makes {wanted[:8]} of {source.elements} elements", "convert the model again")
    return tuple(source.elements // known if n == -1 else n for n in wanted)


def _unknown(tensor: Tensor) -> UnsupportedError:
    return UnsupportedError(
        f"tensor {tensor.index} ({tensor.name[:60]!r}) has a dynamic shape",
        "convert the model with a fixed input shape",
    )
