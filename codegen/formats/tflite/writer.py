"""From a Graph back to the bytes of a `.tflite` file, which tflite-micro and LiteRT load."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import DType, Graph, Node, Quantization, Tensor
from depthwise.codegen.graph.windows import same_pads
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    FullyConnected,
    MaxPool2D,
    Mean,
    Mul,
    Pack,
    Pad,
    Pads,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Shape,
    Softmax,
    StridedSlice,
    Transpose,
)

BUFFER_ALIGNMENT: Final = 16  # schema.fbs: force_align of Buffer.data
CODE_VERSION: Final = 2  # fields only a writer needs
OPERATOR_OPTIONS_TYPE: Final = 3
LAST_OLD_CODE: Final = 127  # the deprecated operator code is a signed byte

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Scalar:
    """A number inside a table; `code` is a letter of the struct module."""

    code: str
    value: float


@dataclass(frozen=True, slots=True)
class _Vector:
    """Items that are no tables: their bytes, how many, and how the first of them is aligned."""

    data: bytes
    count: int
    alignment: int = 4
    tail: bytes = b""


@dataclass(frozen=True, slots=True)
class _Table:
    """Fields by number; what is left out has its default."""

    fields: Mapping[int, "_Scalar | _Vector | _Table | _Tables"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Tables:
    """A vector of tables."""

    items: Sequence[_Table]


@dataclass(frozen=True, slots=True)
class _Coded:
    """What an operator needs beside its tensors: version, number in union BuiltinOptions, options."""

    version: int
    options_type: int
    options: _Table


_Field = _Scalar | _Vector | _Table | _Tables


def write_model(graph: Graph) -> bytes:
    """Write a graph as a `.tflite` file of schema version 3; `parse_model` gives the same graph back.

    Raises ModelError where the file format has no words for it (padding that is neither SAME nor VALID).
    """
    coded = [_coded(graph, node) for node in graph.nodes]
    kinds = [(node.op.kind, code.version) for node, code in zip(graph.nodes, coded, strict=True)]
    codes = sorted(set(kinds))
    operators = [
        _operator(codes.index(kind), node, code) for kind, node, code in zip(kinds, graph.nodes, coded, strict=True)
    ]
    subgraph: dict[int, _Field] = {
        schema.SUBGRAPH_TENSORS: _Tables([_tensor(t) for t in graph.tensors]),
        schema.SUBGRAPH_INPUTS: _integers(graph.inputs),
        schema.SUBGRAPH_OUTPUTS: _integers(graph.outputs),
        schema.SUBGRAPH_OPERATORS: _Tables(operators),
    }
    model: dict[int, _Field] = {
        schema.MODEL_VERSION: _Scalar("I", schema.VERSION),
        schema.MODEL_OPERATOR_CODES: _Tables([_operator_code(*code) for code in codes]),
        schema.MODEL_SUBGRAPHS: _Tables([_Table(subgraph)]),
        schema.MODEL_BUFFERS: _Tables([_Table(), *(_buffer(t) for t in graph.tensors)]),
    }
    return _serialize(_Table(model), schema.FILE_IDENTIFIER)


def _serialize(root: _Table, identifier: bytes) -> bytes:
    """Lay tables out parents first: offsets point forward, and are patched when their target is placed."""
    out = bytearray(4) + identifier
    pending: list[tuple[int, _Vector | _Table | _Tables]] = [(0, root)]
    for place, item in pending:  # grows while we walk it
        match item:
            case _Table(fields):
                start = _place_table(out, fields, pending)
            case _Tables(items):
                start = _place(out, len(items), bytes(4 * len(items)), 4)
                pending += [(start + 4 + 4 * i, table) for i, table in enumerate(items)]
            case _Vector(data, count, alignment, tail):
                start = _place(out, count, data + tail, alignment)
        struct.pack_into("<I", out, place, start - place)
    return bytes(out)


def _place(out: bytearray, count: int, data: bytes, alignment: int) -> int:
    out += bytes(-(len(out) + 4) % alignment)
    start = len(out)
    out += struct.pack("<I", count) + data
    out += bytes(-len(out) % 4)
    return start


def _place_table(
    out: bytearray,
    fields: Mapping[int, _Field],
    pending: list[tuple[int, _Vector | _Table | _Tables]],
) -> int:
    vtable, slots = len(out), max(fields, default=-1) + 1
    size = 4 + 2 * slots
    offsets = {number: 4 + 4 * i for i, number in enumerate(fields)}
    entries = [offsets.get(number, 0) for number in range(slots)]
    out += struct.pack(f"<HH{slots}H", size, 4 + 4 * len(fields), *entries)
    out += bytes(-len(out) % 4)
    start = len(out)
    out += struct.pack("<i", start - vtable) + bytes(4 * len(fields))
    for number, value in fields.items():
        place = start + offsets[number]
        if isinstance(value, _Scalar):
            struct.pack_into(f"<{value.code}", out, place, value.value)
        else:
            pending.append((place, value))
    return start


def _integers(values: Sequence[int]) -> _Vector:
    return _Vector(np.asarray(values, "<i4").tobytes(), len(values))


def _int32(value: int) -> _Scalar:
    return _Scalar("i", value)


def _tensor(tensor: Tensor) -> _Table:
    name = tensor.name.encode()
    fields: dict[int, _Field] = {
        schema.TENSOR_SHAPE: _integers(tensor.shape),
        schema.TENSOR_TYPE: _Scalar("b", schema.TENSOR_TYPES.index(tensor.dtype.name)),
        schema.TENSOR_BUFFER: _Scalar("I", tensor.index + 1),
        schema.TENSOR_NAME: _Vector(name, len(name), tail=b"\0"),
    }
    if tensor.quantization is None:
        return _Table(fields)
    return _Table({**fields, schema.TENSOR_QUANTIZATION: _quantization(tensor.quantization)})


def _quantization(quantization: Quantization) -> _Table:
    scales = np.asarray(quantization.scales, "<f4")
    zero_points = np.asarray(quantization.zero_points, "<i8")
    return _Table(
        {
            schema.QUANTIZATION_SCALE: _Vector(scales.tobytes(), scales.size),
            schema.QUANTIZATION_ZERO_POINT: _Vector(zero_points.tobytes(), zero_points.size, 8),
            schema.QUANTIZATION_DIMENSION: _int32(quantization.axis),
        }
    )


def _buffer(tensor: Tensor) -> _Table:
    if tensor.data is None:
        return _Table()
    data = np.asarray(tensor.data, np.dtype(tensor.dtype.value).newbyteorder("<")).tobytes()
    return _Table({schema.BUFFER_DATA: _Vector(data, len(data), BUFFER_ALIGNMENT)})


def _operator_code(kind: str, version: int) -> _Table:
    code = schema.OPERATORS.index(kind)
    return _Table(
        {
            schema.CODE_DEPRECATED_BUILTIN: _Scalar("b", min(code, LAST_OLD_CODE)),
            CODE_VERSION: _int32(version),
            schema.CODE_BUILTIN: _int32(code),
        }
    )


def _operator(code: int, node: Node, coded: _Coded) -> _Table:
    return _Table(
        {
            schema.OPERATOR_CODE: _Scalar("I", code),
            schema.OPERATOR_INPUTS: _integers(node.inputs),
            schema.OPERATOR_OUTPUTS: _integers([node.output]),
            OPERATOR_OPTIONS_TYPE: _Scalar("B", coded.options_type),
            schema.OPERATOR_OPTIONS: coded.options,
        }
    )


def _coded(graph: Graph, node: Node) -> _Coded:
    """Version (op_version.cc of tensorflow/lite/tools/versioning) and options (schema.fbs) of an operator."""
    eight_bit = graph.inputs_of(node)[0].dtype is not DType.FLOAT32
    match node.op:
        case Conv2D() | DepthwiseConv2D() | AveragePool2D() | MaxPool2D():
            return _windowed(graph, node, eight_bit)
        case FullyConnected(activation):
            return _fully_connected(graph, node, activation, eight_bit)
        case Reshape() | Shape() | StridedSlice() | Pack():
            return _shaping(graph, node)
        case _:
            return _plain(graph, node, eight_bit)


def _plain(graph: Graph, node: Node, eight_bit: bool) -> _Coded:
    options: tuple[int, dict[int, _Scalar]]
    match node.op:
        case Add(activation):
            options = 11, {0: _activation(activation)}
        case Mul(activation):
            options = 21, {0: _activation(activation)}
        case Softmax(beta):
            options = 9, {0: _Scalar("f", beta)}
        case Mean():
            options = 27, {0: _Scalar("B", len(graph.output_of(node).shape) == 4)}
        case Pad():
            options = 22, {}
        case Dequantize():
            options = 38, {}
        case Quantize():
            options = 89, {}
        case Relu() | Relu6():
            options = 0, {}
        case Transpose():
            options = 26, {}
        case _:
            raise AssertionError(f"{node} has no options here")
    return _Coded(2 if eight_bit else 1, options[0], _Table(options[1]))


def _shaping(graph: Graph, node: Node) -> _Coded:
    options: tuple[int, dict[int, _Scalar | _Vector]]
    match node.op:
        case Reshape():
            options = 17, {0: _integers(graph.output_of(node).shape)}
        case Shape():
            options = 55, {0: _Scalar("b", schema.TENSOR_TYPES.index("INT32"))}
        case StridedSlice(begin_mask, end_mask, shrink_axis_mask):
            options = 32, {0: _int32(begin_mask), 1: _int32(end_mask), 4: _int32(shrink_axis_mask)}
        case Pack(axis):
            options = 59, {0: _int32(len(node.inputs)), 1: _int32(axis)}
        case _:
            raise AssertionError(f"{node} has no options here")
    return _Coded(1, options[0], _Table(options[1]))


def _activation(activation: Activation) -> _Scalar:
    return _Scalar("b", schema.ACTIVATIONS.index(activation.value))


def _windowed(graph: Graph, node: Node, eight_bit: bool) -> _Coded:
    image, *others = graph.inputs_of(node)
    size = (image.shape[1], image.shape[2])
    match node.op:
        case AveragePool2D(kernel=kernel, activation=activation) | MaxPool2D(kernel=kernel, activation=activation):
            fields = _strided(node, size, kernel, (1, 1))
            fields |= {3: _int32(kernel[1]), 4: _int32(kernel[0]), 5: _activation(activation)}
            return _Coded(2 if eight_bit else 1, 5, _Table(fields))
        case Conv2D(dilation=dilation, activation=activation):
            kernel = (others[0].shape[1], others[0].shape[2])
            fields = _strided(node, size, kernel, dilation)
            fields |= {3: _activation(activation), 4: _int32(dilation[1]), 5: _int32(dilation[0])}
            return _Coded(3 if eight_bit else 1, 1, _Table(fields))
        case DepthwiseConv2D(depth_multiplier=multiplier, dilation=dilation, activation=activation):
            kernel = (others[0].shape[1], others[0].shape[2])
            fields = _strided(node, size, kernel, dilation)
            fields |= {3: _int32(multiplier), 4: _activation(activation)}
            fields |= {5: _int32(dilation[1]), 6: _int32(dilation[0])}
            return _Coded(3 if eight_bit else 2, 2, _Table(fields))
        case _:
            raise AssertionError(f"{node} slides no window")


def _strided(node: Node, size: Pair, kernel: Pair, dilation: Pair) -> dict[int, _Scalar]:
    """Fields 0…2, the same in all windowed operators: padding scheme, stride width, stride height."""
    assert isinstance(node.op, Conv2D | DepthwiseConv2D | AveragePool2D | MaxPool2D)
    stride, pads = node.op.stride, node.op.pads
    same = same_pads(size, kernel, stride, dilation)
    if pads not in (Pads(), same):
        raise ModelError(
            f"{node} has {pads}, a .tflite file can say only VALID, {Pads()}, or SAME, {same}",
            "put the padding into a PAD layer before it",
        )
    scheme = "VALID" if pads == Pads() else "SAME"
    return {0: _Scalar("b", schema.PADDINGS.index(scheme)), 1: _int32(stride[1]), 2: _int32(stride[0])}


def _fully_connected(graph: Graph, node: Node, activation: Activation, eight_bit: bool) -> _Coded:
    keeps = len(graph.output_of(node).shape) != 2
    options = _Table({0: _activation(activation), 1: _Scalar("b", 0), 2: _Scalar("B", keeps)})
    if len(node.inputs) == 2:
        version = 6
    elif keeps:
        version = 5
    else:
        version = 4 if eight_bit else 1
    return _Coded(version, 8, options)
