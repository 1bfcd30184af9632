"""From the bytes of a `.tflite` file to a Graph; malformed or unsupported files give one clear error."""

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError, ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.reading import Flatbuffer, Table
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import Array, DType, Graph, Quantization, Tensor
from depthwise.codegen.operators.parts.hints import CONVERT, QUANTIZE_FIRST
from depthwise.codegen.operators.select_v2 import CONDITION
from depthwise.codegen.operators.validate import validate

from .file_graph import FileGraph, FileOperator
from .hybrid import dequantized
from .islands import tabled
from .mixed import refuse_floats_between, told
from .nodes import joined, nodes_of, unknown
from .selecting import selected_in_int8
from .sizes import with_sizes
from .tail import notes, without_tail
from .tidy import tidied
from .unfold import unfolded
from .unsigned import signed
from .variables import resolved

MOST_TENSORS: Final = 20_000
MOST_SUBGRAPHS: Final = 1_000
MOST_ELEMENTS: Final = 2**31 - 1
MOST_DIMENSIONS: Final = 8
HALF: Final = "FLOAT16"
WIDE: Final = "INT64"  # of indices and sizes
TRUTH: Final = "BOOL"  # int8 here: 0 and 1
HANDLE: Final = "RESOURCE"  # of a variable: no value that anything computes with


