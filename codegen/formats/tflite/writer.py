"""From a Graph back to the bytes of a `.tflite` file, which tflite-micro and LiteRT load."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

import numpy as np

from depthwise.codegen.flatbuffer.writing import Field, Fields, Scalar, Tables, Vector, int32, integers, serialize
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import Graph, Node, Quantization, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.parts.writing import Coded

from .input_order import to_file

BUFFER_ALIGNMENT: Final = 16  # schema.fbs: force_align of Buffer.data
CODE_VERSION: Final = 2  # fields only a writer needs
OPERATOR_OPTIONS_TYPE: Final = 3
LAST_OLD_CODE: Final = 127  # the deprecated operator code is a signed byte


def write_model(graph: Graph) -> bytes:
    """Write a graph as a `.tflite` file of schema version 3; `parse_model` gives the same graph back.

    Raises ModelError where the file format has no words for it (padding that is neither SAME nor VALID).
    """
    layers = [
        tuple(nodes) for _, nodes in groupby(graph.nodes, key=lambda node: (node.layer, node.op.kind, node.inputs))
    ]
    coded = [operator_of(nodes[0].op).write(graph, nodes[0]) for nodes in layers]
    kinds = [(nodes[0].op.kind, code.version) for nodes, code in zip(layers, coded, strict=True)]
    codes = sorted(set(kinds))
    operators = [
        _operator(codes.index(kind), nodes, code) for kind, nodes, code in zip(kinds, layers, coded, strict=True)
    ]
    subgraph: dict[int, Field] = {
        schema.SUBGRAPH_TENSORS: Tables([_tensor(t) for t in graph.tensors]),
        schema.SUBGRAPH_INPUTS: integers(graph.inputs),
        schema.SUBGRAPH_OUTPUTS: integers(graph.outputs),
        schema.SUBGRAPH_OPERATORS: Tables(operators),
    }
    model: dict[int, Field] = {
        schema.MODEL_VERSION: Scalar("I", schema.VERSION),
        schema.MODEL_OPERATOR_CODES: Tables([_operator_code(*code) for code in codes]),
        schema.MODEL_SUBGRAPHS: Tables([Fields(subgraph)]),
        schema.MODEL_BUFFERS: Tables([Fields(), *(_buffer(t) for t in graph.tensors)]),
    }
    return serialize(Fields(model), schema.FILE_IDENTIFIER)


def _tensor(tensor: Tensor) -> Fields:
    name = tensor.name.encode()
    fields: dict[int, Field] = {
        schema.TENSOR_SHAPE: integers(tensor.shape),
        schema.TENSOR_TYPE: Scalar("b", schema.TENSOR_TYPES.index(tensor.dtype.name)),
        schema.TENSOR_BUFFER: Scalar("I", tensor.index + 1),
        schema.TENSOR_NAME: Vector(name, len(name), tail=b"\0"),
    }
    if tensor.quantization is None:
        return Fields(fields)
    return Fields({**fields, schema.TENSOR_QUANTIZATION: _quantization(tensor.quantization)})


def _quantization(quantization: Quantization) -> Fields:
    scales = np.asarray(quantization.scales, "<f4")
    zero_points = np.asarray(quantization.zero_points, "<i8")
    return Fields(
        {
            schema.QUANTIZATION_SCALE: Vector(scales.tobytes(), scales.size),
            schema.QUANTIZATION_ZERO_POINT: Vector(zero_points.tobytes(), zero_points.size, 8),
            schema.QUANTIZATION_DIMENSION: int32(quantization.axis),
        }
    )


def _buffer(tensor: Tensor) -> Fields:
    if tensor.data is None:
        return Fields()
    data = np.asarray(tensor.data, np.dtype(tensor.dtype.value).newbyteorder("<")).tobytes()
    return Fields({schema.BUFFER_DATA: Vector(data, len(data), BUFFER_ALIGNMENT)})


def _operator_code(kind: str, version: int) -> Fields:
    code = schema.OPERATORS.index(kind)
    return Fields(
        {
            schema.CODE_DEPRECATED_BUILTIN: Scalar("b", min(code, LAST_OLD_CODE)),
            CODE_VERSION: int32(version),
            schema.CODE_BUILTIN: int32(code),
        }
    )


def _operator(code: int, nodes: Sequence[Node], coded: Coded) -> Fields:
    """One operator; the nodes of a layer with several outputs are its outputs, in their order."""
    return Fields(
        {
            schema.OPERATOR_CODE: Scalar("I", code),
            schema.OPERATOR_INPUTS: integers(to_file(nodes[0].op.kind, nodes[0].inputs)),
            schema.OPERATOR_OUTPUTS: integers([node.output for node in nodes]),
            OPERATOR_OPTIONS_TYPE: Scalar("B", coded.options_type),
            schema.OPERATOR_OPTIONS: coded.options,
        }
    )
