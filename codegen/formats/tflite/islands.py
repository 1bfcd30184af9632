"""Functions in float32 between DEQUANTIZE and QUANTIZE become tables of 256 int8 values.

A converter leaves such islands where it knows no int8 form: ELU, EXP, NEG, SQUARE, SQRT, COS, a division. Whatever is
computed there of the elements of one int8 tensor, and of numbers, is a function of 256 values. So are the operators
that LiteRT has as tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Int64
from depthwise.codegen.flatbuffer.reading import empty_table
from depthwise.codegen.graph import DType, Quantization, Tensor
from depthwise.codegen.operators import SelectV2, Table

from .comparing import COMPARISONS, compared
from .file_graph import FileGraph, FileOperator
from .functions import TABLES, Reals, binary, unary
from .levels import EIGHT_BITS, away_from_zero, clipped, is_quantized, levels, quantization_of, raw
from .roots import reciprocal_root, square_root

DEEPEST: Final = 64
PLAIN: Final = Quantization((1.0,), (0,))
ROOTS: Final = {"RSQRT": reciprocal_root, "SQRT": square_root}


def tabled(graph: FileGraph) -> FileGraph:
    """The subgraph with a table in place of each QUANTIZE that ends such an island, and without what it alone read."""
    graph = _with_scales(graph)
    writers = {i: op for op in graph.operators for i in op.outputs}
    operators = tuple(_tabled(graph.tensors, op, writers) for op in graph.operators)
    if operators == graph.operators:
        return graph
    return replace(graph, operators=_still_read(graph, operators))


def _with_scales(graph: FileGraph) -> FileGraph:
    """Integers of no scale that CAST reads have one of 1: pictures whose file brings them to floats itself."""
    cast = {op.inputs[0] for op in graph.operators if op.name == "CAST" and len(op.inputs) == 1}
    bare = {i for i in cast if i >= 0 and graph.tensors[i].dtype in EIGHT_BITS and not graph.tensors[i].quantization}
    if not bare:
        return graph
    return replace(
        graph, tensors=tuple(replace(t, quantization=PLAIN) if t.index in bare else t for t in graph.tensors)
    )


def _still_read(graph: FileGraph, operators: Sequence[FileOperator]) -> tuple[FileOperator, ...]:
    """Operators but for those of float32 that nothing reads any more."""
    kept, read = list[FileOperator](), set(graph.outputs)
    for op in reversed(operators):
        floats = [graph.tensors[i].dtype is DType.FLOAT32 for i in op.outputs]
        if read & set(op.outputs) or not floats or not all(floats):
            kept.append(op)
            read |= set(op.inputs)
    return tuple(reversed(kept))


def _tabled(tensors: Sequence[Tensor], op: FileOperator, writers: Mapping[int, FileOperator]) -> FileOperator:
    if op.name in COMPARISONS and len(op.inputs) == 2 and len(op.outputs) == 1 and min(op.inputs) >= 0:
        return _compared(tensors, op)
    if op.name == "SELECT" and len({tensors[i].shape for i in op.inputs if i >= 0}) == 1:
        return replace(op, name=SelectV2.kind, options=None)
    if len(op.inputs) != 1 or len(op.outputs) != 1 or op.inputs[0] < 0:
        return op
    source, target = tensors[op.inputs[0]], tensors[op.outputs[0]]
    if not is_quantized(target) or source.shape != target.shape:
        return op
    if op.name in TABLES and is_quantized(source) and source.data is None:
        return _table(op, source, _looked_up(op, source, target))
    if op.name in ROOTS and source.dtype is target.dtype is DType.INT8 and is_quantized(source):
        return _table(op, source, ROOTS[op.name](quantization_of(source), quantization_of(target)))
    if op.name != "QUANTIZE" or source.dtype is not DType.FLOAT32:
        return op
    found = _Island(tensors, writers, source.shape).values(source.index, 0)
    if found is None:
        return op
    origin, reals = found
    if origin is None:
        return op
    return _table(op, tensors[origin], levels(reals, target))


def _compared(tensors: Sequence[Tensor], op: FileOperator) -> FileOperator:
    found = compared(op.name, tensors[op.inputs[0]], tensors[op.inputs[1]])
    if found is None or found[0].shape != tensors[op.outputs[0]].shape:
        return op
    return _table(op, *found)


def _looked_up(op: FileOperator, source: Tensor, target: Tensor) -> Int64:
    """LiteRT, `kernels/internal/common.h` (LUTPopulate)."""
    function, before, after = (
        unary(op.name, op.options or empty_table()),
        quantization_of(source),
        quantization_of(target),
    )
    assert function is not None
    with np.errstate(all="ignore"):
        reals = function(np.float32(before.scale) * (raw(source) - before.zero_point).astype(np.float32))
        steps = away_from_zero(reals * (np.float32(1) / np.float32(after.scale)))
    return clipped(steps + after.zero_point, target)


def _table(op: FileOperator, source: Tensor, values: Int64) -> FileOperator:
    made = Table(tuple(values.tolist()))
    return replace(op, name=made.kind, inputs=(source.index,), options=None, made=made)


class _Island:
    """What is computed in float32 of one quantized tensor."""

    def __init__(self, tensors: Sequence[Tensor], writers: Mapping[int, FileOperator], shape: tuple[int, ...]) -> None:
        self.tensors, self.writers, self.shape = tensors, writers, shape

    def values(self, index: int, depth: int) -> tuple[int | None, Reals] | None:
        """The quantized tensor that a tensor is a function of, and its 256 values; a constant is of none."""
        tensor, writer = self.tensors[index], self.writers.get(index)
        if tensor.dtype is not DType.FLOAT32 or depth > DEEPEST:
            return None
        if tensor.data is not None:
            return (None, tensor.data.reshape(-1).astype(np.float32)) if tensor.elements == 1 else None
        if (
            writer is None
            or tensor.shape != self.shape
            or len(writer.outputs) != 1
            or min(writer.inputs, default=-1) < 0
        ):
            return None
        if writer.name == "DEQUANTIZE":
            return self._dequantized(self.tensors[writer.inputs[0]])
        if writer.name == "CAST":
            return self._cast(self.tensors[writer.inputs[0]])
        if writer.name == "ZEROS_LIKE":
            return None, np.zeros(1, np.float32)
        return self._applied(writer, depth)

    def _dequantized(self, source: Tensor) -> tuple[int, Reals] | None:
        if not is_quantized(source) or source.data is not None or source.shape != self.shape:
            return None
        q = quantization_of(source)
        return source.index, (q.scale * (raw(source) - q.zero_point)).astype(np.float32)

    def _cast(self, source: Tensor) -> tuple[int, Reals] | None:
        """Integers as they are, whatever their scale; conditions are 0 and 1."""
        if source.dtype not in EIGHT_BITS or source.data is not None or source.shape != self.shape:
            return None
        return source.index, raw(source).astype(np.float32)

    def _applied(self, op: FileOperator, depth: int) -> tuple[int | None, Reals] | None:
        given = [self.values(i, depth + 1) for i in op.inputs]
        known = [found for found in given if found is not None]
        origins = {origin for origin, _ in known if origin is not None}
        options = op.options or empty_table()
        if len(known) < len(given) or len(origins) != 1:
            return None
        reals = [values for _, values in known]
        one, two = unary(op.name, options), binary(op.name, options)
        with np.errstate(all="ignore"):
            if len(reals) == 1 and one is not None:
                return origins.pop(), one(reals[0])
            if len(reals) == 2 and two is not None:
                return origins.pop(), two(*reals)
        return None