def read_model(path: Path) -> Graph:
    """Read a `.tflite` file; the graph is named after the file. Raises InputError if it cannot be opened."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read model {path}: {error.strerror or error}", "check the path") from None
    return parse_model(data, path.stem)


def parse_model(data: bytes, name: str) -> Graph:
    """Parse the bytes of a `.tflite` file, int8 or float.

    Raises ModelError, or UnsupportedError naming what is not done. A hybrid model (8-bit
    weights, float activations) becomes a float one, which its notes say.
    """
    if len(data) < 8 or data[4:8] != schema.FILE_IDENTIFIER:
        raise ModelError(
            f"{name} is no TensorFlow Lite model: bytes 4 to 8 are {data[4:8]!r}, not {schema.FILE_IDENTIFIER!r}",
            QUANTIZE_FIRST if data.startswith(b"PK") else "give a .tflite file",
        )
    model = Flatbuffer(data).root()
    if (version := model.scalar(schema.MODEL_VERSION, "I")) != schema.VERSION:
        raise ModelError(
            f"{name} has schema version {version}, this tool reads version {schema.VERSION}",
            "convert it with a converter of TensorFlow 2",
        )
    subgraphs = tuple(model.tables(schema.MODEL_SUBGRAPHS, MOST_SUBGRAPHS, "subgraphs"))
    if not subgraphs:
        raise ModelError(f"{name} has no subgraph", "convert it again")
    main = _main_graph(model, subgraphs)
    read = Graph(
        name=name,
        tensors=main.tensors,
        nodes=nodes_of(main),
        inputs=main.inputs,
        outputs=main.outputs,
        states=main.states,
        notes=_notes(len(subgraphs), main),
    )
    graph = told(signed(dequantized(tidied(read))))
    validate(graph)
    refuse_floats_between(graph)
    return graph


def _notes(subgraphs: int, main: FileGraph) -> tuple[str, ...]:
    """What is not read: subgraphs beside the first and those that initialise variables."""
    others = subgraphs - 1 - len(main.initialised_by)
    return (*([f"{others} subgraphs besides the first are not read"] if others else []), *main.notes)


def _main_graph(model: Table, subgraphs: Sequence[Table]) -> FileGraph:
    """The first subgraph, with states in place of variables.

    Where it has operators that nothing here knows, what cannot be read of its tensors is left to them.
    """
    codes = _codes(model)

    def subgraph(number: int) -> FileGraph:
        if not 0 <= number < len(subgraphs):
            raise ModelError(f"the model names subgraph {number}, it has {len(subgraphs)}")
        return _file_graph(model, subgraphs[number], codes)

    try:
        return unfolded(tabled(selected_in_int8(with_sizes(resolved(subgraph(0), subgraph)))))
    except UnsupportedError:
        strange = unknown(_operators(subgraphs[0], codes))
        if strange:
            raise joined(strange) from None
        raise


def _file_graph(model: Table, subgraph: Table, codes: Sequence[str]) -> FileGraph:
    tables = tuple(subgraph.tables(schema.SUBGRAPH_TENSORS, MOST_TENSORS, "tensors"))
    variables = (i for i, table in enumerate(tables) if table.scalar(schema.TENSOR_IS_VARIABLE, "b"))
    operators = tuple(_operators(subgraph, codes))
    for operator in operators:
        for index in (*operator.inputs, *operator.outputs):
            if not -1 <= index < len(tables):
                raise ModelError(f"{operator} names tensor {index}, the file has {len(tables)}")
    inputs, outputs = (subgraph.integers(i) for i in (schema.SUBGRAPH_INPUTS, schema.SUBGRAPH_OUTPUTS))
    body = without_tail(operators, outputs, [_type_name(t) for t in tables])
    used = {*inputs, *body.outputs, *(i for op in body.operators for i in (*op.inputs, *op.outputs))}
    return FileGraph(
        tensors=_tensors(model, tables, used),
        operators=body.operators,
        inputs=inputs,
        outputs=body.outputs,
        variables=frozenset(variables),
        dynamic=frozenset(i for i, t in enumerate(tables) if -1 in t.integers(schema.TENSOR_SIGNATURE)[1:]),
        notes=notes(body, [t.text(schema.TENSOR_NAME) for t in tables]),
    )


def _codes(model: Table) -> list[str]:
    names = []
    for code in model.tables(schema.MODEL_OPERATOR_CODES, MOST_TENSORS, "operator codes"):
        number = max(code.scalar(schema.CODE_DEPRECATED_BUILTIN, "b"), code.scalar(schema.CODE_BUILTIN, "i"))
        known = 0 <= number < len(schema.OPERATORS)
        name = schema.OPERATORS[number] if known else f"operator {number}"
        names.append(f"CUSTOM {code.text(schema.CODE_CUSTOM)[:40]}" if name == "CUSTOM" else name)
    return names


def _operators(subgraph: Table, codes: Sequence[str]) -> list[FileOperator]:
    found = []
    for layer, op in enumerate(subgraph.tables(schema.SUBGRAPH_OPERATORS, MOST_TENSORS, "operators")):
        code = op.scalar(schema.OPERATOR_CODE, "I")
        if code >= len(codes):
            raise ModelError(f"layer {layer} has operator code {code}, the file has {len(codes)}")
        inputs, outputs = op.integers(schema.OPERATOR_INPUTS), op.integers(schema.OPERATOR_OUTPUTS)
        found.append(FileOperator(layer, codes[code], inputs, outputs, op.table(schema.OPERATOR_OPTIONS)))
    return found


def _tensors(model: Table, tables: Sequence[Table], used: Container[int]) -> tuple[Tensor, ...]:
    buffers = list(model.tables(schema.MODEL_BUFFERS, MOST_TENSORS, "buffers"))
    return tuple(_tensor(i, t, buffers) if i in used else _unused(i, t, buffers) for i, t in enumerate(tables))


def _unused(index: int, table: Table, buffers: Sequence[Table]) -> Tensor:
    """A tensor that no operator names, such as the ranges that LSTMs were calibrated by: of no shape if need be."""
    try:
        return _tensor(index, table, buffers)
    except UnsupportedError:
        return Tensor(index, table.text(schema.TENSOR_NAME), (), DType.INT8)


def _tensor(index: int, table: Table, buffers: Sequence[Table]) -> Tensor:
    name = table.text(schema.TENSOR_NAME)
    what = f"tensor {index} ({name[:60]!r})"
    shape = _shape(table, what)
    if table.has(schema.TENSOR_SPARSITY):
        raise UnsupportedError(f"{what} is sparse", "convert the model without sparsity")
    if _type_name(table) == HANDLE:
        return Tensor(index, name, shape, DType.INT32, None, data=np.zeros(shape, np.int32))
    if _type_name(table) == HALF:
        return Tensor(index, name, shape, DType.FLOAT32, None, data=_halves(table, what, shape, buffers))
    if _type_name(table) == WIDE:
        return Tensor(index, name, shape, DType.INT32, None, data=_narrowed(table, what, shape, buffers))
    if _type_name(table) == TRUTH:
        told = _data(table, what, shape, np.dtype(np.bool_), buffers)
        return Tensor(index, name, shape, DType.INT8, CONDITION, data=None if told is None else told.astype(np.int8))
    dtype = _dtype(table, what)
    data = _data(table, what, shape, np.dtype(dtype.value), buffers)
    return Tensor(index, name, shape, dtype, _quantization(table, what), data=data)


def _shape(table: Table, what: str) -> tuple[int, ...]:
    shape = table.integers(schema.TENSOR_SHAPE)
    if len(shape) > MOST_DIMENSIONS or any(n < 1 for n in shape):
        raise UnsupportedError(
            f"{what} has shape {shape[:9]}, every size must be 1 or more and fixed",
            "convert the model with a fixed input shape",
        )
    elements = 1
    for n in shape:
        elements *= n
    if elements > MOST_ELEMENTS:
        raise ModelError(f"{what} has {elements} elements, at most {MOST_ELEMENTS} are read")
    return shape


def _type_name(table: Table) -> str:
    number = table.scalar(schema.TENSOR_TYPE, "b")
    known = 0 <= number < len(schema.TENSOR_TYPES)
    return schema.TENSOR_TYPES[number] if known else f"type {number}"


def _dtype(table: Table, what: str) -> DType:
    name = _type_name(table)
    try:
        return DType[name]
    except KeyError:
        raise UnsupportedError(f"{what} is of type {name}", CONVERT) from None


def _quantization(table: Table, what: str) -> Quantization | None:
    q = table.table(schema.TENSOR_QUANTIZATION)
    if q is None or not q.count(schema.QUANTIZATION_SCALE):
        return None
    scales = tuple(float(v) for v in q.array(schema.QUANTIZATION_SCALE, "float32").tolist())
    zeros = q.integers(schema.QUANTIZATION_ZERO_POINT, "int64") or (0,) * len(scales)
    if len(zeros) != len(scales):
        raise ModelError(f"{what} has {len(scales)} scales and {len(zeros)} zero points")
    if not all(0 < s < float("inf") for s in scales):
        raise ModelError(f"{what} has a scale that is not a positive number: {min(scales)}")
    return Quantization(scales, zeros, q.scalar(schema.QUANTIZATION_DIMENSION, "i"))


def _halves(table: Table, what: str, shape: tuple[int, ...], buffers: Sequence[Table]) -> Array:
    """A float16 constant, widened."""
    data = _data(table, what, shape, np.dtype(np.float16), buffers)
    if data is None:
        raise UnsupportedError(f"{what} is an activation of type {HALF}", "convert it with float32 activations")
    wide = data.astype(np.float32)
    wide.setflags(write=False)
    return wide


def _narrowed(table: Table, what: str, shape: tuple[int, ...], buffers: Sequence[Table]) -> Array | None:
    """Sizes or indices of 64 bits as int32, whose ends stand for all that lies beyond them."""
    data = _data(table, what, shape, np.dtype(np.int64), buffers)
    if data is None:
        return None
    limits = np.iinfo(np.int32)
    narrow = data.clip(limits.min, limits.max).astype(np.int32)
    narrow.setflags(write=False)
    return narrow


def _data(
    table: Table, what: str, shape: tuple[int, ...], dtype: np.dtype[np.generic], buffers: Sequence[Table]
) -> Array | None:
    number = table.scalar(schema.TENSOR_BUFFER, "I")
    if number == 0:
        return None
    if number >= len(buffers):
        raise ModelError(f"{what} lies in buffer {number}, the file has {len(buffers)}")
    if buffers[number].scalar(schema.BUFFER_OFFSET, "Q") > 1:
        raise UnsupportedError(f"{what} is stored outside the flatbuffer", "convert it to a file under 2 GB")
    size = buffers[number].count(schema.BUFFER_DATA)
    if size == 0:
        return None
    wanted = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if size != wanted:
        raise ModelError(f"{what} needs {wanted} bytes of data, its buffer has {size}")
    raw = buffers[number].array(schema.BUFFER_DATA, "uint8").tobytes()
    return np.frombuffer(raw, dtype.newbyteorder("<")).reshape(shape)
