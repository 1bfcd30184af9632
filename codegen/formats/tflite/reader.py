"""From the bytes of a `.tflite` file to a Graph; malformed or unsupported files give one clear error."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.errors import InputError, ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.reading import Flatbuffer, Table, empty_table
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import Array, DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.operators.parts.hints import CONVERT, QUANTIZE_FIRST
from depthwise.codegen.operators.parts.reading import RawOperator
from depthwise.codegen.operators.registry import BY_KIND
from depthwise.codegen.operators.validate import validate

from .file_graph import FileGraph, FileOperator
from .hybrid import dequantized
from .input_order import from_file
from .instead import INSTEAD
from .mixed import refuse_floats_between, told
from .tidy import tidied
from .unfold import unfolded
from .unsigned import signed
from .variables import KINDS, resolved

MOST_TENSORS: Final = 20_000
MOST_SUBGRAPHS: Final = 1_000
MOST_ELEMENTS: Final = 2**31 - 1
MOST_DIMENSIONS: Final = 8
HALF: Final = "FLOAT16"
HANDLE: Final = "RESOURCE"  # of a variable: no value that anything computes with
CONTROL_FLOW: Final = ("IF", "WHILE", "CALL")


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
        raise ModelError(f"{name} has schema version {version}, this tool reads version {schema.VERSION}")
    subgraphs = tuple(model.tables(schema.MODEL_SUBGRAPHS, MOST_SUBGRAPHS, "subgraphs"))
    if not subgraphs:
        raise ModelError(f"{name} has no subgraph", "convert it again")
    main = _main_graph(model, subgraphs)
    read = Graph(
        name=name,
        tensors=main.tensors,
        nodes=tuple(node for operator in main.operators for node in _nodes(operator, main.tensors)),
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
    return (f"{others} subgraphs besides the first are not read",) if others else ()


def _main_graph(model: Table, subgraphs: Sequence[Table]) -> FileGraph:
    """The first subgraph, with states in place of variables."""
    codes = _codes(model)
    _refuse_unknown(_operators(subgraphs[0], codes))

    def subgraph(number: int) -> FileGraph:
        if not 0 <= number < len(subgraphs):
            raise ModelError(f"the model names subgraph {number}, it has {len(subgraphs)}")
        return _file_graph(model, subgraphs[number], codes)

    return unfolded(resolved(subgraph(0), subgraph))


def _file_graph(model: Table, subgraph: Table, codes: Sequence[str]) -> FileGraph:
    tables = tuple(subgraph.tables(schema.SUBGRAPH_TENSORS, MOST_TENSORS, "tensors"))
    variables = (i for i, table in enumerate(tables) if table.scalar(schema.TENSOR_IS_VARIABLE, "b"))
    graph = FileGraph(
        tensors=_tensors(model, tables),
        operators=tuple(_operators(subgraph, codes)),
        inputs=subgraph.integers(schema.SUBGRAPH_INPUTS),
        outputs=subgraph.integers(schema.SUBGRAPH_OUTPUTS),
        variables=frozenset(variables),
    )
    for operator in graph.operators:
        for index in (*operator.inputs, *operator.outputs):
            if not -1 <= index < len(graph.tensors):
                raise ModelError(f"{operator} names tensor {index}, the file has {len(graph.tensors)}")
    return graph


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


def _refuse_unknown(operators: Sequence[FileOperator]) -> None:
    control = next((op for op in operators if op.name in CONTROL_FLOW), None)
    if control is not None:
        raise UnsupportedError(
            f"{control} decides at run time what is computed", "convert the model without it: unroll loops in Keras"
        )
    unknown: dict[str, list[int]] = {}
    for operator in operators:
        if operator.name not in BY_KIND and operator.name not in KINDS:
            unknown.setdefault(operator.name, []).append(operator.layer)
    if unknown:
        each = ", ".join(f"{name} (layer {layers[0]})" for name, layers in list(unknown.items())[:8])
        raise UnsupportedError(
            f"the model uses operators that are not supported: {each}",
            INSTEAD,
        )


def _tensors(model: Table, tables: Sequence[Table]) -> tuple[Tensor, ...]:
    buffers = list(model.tables(schema.MODEL_BUFFERS, MOST_TENSORS, "buffers"))
    return tuple(_tensor(i, table, buffers) for i, table in enumerate(tables))


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
    dtype = _dtype(table, what)
    data = _data(table, what, shape, np.dtype(dtype.value), buffers)
    return Tensor(index, name, shape, dtype, _quantization(table, what), data=data)


def _shape(table: Table, what: str) -> tuple[int, ...]:
    shape = table.integers(schema.TENSOR_SHAPE)
    if len(shape) > MOST_DIMENSIONS or any(n < 1 for n in shape):
        raise UnsupportedError(f"{what} has shape {shape[:9]}, every size must be 1 or more and fixed")
    elements = 1
    for n in shape:
        elements *= n
    if elements > MOST_ELEMENTS:
        raise ModelError(f"{what} has {elements} elements, at most {MOST_ELEMENTS} are read")
    if -1 in table.integers(schema.TENSOR_SIGNATURE)[1:]:
        raise UnsupportedError(f"{what} has a dynamic shape", "convert the model with a fixed input shape")
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


def _nodes(raw: FileOperator, tensors: Sequence[Tensor]) -> list[Node]:
    """An operator as nodes, one for each tensor that it writes."""
    what = str(raw)
    if not raw.outputs or min(raw.outputs) < 0:
        raise ModelError(f"{what} writes tensors {raw.outputs[:8]}, it must write 1 or more")
    given = tuple(i for i in raw.inputs if i >= 0)
    if raw.inputs[: len(given)] != given:
        raise ModelError(f"{what} lacks an input that it needs")
    given = from_file(raw.name, given)
    options = raw.options or empty_table()
    reads, writes = tuple(tensors[i] for i in given), tuple(tensors[i] for i in raw.outputs)
    described = [RawOperator(what, options, reads, writes, position) for position in range(len(writes))]
    read = BY_KIND[raw.name].read
    return [Node(raw.layer, read(op), given, op.output.index) for op in described]
