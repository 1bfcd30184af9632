"""Operators that change a variable tensor become nodes that each write one tensor, and a state; and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import DType, Graph, State
from depthwise.codegen.operators import SvdfState

from .file_graph import FileGraph, FileOperator
from .variables import filled
from .written import WrittenOperator

SVDF_INPUTS: Final = 5


def unfolded(graph: FileGraph) -> FileGraph:
    """The subgraph with two operators for each SVDF: one writes the memory, the other reads it.

    The variable's tensor is what the memory is behind the run, as tflite-micro shows it; what it was before is a new
    tensor behind all others. Raises UnsupportedError for a variable that no such operator changes.
    """
    operators = list[FileOperator]()
    for op in graph.operators:
        if op.name == "SVDF":
            graph, halves = _halves(graph, op)
            operators += halves
        else:
            operators.append(op)
    left = graph.variables - {s.after for s in graph.states}
    if left:
        tensor = graph.tensors[min(left)]
        raise UnsupportedError(
            f"tensor {tensor.index} ({tensor.name[:60]!r}) is a variable that no operator changes which is done",
            "state is kept by SVDF and by resource variables",
        )
    return replace(graph, operators=tuple(operators))


def _halves(graph: FileGraph, op: FileOperator) -> tuple[FileGraph, list[FileOperator]]:
    if len(op.inputs) != SVDF_INPUTS:
        raise ModelError(f"{op} has {len(op.inputs)} inputs, it must have {SVDF_INPUTS}")
    image, feature, time, bias, memory = op.inputs
    if bias < 0:
        raise UnsupportedError(f"{op} has no bias", "tflite-micro needs one: give it zeros")
    if memory not in graph.variables:
        raise ModelError(f"{op} keeps its memory in tensor {memory}, which is no variable")
    graph, before = _with_state(graph, memory)
    first = replace(op, name="SVDF_STATE", inputs=(image, before, feature), outputs=(memory,))
    return graph, [first, replace(op, inputs=(memory, time, bias))]


def _with_state(graph: FileGraph, variable: int) -> tuple[FileGraph, int]:
    """The subgraph with a state that a variable is behind each run, and the tensor that it is before."""
    after = graph.tensors[variable]
    before = replace(after, index=len(graph.tensors), name=f"{after.name}/before")
    # tflite-micro resets int8 variables to their zero point, all others to 0 (`micro_interpreter_graph.cc`).
    initial = filled(after if after.dtype is DType.INT8 else replace(after, quantization=None), after)
    state = State(before.index, variable, initial)
    return replace(graph, tensors=(*graph.tensors, before), states=(*graph.states, state)), before.index


def folded(written: Sequence[WrittenOperator]) -> list[WrittenOperator]:
    """The operators of a graph with both halves of each SVDF in one again."""
    first = {op.outputs[0]: op for op in written if op.kind == SvdfState.kind}
    return [_whole(op, first) if op.kind == "SVDF" else op for op in written if op.kind != SvdfState.kind]


def _whole(half: WrittenOperator, first: Mapping[int, WrittenOperator]) -> WrittenOperator:
    memory, time, bias = half.inputs
    image, _, feature = first[memory].inputs
    return replace(half, inputs=(image, feature, time, bias, memory))


def variable_tensors(graph: Graph) -> tuple[State, ...]:
    """States that an operator of the file keeps in a variable tensor."""
    kept = {n.output for n in graph.nodes if isinstance(n.op, SvdfState)}
    return tuple(s for s in graph.states if s.after in kept)
