"""Shapes that a converter left open and the file computes: RESHAPE to a vector made of known shapes.

A model that is converted with an open batch reshapes to vectors computed by SHAPE, STRIDED_SLICE, PACK and their like;
where the converter did not follow them, the file says -1 of sizes that are known once the batch is 1.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.golden.model import compute
from depthwise.codegen.graph import Array, DType, Graph, Tensor
from depthwise.codegen.graph.limits import MOST_ELEMENTS
from depthwise.codegen.operators.registry import BY_KIND

from .file_graph import FileGraph, FileOperator
from .nodes import read_nodes

FIXED: Final = "convert the model with a fixed input shape"
MOST_NUMBERS: Final = 64  # of a vector of sizes


def with_known_shapes(main: FileGraph) -> FileGraph:
    """The graph with the shapes that follow from others. Raises UnsupportedError for one that does not."""
    if not main.dynamic:
        return main
    tensors, values = list(main.tensors), dict[int, Array]()
    written = {output for operator in main.operators for output in operator.outputs}
    _refuse(tensors, main.dynamic - written)
    for operator in main.operators:
        for output in main.dynamic.intersection(operator.outputs):
            shape = _shape(operator, tensors, values)
            if shape is None:
                _refuse(tensors, {output})
            else:
                tensors[output] = replace(tensors[output], shape=shape)
        _compute(operator, tensors, values)
    return replace(main, tensors=tuple(tensors), dynamic=frozenset())


def _refuse(tensors: list[Tensor], indices: frozenset[int] | set[int]) -> None:
    for index in sorted(indices):
        raise UnsupportedError(f"tensor {index} ({tensors[index].name[:60]!r}) has a dynamic shape", FIXED)


def _shape(operator: FileOperator, tensors: list[Tensor], values: dict[int, Array]) -> tuple[int, ...] | None:
    """Shape that a RESHAPE makes, if it is known; one size may be what is left of the elements."""
    if operator.name != "RESHAPE" or len(operator.inputs) != 2 or not 0 <= operator.inputs[1] < len(tensors):
        return None
    vector = values.get(operator.inputs[1], tensors[operator.inputs[1]].data)
    if vector is None or not np.issubdtype(vector.dtype, np.integer):
        return None
    wanted = [int(n) for n in vector.ravel()]
    elements = tensors[operator.inputs[0]].elements
    rest = int(np.prod([n for n in wanted if n != -1], dtype=np.int64))
    shape = tuple(elements // max(rest, 1) if n == -1 else n for n in wanted)
    fits = min(shape, default=1) > 0 and len(shape) == len(tensors[operator.outputs[0]].shape)
    return shape if fits and wanted.count(-1) < 2 and elements <= MOST_ELEMENTS else None


def _compute(operator: FileOperator, tensors: list[Tensor], values: dict[int, Array]) -> None:
    """Compute a vector of shapes, if all that it is made of is known."""
    indices = (*operator.inputs, *operator.outputs)
    if operator.name not in BY_KIND or not operator.outputs or min(indices) < 0 or max(indices) >= len(tensors):
        return
    constants = {i: data for i in operator.inputs if (data := tensors[i].data) is not None}
    known = operator.name == "SHAPE" or all(i in values or i in constants for i in operator.inputs)
    outputs = [tensors[i] for i in operator.outputs]
    if not known or any(t.dtype is not DType.INT32 or t.elements > MOST_NUMBERS for t in outputs):
        return
    ends = operator.outputs[:1]
    try:
        for node in read_nodes(operator, tensors):
            alone = Graph("", tuple(tensors), (), inputs=ends, outputs=ends)
            BY_KIND[operator.name].check(alone, node)
            values[node.output] = np.asarray(compute(alone, node, values))
    except (ModelError, IndexError, ValueError):
        return  # the layer is told of where it is checked
