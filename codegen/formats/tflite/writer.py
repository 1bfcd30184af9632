"""From a Graph back to the bytes of a `.tflite` file, which tflite-micro and LiteRT load."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

import numpy as np

from depthwise.codegen.flatbuffer.writing import Field, Fields, Scalar, Tables, Vector, int32, integers, serialize
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import Graph, Quantization, Tensor
from depthwise.codegen.operators import operator_of
from depthwise.codegen.operators.select_v2 import conditions

from .input_order import to_file
from .unfold import folded, made_tensors, variable_tensors
from .write_variables import written_variables
from .written import WrittenOperator

BUFFER_ALIGNMENT: Final = 16  # schema.fbs: force_align of Buffer.data
CODE_VERSION: Final = 2  # fields only a writer needs
OPERATOR_OPTIONS_TYPE: Final = 3
LAST_OLD_CODE: Final = 127  # the deprecated operator code is a signed byte


def write_model(graph: Graph) -> bytes:
    """Write a graph as a `.tflite` file of schema version 3; `parse_model` gives the same graph back.

    Where states are written as resource variables, operators on these stand in front, and layers count from there.

    Raises ModelError where the file format has no words for it (padding that is neither SAME nor VALID).
    """
    operators = folded(_written(graph))
    variables = variable_tensors(graph)
    told = conditions(graph)
    tensors = [
        _truth(t) if t.index in told else _tensor(t, is_variable=t.index in {s.after for s in variables})
        for t in _listed(graph)
    ]
    resources = written_variables(graph, [s for s in graph.states if s not in variables], len(tensors))
    operators = [*resources.begin, *operators, *resources.end]
    codes = sorted({op.code for op in (*operators, *resources.initial)})
    subgraph: dict[int, Field] = {
        schema.SUBGRAPH_TENSORS: Tables([*tensors, *resources.handles]),
        schema.SUBGRAPH_INPUTS: integers(graph.inputs),
        schema.SUBGRAPH_OUTPUTS: integers(graph.outputs),
        schema.SUBGRAPH_OPERATORS: Tables([_operator(codes, op) for op in operators]),
    }
    initial: dict[int, Field] = {
        schema.SUBGRAPH_TENSORS: Tables([*resources.handles, *(_tensor(t) for t in resources.constants)]),
        schema.SUBGRAPH_INPUTS: integers(()),
        schema.SUBGRAPH_OUTPUTS: integers(()),
        schema.SUBGRAPH_OPERATORS: Tables([_operator(codes, op) for op in resources.initial]),
    }
    model: dict[int, Field] = {
        schema.MODEL_VERSION: Scalar("I", schema.VERSION),
        schema.MODEL_OPERATOR_CODES: Tables([_operator_code(*code) for code in codes]),
        schema.MODEL_SUBGRAPHS: Tables([Fields(subgraph), *([Fields(initial)] if resources.initial else [])]),
        schema.MODEL_BUFFERS: Tables([Fields(), *(_buffer(t) for t in (*graph.tensors, *resources.constants))]),
    }
    return serialize(Fields(model), schema.FILE_IDENTIFIER)


def _written(graph: Graph) -> list[WrittenOperator]:
    """The graph's operators; nodes of a layer with several outputs are these outputs, in their order."""
    layers = groupby(graph.nodes, key=lambda node: (node.layer, node.op.kind, node.inputs))
    found = []
    for _, same in layers:
        nodes = tuple(same)
        coded = operator_of(nodes[0].op).write(graph, nodes[0])
        found.append(WrittenOperator(nodes[0].op.kind, coded, nodes[0].inputs, tuple(n.output for n in nodes)))
    return found


def _listed(graph: Graph) -> tuple[Tensor, ...]:
    """The graph's tensors, without those behind all others that a reader adds."""
    tensors, added = graph.tensors, made_tensors(graph)
    while tensors[-1].index in added:
        tensors = tensors[:-1]
    return tensors


def _tensor(tensor: Tensor, *, is_variable: bool = False) -> Fields:
    name = tensor.name.encode()
    fields: dict[int, Field] = {
        schema.TENSOR_SHAPE: integers(tensor.shape),
        schema.TENSOR_TYPE: Scalar("b", schema.TENSOR_TYPES.index(tensor.dtype.name)),
        schema.TENSOR_BUFFER: Scalar("I", tensor.index + 1),
        schema.TENSOR_NAME: Vector(name, len(name), tail=b"\0"),
    }
    if is_variable:
        fields[schema.TENSOR_IS_VARIABLE] = Scalar("B", 1)
    if tensor.quantization is None:
        return Fields(fields)
    return Fields({**fields, schema.TENSOR_QUANTIZATION: _quantization(tensor.quantization)})


def _truth(tensor: Tensor) -> Fields:
    """A condition, which is bool in a file."""
    fields = _tensor(replace(tensor, quantization=None)).fields
    return Fields({**fields, schema.TENSOR_TYPE: Scalar("b", schema.TENSOR_TYPES.index("BOOL"))})


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


def _operator(codes: Sequence[tuple[str, int]], op: WrittenOperator) -> Fields:
    return Fields(
        {
            schema.OPERATOR_CODE: Scalar("I", codes.index(op.code)),
            schema.OPERATOR_INPUTS: integers(to_file(op.kind, op.inputs)),
            schema.OPERATOR_OUTPUTS: integers(op.outputs),
            OPERATOR_OPTIONS_TYPE: Scalar("B", op.coded.options_type),
            schema.OPERATOR_OPTIONS: op.coded.options,
        }
    )
