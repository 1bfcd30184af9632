"""Conditions, and what they pick of float32 tensors, in int8: as the islands of floats between int8 layers need it.

QUANTIZE works element by element: that of a picked number is the picked one of both, quantized. A condition is 0 or
1: AND of two is the smaller one, OR the larger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from depthwise.codegen.graph import DType, Operation, Tensor
from depthwise.codegen.operators import Maximum, Minimum, SelectV2, Table

from .file_graph import FileGraph, FileOperator
from .levels import is_quantized, levels

SELECTS: Final = ("SELECT", SelectV2.kind)
LOGICAL: Final[Mapping[str, Operation]] = {
    "LOGICAL_AND": Minimum(),
    "LOGICAL_OR": Maximum(),
    "LOGICAL_NOT": Table(tuple(int(x == 0) for x in range(-128, 128))),
}


@dataclass(slots=True)
class _Made:
    """Tensors so far, those that are made behind all others, and who writes the file's."""

    tensors: list[Tensor]
    writers: Mapping[int, FileOperator]


def selected_in_int8(graph: FileGraph) -> FileGraph:
    """The subgraph with conditions joined in int8, and each QUANTIZE of picked floats as a pick of quantized ones."""
    made = _Made(list(graph.tensors), {i: op for op in graph.operators for i in op.outputs})
    operators = list[FileOperator]()
    for op in graph.operators:
        if op.name in LOGICAL and all(i >= 0 for i in op.inputs):
            joined = LOGICAL[op.name]
            operators.append(replace(op, name=joined.kind, options=None, made=joined))
        else:
            operators += _quantized(op, made)
    return replace(graph, tensors=tuple(made.tensors), operators=tuple(operators))


def _quantized(op: FileOperator, made: _Made) -> Sequence[FileOperator]:
    """A QUANTIZE of what a condition picks, as operators that pick in int8; any other operator as it is."""
    if op.name != "QUANTIZE" or len(op.inputs) != 1 or len(op.outputs) != 1:
        return [op]
    pick, target = made.writers.get(op.inputs[0]), made.tensors[op.outputs[0]]
    if pick is None or pick.name not in SELECTS or not is_quantized(target) or target.dtype is not DType.INT8:
        return [op]
    if len(pick.inputs) != 3 or min(pick.inputs) < 0 or made.tensors[pick.outputs[0]].dtype is not DType.FLOAT32:
        return [op]
    condition, *branches = pick.inputs
    needed, reads = list[FileOperator](), list[int]()
    for branch in branches:
        reads.append(len(made.tensors))
        number = _number(branch, made)
        if number is not None:
            data = levels(number, target).astype(np.int8).reshape(())
            made.tensors.append(replace(target, index=reads[-1], shape=(), data=data))
            continue
        made.tensors.append(replace(target, index=reads[-1], shape=made.tensors[branch].shape))
        needed += _quantized(replace(op, inputs=(branch,), outputs=(reads[-1],)), made)
    return [*needed, replace(op, name=SelectV2.kind, inputs=(condition, *reads), options=None)]


def _number(index: int, made: _Made) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]] | None:
    """The one number that a float32 tensor is full of."""
    data, writer = made.tensors[index].data, made.writers.get(index)
    if writer is not None and writer.name == "ZEROS_LIKE":
        return np.zeros(1, np.float32)
    return data.reshape(1).astype(np.float32) if data is not None and data.size == 1 else None
