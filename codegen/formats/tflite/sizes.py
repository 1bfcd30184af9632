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
from depthwise.codegen.flatbuffer.reading import empty_table
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor
from depthwise.codegen.operators import ArgMax, Split, SplitV, operator_of
from depthwise.codegen.operators import Shape as Sizes
from depthwise.codegen.operators.parts.computing import Operands
from depthwise.codegen.operators.parts.reading import RawOperator
from depthwise.codegen.operators.registry import BY_KIND

from .comparing import COMPARISONS
from .file_graph import FileGraph, FileOperator
from .functions import BINARY, UNARY
from .nodes import read_nodes
from .output_shapes import part_shape, shape_of

# They read sizes that are computed: shape arithmetic is folded behind them.
TAKE_COMPUTED: Final = ("FILL", "RESHAPE", "TRANSPOSE_CONV")
FLOAT_FUNCTIONS: Final = (*UNARY, *BINARY, "DEQUANTIZE", "LEAKY_RELU")
JOINING: Final = (*BINARY, *COMPARISONS, "SELECT", "SELECT_V2")
# What arithmetic with attributes and shapes that do not fit ends in.
WRONG_SHAPES: Final = (IndexError, ValueError)
Shape = tuple[int, ...]


@dataclass(slots=True)
class _Known:
    """Tensors with the sizes found so far, values of computed sizes, and tensors whose sizes the file has otherwise."""

    tensors: list[Tensor]
    values: dict[int, Array]
    changed: set[int]


def with_sizes(main: FileGraph) -> FileGraph:
    """The subgraph with all sizes, and with constants where operators that need them read computed sizes.

    Raises UnsupportedError for the first tensor whose sizes cannot be known.
    """
    if not main.dynamic and not any(op.name == Sizes.kind for op in main.operators):
        return main
    known = _Known(list(main.tensors), {}, set())
    for index in sorted(main.dynamic & set(main.inputs)):
        raise _unknown(main.tensors[index])
    operators = []
    for given in main.operators:
        operator = _with_constants(given, known)
        if operator.name in BY_KIND or operator.name in (*FLOAT_FUNCTIONS, *JOINING):
            _follow(main, operator, known)
        operators.append(operator)
    return replace(main, tensors=tuple(known.tensors), operators=tuple(operators), dynamic=frozenset())


def _with_constants(operator: FileOperator, known: _Known) -> FileOperator:
    """The operator, reading constants in place of int32 tensors whose values are known."""
    written = [known.tensors[i].dtype for i in operator.outputs if i >= 0]
    if operator.name in TAKE_COMPUTED or DType.INT32 in written:
        return operator
    reads = list(operator.inputs)
    for place, index in enumerate(operator.inputs):
        if index in known.values:
            reads[place] = len(known.tensors)
            data = known.values[index]
            known.tensors.append(replace(known.tensors[index], index=reads[place], shape=data.shape, data=data))
    return replace(operator, inputs=tuple(reads))


def _follow(main: FileGraph, operator: FileOperator, known: _Known) -> None:
    written = [known.tensors[i] for i in operator.outputs if 0 <= i < len(known.tensors)]
    if len(written) == 1 and written[0].dtype is DType.INT32 and operator.name != ArgMax.kind:
        _compute(main, operator, known)
        return
    touched = bool(known.changed & set(operator.inputs))
    for position, tensor in enumerate(written):
        if tensor.index in main.dynamic or touched:
            shape = _shape(operator, known, position)
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
    try:
        value = _value(node, known, known.values, main.inputs)
    except WRONG_SHAPES:
        return  # the layer is checked when all sizes are known
    known.values[node.output] = value
    known.tensors[node.output] = replace(known.tensors[node.output], shape=value.shape)


def _value(node: Node, known: _Known, values: Mapping[int, Array], ends: Sequence[int] = ()) -> Array:
    tensors = tuple(known.tensors)
    reads = (i for i in node.inputs if tensors[i].data is None)
    graph = Graph("", tensors, (node,), inputs=tuple(dict.fromkeys((*ends, *reads))), outputs=(node.output,))
    return operator_of(node.op).compute(graph, node, Operands(graph, node, values), Mode.TFLM)


def _is_constant(known: _Known, index: int) -> bool:
    return index >= 0 and known.tensors[index].data is not None


def _shape(operator: FileOperator, known: _Known, position: int) -> Shape | None:
    """The sizes of what an operator writes in one place; None where no rule is known."""
    reads, values = [known.tensors[i] for i in operator.inputs if i >= 0], known.values
    if operator.name == "RESHAPE" and len(reads) > 1:
        wanted = reads[1].data if reads[1].data is not None else values.get(reads[1].index)
        if wanted is not None:
            return _reshaped(operator, reads[0], tuple(int(n) for n in wanted.ravel().tolist()))
    if operator.name in ("FILL", "TRANSPOSE_CONV"):
        wanted = values.get(reads[0].index, reads[0].data)
        return None if wanted is None else tuple(wanted.ravel().tolist())
    if operator.name == "FULLY_CONNECTED" and len(reads) > 1 and len(reads[1].shape) == 2:
        outputs, inputs = reads[1].shape
        kept = len(known.tensors[operator.outputs[0]].shape) == len(reads[0].shape) and reads[0].shape[-1] == inputs
        return (*reads[0].shape[:-1], outputs) if kept else (reads[0].elements // inputs, outputs)
    if operator.name in JOINING:
        try:
            return np.broadcast_shapes(*(t.shape for t in reads))
        except ValueError:
            return None
    if operator.name in FLOAT_FUNCTIONS:
        return reads[0].shape
    return _shape_by_attributes(operator, known, position)


def _shape_by_attributes(operator: FileOperator, known: _Known, position: int) -> Shape | None:
    if operator.name not in BY_KIND:
        return None
    reads, writes = (tuple(known.tensors[i] for i in ids if i >= 0) for ids in (operator.inputs, operator.outputs))
    raw = RawOperator(str(operator), operator.options or empty_table(), reads, writes, position)
    if operator.name in (Split.kind, SplitV.kind) and 2 <= len(reads) <= 3:
        return part_shape(raw)
    try:
        return shape_of(raw, read_nodes(operator, known.tensors)[position], known.tensors)
    except WRONG_SHAPES:
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
